package civic

import (
	"regexp"
	"strings"
)

// LanguageIn is the language that somebody was heard to speak, in the words of a text: "pools" of "hij sprak Pools", "geen
// nederlands" of "ze spraken geen Nederlands", "duits accent" of "met een Duits accent"; empty when it does not say. It is never
// concluded from a name, a country or looks (domain §5.6): a language is only where a word of speaking stands before it, or a
// word for an accent behind.
func LanguageIn(text string) string {
	words := describedWords(text)
	for i, w := range words {
		if !described()["language"][w] {
			continue
		}
		if i+1 < len(words) && described()["accent"][words[i+1]] {
			return w + " " + words[i+1]
		}
		if !spokenBefore(words, i) {
			continue
		}
		if before := words[i-1]; before == "geen" || before == "no" {
			return before + " " + w
		}
		return w
	}
	return ""
}

// spokenBefore reports whether a word of speaking stands before a word, with nothing between them that says something else.
func spokenBefore(words []string, at int) bool {
	const most = 4 // words between
	for i := at - 1; i >= 0 && at-i <= most+1; i-- {
		switch {
		case described()["speaking"][words[i]]:
			return true
		case !described()["between"][words[i]]:
			return false
		}
	}
	return false
}

var lastSeen = regexp.MustCompile(`(?i)\b(?:het )?(?:laatst|last) (?:gezien|seen)\b:?\s*((?:[^.;,\n]|[.,:]\d){2,60})`)

// lastSeenIn is where or when a vehicle was seen last, in the words of a text; empty when it does not say.
func lastSeenIn(text string) string {
	m := lastSeen.FindStringSubmatch(text)
	if m == nil {
		return ""
	}
	return strings.TrimSpace(m[1])
}
