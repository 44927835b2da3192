package civic

import (
	_ "embed"
	"slices"
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
	pieces, from, to := piecesOf(text), 0, 0
	for i, word := range pieces {
		from, to = to, to+len(word)
		first, _ := utf8.DecodeRuneInString(word)
		if !unicode.IsLetter(first) {
			continue
		}
		plain := strings.Join(plainWordsOf(word), "")
		kind := firstNames()[plain]
		if kind == noName || kind == alsoWord && !namedHere(pieces, i, first) || partOfPlace(pieces, i) || partOfFirm(pieces, i) {
			continue
		}
		if to < len(text) && text[to] == '@' || from > 0 && text[from-1] == '@' {
			continue // of an address
		}
		hits = append(hits, Hit{Rule: LintName, Words: word, from: from, to: to})
	}
	return hits
}

// namedHere reports whether a word that may be a name is one: it has a capital, is not in capitals altogether, does not
// begin the sentence and has no article.
func namedHere(pieces []string, i int, first rune) bool {
	word := pieces[i]
	if !unicode.IsUpper(first) || word == strings.ToUpper(word) || i < 2 {
		return false
	}
	between := pieces[i-1]
	before := strings.ToLower(pieces[i-2])
	return !strings.ContainsAny(between, ".!?\n:") && !looks()["article"][before]
}

// partOfPlace reports whether a saint's word stands before, or a street's name goes on within three words.
func partOfPlace(pieces []string, i int) bool {
	if i >= 2 && looks()["saint"][strings.ToLower(pieces[i-2])] {
		return true
	}
	if i+4 < len(pieces) && looks()["article"][strings.ToLower(pieces[i+4])] {
		return false // somebody of a street: Kees van de Lindelaan
	}
	for n := i + 1; n < len(pieces) && n <= i+6; n++ {
		piece := pieces[n]
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

// partOfFirm reports whether the word is what the names of firms end in: "Knip en Co".
func partOfFirm(pieces []string, i int) bool {
	return strings.EqualFold(pieces[i], "co") && i >= 2 && slices.Contains([]string{"en", "and"}, strings.ToLower(pieces[i-2]))
}

// streetEnd reports whether a word ends as the names of streets do.
func streetEnd(word string) bool {
	for _, end := range []string{
		"straat", "laan", "plein", "weg", "pad", "hof", "dreef", "steeg", "singel", "kade", "gracht", "school", "street", "road",
	} {
		if strings.HasSuffix(word, end) && word != end {
			return true
		}
	}
	return false
}
