package civic

import (
	"encoding/base64"
	"fmt"
	"io"
	"strings"
)

// crockford is the alphabet of everything that is read aloud: no I, L, O or U.
const crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// The lengths, in characters, of what this file makes.
const (
	refLength      = 4
	prefixLength   = 6  // at most
	joinCodeLength = 26 // of 5 bits each: 130
)

// Ref makes a reference that can be read aloud, such as "KAS-7F3K": the prefix and four characters from random. There are
// 32^4 of them for a prefix, so the caller tries again when one is taken. The error is that of random.
func Ref(prefix string, random io.Reader) (string, error) {
	code, err := spell(refLength, random)
	if err != nil {
		return "", fmt.Errorf("reference %s: %w", prefix, err)
	}
	return prefix + "-" + code, nil
}

// ParseRef reads a reference as people type it: in lower case, with spaces, with O for 0 and I or L for 1, and without
// the hyphen when the prefix is letters alone. It tells the reference's form only; whether there is such a thing is for
// the caller to look up. Words around it are not taken.
func ParseRef(s string) (string, bool) {
	if len(s) > 4*(prefixLength+refLength) {
		return "", false
	}
	typed := strings.ToUpper(strings.Join(strings.Fields(s), ""))
	prefix, code, hyphen := strings.Cut(typed, "-")
	if !hyphen {
		cut := max(len(typed)-refLength, 0)
		prefix, code = typed[:cut], typed[cut:]
		if strings.ContainsAny(prefix, "0123456789") {
			return "", false
		}
	}
	if len(code) != refLength || !prefixed(prefix) {
		return "", false
	}
	code, ok := respell(code)
	return prefix + "-" + code, ok
}

// SurelyRef reports whether a text that [ParseRef] reads is meant as a reference: many a word could be one, such as
// "inbraak", but a hyphen or a digit is in no word. Of those without either only what there is can tell.
func SurelyRef(s string) bool {
	_, ok := ParseRef(s)
	return ok && strings.ContainsAny(s, "-0123456789")
}

// JoinCode makes the code of an invitation: 26 characters that can be read aloud, 130 bits from random. The error is
// that of random.
func JoinCode(random io.Reader) (string, error) {
	code, err := spell(joinCodeLength, random)
	if err != nil {
		return "", fmt.Errorf("join code: %w", err)
	}
	return code, nil
}

// ParseJoinCode reads the code of an invitation as forgivingly as [ParseRef]; hyphens may stand anywhere in it.
func ParseJoinCode(s string) (string, bool) {
	if len(s) > 4*joinCodeLength {
		return "", false
	}
	typed := strings.ToUpper(strings.ReplaceAll(strings.Join(strings.Fields(s), ""), "-", ""))
	if len(typed) != joinCodeLength {
		return "", false
	}
	return respell(typed)
}

// Token makes 128 bits of random into 22 characters that may stand in a link. The error is that of random.
func Token(random io.Reader) (string, error) {
	var bits [16]byte
	if _, err := io.ReadFull(random, bits[:]); err != nil {
		return "", fmt.Errorf("token: %w", err)
	}
	return base64.RawURLEncoding.EncodeToString(bits[:]), nil
}

// spell takes n characters of the alphabet from random, each as likely as the other.
func spell(n int, random io.Reader) (string, error) {
	code := make([]byte, n)
	if _, err := io.ReadFull(random, code); err != nil {
		return "", err
	}
	for i, b := range code {
		code[i] = crockford[int(b)%len(crockford)]
	}
	return string(code), nil
}

// lookAlikes are the characters that are read for another.
var lookAlikes = strings.NewReplacer("O", "0", "I", "1", "L", "1")

// respell gives upper case characters as the alphabet has them; false when one is not a character of it.
func respell(typed string) (string, bool) {
	code := lookAlikes.Replace(typed)
	return code, strings.Trim(code, crockford) == ""
}

// prefixed reports whether the prefix is a letter with letters and digits after it.
func prefixed(prefix string) bool {
	if prefix == "" || len(prefix) > prefixLength || prefix[0] < 'A' || prefix[0] > 'Z' {
		return false
	}
	for _, r := range prefix {
		if (r < 'A' || r > 'Z') && (r < '0' || r > '9') {
			return false
		}
	}
	return true
}
