package mail

import (
	"encoding/base32"
	"encoding/base64"
	"regexp"
	"strings"
)

// A reply code is a letter's token in letters and digits of one case.
var (
	codes    = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)
	codeForm = regexp.MustCompile(`(?i)\[bb:([a-z2-7]{26})\]`) // as it stands in a mail
)

const tokenBytes = 16

// codeOf writes a token as a reply code; empty when it is no token.
func codeOf(token string) string {
	raw, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil || len(raw) != tokenBytes {
		return ""
	}
	return codes.EncodeToString(raw)
}

// tokenOf is the token of a reply code; empty when it is none.
func tokenOf(code string) string {
	code = strings.ToLower(code)
	raw, err := codes.DecodeString(code)
	if err != nil || len(raw) != tokenBytes || codes.EncodeToString(raw) != code {
		return ""
	}
	return base64.RawURLEncoding.EncodeToString(raw)
}

// plus is our address with a code in it.
func (m *Mail) plus(code string) string {
	local, domain, _ := strings.Cut(m.from.Address, "@")
	return local + "+" + code + "@" + domain
}

// ours reports whether an address is ours, and gives the token that stands in it.
func (m *Mail) ours(address string) (token string, is bool) {
	local, domain, _ := strings.Cut(strings.ToLower(address), "@")
	name, extra, _ := strings.Cut(local, "+")
	me, home, _ := strings.Cut(strings.ToLower(m.from.Address), "@")
	if name != me || domain != home {
		return "", false
	}
	return tokenOf(extra), true
}
