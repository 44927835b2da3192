package civic

import (
	_ "embed"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

//go:embed names.txt
var namesText string

// nameKind says how a word may be a first name.
type nameKind int

const (
	noName    nameKind = iota
	alwaysOne          // a name however it is written
	alsoWord           // an everyday word, too
)

// firstNames is names.txt.
var firstNames = sync.OnceValue(func() map[string]nameKind {
	names := map[string]nameKind{}
	for line := range strings.SplitSeq(namesText, "\n") {
		words, also := strings.CutPrefix(line, "word: ")
		kind := alwaysOne
		if also {
			kind = alsoWord
		}
		if strings.HasPrefix(line, "#") {
			continue
		}
		for name := range strings.FieldsSeq(words) {
			names[name] = kind
		}
	}
	return names
})

// FirstNames is how many first names are known.
func FirstNames() int { return len(firstNames()) }

// nameHits finds first names. One that is an everyday word, too, counts with a capital in the middle of a sentence; one
// that belongs to a street or a saint never does: Sint Jan, Jan van Goyenstraat.
func nameHits(text string) []Hit {
	var hits []Hit
	pieces := wordOrNot.FindAllStringIndex(text, -1)
	for i, at := range pieces {
		word := text[at[0]:at[1]]
		first, _ := utf8.DecodeRuneInString(word)
		if !unicode.IsLetter(first) {
			continue
		}
		plain := strings.Join(plainWordsOf(word), "")
		kind := firstNames()[plain]
		if kind == noName || kind == alsoWord && !namedHere(text, pieces, i, first) || partOfPlace(text, pieces, i) {
			continue
		}
		if at[1] < len(text) && text[at[1]] == '@' || at[0] > 0 && text[at[0]-1] == '@' {
			continue // of an address
		}
		hits = append(hits, Hit{Rule: LintName, Words: word, from: at[0], to: at[1]})
	}
	return hits
}

// namedHere reports whether a word that may be a name is one: it has a capital, is not in capitals altogether, does not
// begin the sentence and has no article.
func namedHere(text string, pieces [][]int, i int, first rune) bool {
	word := text[pieces[i][0]:pieces[i][1]]
	if !unicode.IsUpper(first) || word == strings.ToUpper(word) || i < 2 {
		return false
	}
	between := text[pieces[i-1][0]:pieces[i-1][1]]
	before := strings.ToLower(text[pieces[i-2][0]:pieces[i-2][1]])
	return !strings.ContainsAny(between, ".!?\n:") && !looks()["article"][before]
}

// partOfPlace reports whether a saint's word stands before, or a street's name goes on within three words.
func partOfPlace(text string, pieces [][]int, i int) bool {
	if i >= 2 && looks()["saint"][strings.ToLower(text[pieces[i-2][0]:pieces[i-2][1]])] {
		return true
	}
	if i+4 < len(pieces) && looks()["article"][strings.ToLower(text[pieces[i+4][0]:pieces[i+4][1]])] {
		return false // somebody of a street: Kees van de Lindelaan
	}
	for n := i + 1; n < len(pieces) && n <= i+6; n++ {
		piece := text[pieces[n][0]:pieces[n][1]]
		if strings.ContainsAny(piece, ".,;:!?\n") {
			return false
		}
		if streetEnd(strings.ToLower(piece)) {
			first, _ := utf8.DecodeRuneInString(piece)
			return unicode.IsUpper(first) || n == i+2
		}
	}
	return false
}

// streetEnd reports whether a word ends as the names of streets do.
func streetEnd(word string) bool {
	for _, end := range []string{"straat", "laan", "plein", "weg", "hof", "dreef", "singel", "kade", "school", "street", "road"} {
		if strings.HasSuffix(word, end) && word != end {
			return true
		}
	}
	return false
}
