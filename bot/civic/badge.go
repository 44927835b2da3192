package civic

import (
	"strings"
	"unicode"
)

// badges are words that make a name read like that of an office, in the languages of residents.
var badges = []string{
	"politie", "police", "polizei", "policja", "polis", "wijkagent", "agent", "brigadier", "inspecteur", "rechercheur",
	"gemeente", "handhaving", "hulpdienst", "brandweer", "notruf", "zandarm", "gendarm", "buurtbot", "полиция", "شرطة",
}

// alike are letters and figures that look like a letter of a badge (Unicode TR 39, as far as these words need it).
var alike = map[rune]rune{
	'0': 'o', '1': 'i', '!': 'i', '|': 'i', '3': 'e', '4': 'a', '@': 'a', '5': 's', '$': 's', '7': 't',
	'а': 'a', 'с': 'c', 'е': 'e', 'о': 'o', 'р': 'p', 'і': 'i', 'ѕ': 's', 'т': 't', 'к': 'k', 'х': 'x', 'ӏ': 'l', 'һ': 'h',
	'α': 'a', 'ε': 'e', 'ο': 'o', 'ρ': 'p', 'ι': 'i', 'τ': 't', 'ν': 'n', 'ı': 'i', 'ł': 'l',
}

// LooksOfficial reports whether a name that somebody gave themselves reads like that of police, municipality or this bot,
// also with letters that only look like theirs. Roles are told by the bot and never by a name; who lets people in is warned
// (reliability.md, E10).
func LooksOfficial(name string) bool {
	plain, looked := letters(name, nil), letters(name, alike)
	for _, badge := range badges {
		if strings.Contains(plain, badge) || strings.Contains(looked, badge) {
			return true
		}
	}
	return false
}

// unadorned is a small letter of any width without its accent, put in the place that as says.
func unadorned(r rune, as map[rune]rune) rune {
	if r >= 'ａ' && r <= 'ｚ' {
		r += 'a' - 'ａ' // full width
	}
	if plain := unaccented[r]; plain != 0 {
		r = rune(plain)
	}
	if to, ok := as[r]; ok {
		return to
	}
	return r
}

// letters are those of a name, small, without accents and what stands between them, with each put in the place that as says.
func letters(name string, as map[rune]rune) string {
	var kept strings.Builder
	for _, r := range name {
		r = unadorned(unicode.ToLower(r), as)
		if unicode.IsLetter(r) {
			kept.WriteRune(r)
		}
	}
	return kept.String()
}
