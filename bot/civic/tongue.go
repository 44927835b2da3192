package civic

import (
	_ "embed"
	"strings"
	"sync"
	"unicode"
)

//go:embed tongues.txt
var tongueText string

// What makes a language clear.
const (
	clearly  = 2 // words of it, a greeting counted twice
	ofScript = 3 // letters of a script that one language of the bot is written in
)

// tongueWords are the weights of words by language, as tongues.txt has them; "_" joins two words.
var tongueWords = sync.OnceValue(func() map[string]map[string]int {
	all := map[string]map[string]int{}
	for line := range strings.Lines(tongueText) {
		fields := strings.Fields(line)
		if len(fields) < 2 || fields[0] == "#" {
			continue
		}
		words := all[fields[0]]
		if words == nil {
			words = map[string]int{}
			all[fields[0]] = words
		}
		for _, word := range fields[1:] {
			greeting, is := strings.CutPrefix(word, "!")
			words[greeting] = 1
			if is {
				words[greeting] = clearly
			}
		}
	}
	return all
})

// ownLetters are those that just one language of the bot is written with.
var ownLetters = []struct{ language, letters string }{{"pl", "łŁąĄęĘśŚźŹżŻćĆńŃ"}, {"tr", "ğĞışŞİ"}}

// Tongue is the language that a text is written in, BCP 47, as far as its small words, or its letters, tell; empty when they
// do not. Of a cry that is too short to tell, it is the language in which it is a cry. It reads the first 4,096 characters.
func Tongue(text string) string { return tongues.at(text) }

var tongues = remembered(func(text string) string {
	if lang := tongueOfLetters(text); lang != "" {
		return lang
	}
	if lang := tongueOfWords(text); lang != "" {
		return lang
	}
	for _, own := range ownLetters {
		if strings.ContainsAny(text, own.letters) {
			return own.language
		}
	}
	return tongueOfDanger(text)
})

// tongueOfLetters is the language of the bot that is written in the text's script; empty for Latin.
func tongueOfLetters(text string) string {
	count := map[string]int{}
	n := 0
	for _, r := range text {
		if n++; n > listened {
			break
		}
		switch {
		case unicode.Is(unicode.Cyrillic, r):
			count["uk"]++
		case unicode.Is(unicode.Arabic, r):
			count["ar"]++
		case unicode.IsLetter(r):
			count["latin"]++
		}
	}
	for _, lang := range []string{"uk", "ar"} {
		if count[lang] >= ofScript && count[lang] > count["latin"] {
			return lang
		}
	}
	return ""
}

// tongueOfWords is the language of which the text has most words; empty when two have as many, or none has enough.
func tongueOfWords(text string) string {
	said := smallWordsOf(text)
	best, most, second := "", 0, 0
	for lang, weights := range tongueWords() {
		sum := 0
		for word := range said {
			sum += weights[word]
		}
		switch {
		case sum > most:
			best, most, second = lang, sum, most
		case sum > second:
			second = sum
		}
	}
	if most < clearly || most == second {
		return ""
	}
	return best
}

// smallWordsOf are the words of a text without accents, and each two that stand beside each other.
func smallWordsOf(text string) map[string]bool {
	words := map[string]bool{}
	last, n := "", 0
	for field := range strings.FieldsFuncSeq(text, func(r rune) bool { return !unicode.IsLetter(r) }) {
		if n += len(field); n > listened {
			break
		}
		word := plainLetters(field)
		words[word], words[last+"_"+word] = true, true
		last = word
	}
	return words
}

// tongueOfDanger is the language by whose rules a text tells of danger; empty when it does in Dutch or English, or in none.
func tongueOfDanger(text string) string {
	for number, heard := range emergencies().listen(text) {
		book := emergencies().books[number]
		for _, s := range heard {
			if s.points(book) >= enough {
				return book.language
			}
		}
	}
	return ""
}
