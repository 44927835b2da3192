package civic

import (
	"slices"
	"strings"
	"unicode"
)

// heardWords is how many words of a text are read for what it says.
const heardWords = 200

// heardText is a text as the cues know it.
type heardText struct {
	words []string // as [wordsOfScripts] gives them
	known [][]int  // by word: the patterns that it is
	seen  []bool   // by pattern
}

// hear parts a text into words and looks each up.
func (b *cueBook) hear(text string) heardText {
	h := heardText{words: wordsOfScripts(text), seen: make([]bool, len(b.number))}
	h.known = make([][]int, len(h.words))
	for i, w := range h.words {
		h.known[i] = b.lookUp(w)
		if w == "van" && !ofVan(h.words, i) {
			h.known[i] = append(h.known[i], b.lookUp("minivan")...)
		}
		for _, is := range h.known[i] {
			h.seen[is] = true
		}
	}
	return h
}

// plainWordsOf is the words of a text in lower case, without accents and apostrophes; no more than heardWords.
func plainWordsOf(text string) []string { return lettersOf(text, nil) }

// wordsOfScripts is the same with words of the Arabic and Cyrillic scripts, each of their letters one byte, see [otherLetters].
func wordsOfScripts(text string) []string { return lettersOf(text, otherLetters) }

// lettersOf parts a text into words of plain letters, and of those of other scripts that are named with the byte that stands for
// each.
func lettersOf(text string, scripts map[rune]byte) []string {
	words := make([]string, 0, 16)
	var word []byte
	end := func() {
		if len(word) > 0 {
			words = append(words, string(word))
			word = word[:0]
		}
	}
	for _, r := range text {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			word = append(word, byte(r)) //nolint:gosec // it is a capital of ASCII
		case r >= 'A' && r <= 'Z':
			word = append(word, byte(r-'A'+'a'))
		case r == '\'' || r == '’' || r == '‘' || r == '`':
		case r < 0x80:
			end()
		case unaccented[unicode.ToLower(r)] != 0:
			word = append(word, unaccented[unicode.ToLower(r)])
		case scripts[unicode.ToLower(r)] != 0:
			word = append(word, scripts[unicode.ToLower(r)])
		case r != tatweel && !unicode.In(r, unicode.Mn, unicode.Cf):
			end()
		}
		if len(words) == heardWords {
			return words
		}
	}
	end()
	return words
}

// lookUp lists the patterns that a word is; a long word that is none may be one with a single typing mistake.
func (b *cueBook) lookUp(word string) []int {
	const longest = 60 // letters; no word that means something has more
	if len(word) > longest {
		return nil
	}
	var found []int
	found = append(found, b.whole[word]...)
	for n := 1; n <= len(word); n++ {
		found = append(found, b.begins[word[:n]]...)
		found = append(found, b.ends[word[len(word)-n:]]...)
	}
	for _, part := range b.within {
		if strings.Contains(word, part.text) {
			found = append(found, part.is)
		}
	}
	if len(found) == 0 && len(word) >= forgiveFrom-1 {
		found = b.mistyped(word)
	}
	return found
}

// mistyped lists the patterns that are one mistake away.
func (b *cueBook) mistyped(word string) []int {
	var found []int
	for _, part := range b.near[word[0]] {
		if part.forgives(word) {
			found = append(found, part.is)
		}
	}
	return found
}

func (p cuePart) forgives(word string) bool {
	if !p.begins {
		return oneMistake(p.text, word)
	}
	for n := len(p.text) - 1; n <= len(p.text)+1 && n <= len(word); n++ {
		if oneMistake(p.text, word[:n]) {
			return true
		}
	}
	return false
}

// says reports whether the text holds the phrase.
func (h heardText) says(p cuePhrase) bool {
	for _, is := range p.not {
		if h.seen[is] {
			return false
		}
	}
	for i := range p.words {
		alone := i+1 == len(p.words) || !p.words[i+1].next
		switch {
		case p.words[i].next:
			continue
		case alone && !h.hasAny(p.words[i].any), !alone && !h.inARow(p.words[i:]):
			return false
		}
	}
	return true
}

func (h heardText) hasAny(patterns []int) bool {
	return slices.ContainsFunc(patterns, func(is int) bool { return h.seen[is] })
}

// inARow reports whether the first word, and those that must follow it at once, stand so anywhere.
func (h heardText) inARow(words []cueWord) bool {
	n := 1
	for n < len(words) && words[n].next {
		n++
	}
	for at := 0; at+n <= len(h.known); at++ {
		i := 0
		for i < n && sharesAny(h.known[at+i], words[i].any) {
			i++
		}
		if i == n {
			return true
		}
	}
	return false
}

func sharesAny(a, b []int) bool {
	return slices.ContainsFunc(a, func(is int) bool { return slices.Contains(b, is) })
}
