package civic

import (
	"strings"
	"unicode"
)

// UnknownTongue is what a text is in that is none of the bot's languages, as BCP 47 calls it.
const UnknownTongue = "und"

// Tongues lists what [WrittenIn] gives.
var Tongues = []string{"nl", "en", "fr", "de", "pl", "tr", "ar", "uk", UnknownTongue}

// WrittenIn is the language that a text is written in, as [Tongue] tells it. It is [UnknownTongue] when the text is long
// enough to say that it is in none of the bot's languages, and empty when it is too short to say.
func WrittenIn(text string) string {
	const telling = 6 // words of which too few are known
	if lang := Tongue(text); lang != "" {
		return lang
	}
	if foreignScript(text) {
		return UnknownTongue
	}
	known, n := 0, 0
	for field := range strings.FieldsFuncSeq(text, func(r rune) bool { return !unicode.IsLetter(r) }) {
		if n++; n > heardWords {
			break
		}
		word := plainLetters(field)
		for _, weights := range tongueWords() {
			if weights[word] > 0 {
				known++
				break
			}
		}
	}
	if n >= telling && 5*known < n && !familiar(text) {
		return UnknownTongue
	}
	return ""
}

// foreignScript reports whether most letters of a text are of a script that none of the bot's languages has.
func foreignScript(text string) bool {
	const enough = 4
	other, all := 0, 0
	for _, r := range text {
		if unicode.IsLetter(r) {
			all++
			if !unicode.In(r, unicode.Latin, unicode.Arabic, unicode.Cyrillic) {
				other++
			}
		}
	}
	return other >= enough && 2*other > all
}

// familiar reports whether the cues know more than a few words of a text: then it is Dutch or English, of few small words.
func familiar(text string) bool {
	heard, known := cues().hear(text), 0
	for _, patterns := range heard.known {
		known += min(1, len(patterns))
	}
	return 4*known >= len(heard.words)
}
