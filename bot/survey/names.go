package survey

import (
	"fmt"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

const longestCode = 12 // characters, as /start takes them

// capitals are the letters and digits of a name that a code or a prefix can be made of, word by word: É is E.
func capitals(name string) []string {
	var words []string
	for word := range strings.FieldsSeq(strings.ReplaceAll(name, "-", " ")) {
		var b strings.Builder
		for _, r := range norm.NFD.String(strings.ToUpper(word)) {
			if r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
				b.WriteRune(r)
			}
		}
		if b.Len() > 0 {
			words = append(words, b.String())
		}
	}
	return words
}

func (c *comparison) makeCode(name string) string { return Code(name, c.codes) }

// Code makes the code for a sign of a name: KASTANJELAAN, or BVHOUTSTRAAT of Burgemeester van Houtstraat. It is none of
// those taken, and is taken afterwards.
func Code(name string, taken map[string]bool) string {
	words := capitals(name)
	code := strings.Join(words, "")
	for i := 0; len(code) > longestCode && i < len(words)-1; i++ {
		words[i] = words[i][:1]
		code = strings.Join(words, "")
	}
	if len(code) < 2 {
		code = "STREET" + code
	}
	code = code[:min(len(code), longestCode)]
	free := code
	for n := 2; taken[free]; n++ {
		end := fmt.Sprint(n)
		free = code[:min(len(code), longestCode-len(end))] + end
	}
	taken[free] = true
	return free
}

// makePrefix makes a prefix of a name that nobody has: KAS of Kastanje, or else another of its letters; empty when there
// is none.
func makePrefix(name string, taken func(string) bool) string {
	letters := strings.Map(func(r rune) rune {
		if unicode.IsDigit(r) {
			return -1
		}
		return r
	}, strings.Join(capitals(name), ""))
	const usual, longest = 3, 5
	for n := usual; n <= min(longest, len(letters)); n++ {
		if !taken(letters[:n]) {
			return letters[:n]
		}
	}
	for i := 2; i < len(letters); i++ {
		if p := letters[:2] + letters[i:i+1]; !taken(p) {
			return p
		}
	}
	for i := range 26 * 26 {
		if p := letters[:min(1, len(letters))] + string(rune('A'+i/26)) + string(rune('A'+i%26)); !taken(p) {
			return p
		}
	}
	return ""
}
