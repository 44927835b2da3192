package civic

import (
	"embed"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
)

// originFiles are the words of origin and of people in each language but Dutch and English, which are in looks.txt. How they
// are written stands in looks_fr.txt.
//
//go:embed looks_??.txt
var originFiles embed.FS

// originKind is what a word says of a person or of a thing; a word may say several.
type originKind uint32

// The kinds; each is a name of lines in looks_fr.txt, which explains them.
const (
	originAdjective originKind = 1 << iota
	originFolk
	originColour
	originCountry
	originIs
	originLead
	originFrom
	originTail
	originBe
	originSubject
	originAnd
	originBetween
	originLink
	originPerson
	originThing
	originDeed
	originLook
	originMatter
)

// originCore is the kinds that say an origin, each in its own way.
const originCore = originAdjective | originFolk | originColour | originCountry | originIs

// originLines names the kinds as the files do.
var originLines = map[string]originKind{
	"origin": originAdjective, "folk": originFolk, "colour": originColour, "country": originCountry, "is": originIs,
	"lead": originLead, "from": originFrom, "tail": originTail, "be": originBe, "subject": originSubject, "and": originAnd,
	"between": originBetween, "link": originLink, "person": originPerson, "thing": originThing, "deed": originDeed,
	"look": originLook, "matter": originMatter,
}

// sense is what a word means in one language.
type sense struct {
	book    int
	kind    originKind
	own     bool   // only in a text that is in this language: in another the word is a usual one
	written string // with its accents
	to      string // what is put in its place; empty = nothing
	defined string // the same after an article that is written in one with it; empty = as to
}

// originBook is what differs by language beside words.
type originBook struct {
	language string
	sides    map[string]string // where what a kind goes by stands: next, last or both
	before   []string          // what may stand before a word in one with it, the longest first
	prefix   map[string]string // the same as it is written
	forms    map[string][]string
	joins    map[string]string // "ein_menschen": what is put after that word instead
}

// originLore is everything the files say.
type originLore struct {
	books []originBook
	words map[string][]sense // by plain letters; the words of a phrase are joined by "_"
	tree  originTrie         // the same by letters, without phrases, and how words begin
	first map[string]bool    // words that a phrase begins with
}

// origins is read once; a faulty file adds nothing from its fault on, which a test rules out.
var origins = sync.OnceValue(func() *originLore {
	lore, _ := readLore()
	return lore
})

// readLore reads every file; the error names the faults.
func readLore() (*originLore, error) {
	lore := &originLore{words: map[string][]sense{}, first: map[string]bool{}}
	files, err := originFiles.ReadDir(".")
	for _, f := range files {
		text, fault := originFiles.ReadFile(f.Name())
		if fault == nil {
			fault = lore.read(strings.TrimSuffix(strings.TrimPrefix(f.Name(), "looks_"), ".txt"), string(text))
		}
		err = errors.Join(err, fault)
	}
	return lore, err
}

// read adds the words of a language.
func (l *originLore) read(language, text string) error {
	l.books = append(l.books, originBook{
		language: language, sides: map[string]string{}, prefix: map[string]string{}, forms: map[string][]string{},
		joins: map[string]string{},
	})
	for n, line := range strings.Split(text, "\n") {
		line, _, _ = strings.Cut(line, "#")
		if err := l.line(strings.TrimSpace(line)); err != nil {
			return fmt.Errorf("looks_%s.txt: line %d: %w", language, n+1, err)
		}
	}
	return nil
}

// line reads "name: words", "own name/forms: stems" or one of the lines that are of the language as such.
func (l *originLore) line(line string) error {
	if line == "" {
		return nil
	}
	name, rest, ok := strings.Cut(line, ":")
	if !ok {
		return fmt.Errorf("no name before a colon: %s", line)
	}
	book, words := &l.books[len(l.books)-1], strings.Fields(rest)
	if forms, is := strings.CutPrefix(name, "forms "); is {
		book.forms[forms] = words
		return nil
	}
	name, own := strings.CutPrefix(name, "own ")
	switch set, forms, _ := strings.Cut(name, "/"); {
	case set == "sides", set == "join":
		return book.pairs(set, words)
	case set == "prefix":
		book.prefixes(words)
	case originLines[set] == 0:
		return fmt.Errorf("unknown name %s", set)
	case forms != "" && book.forms[forms] == nil:
		return fmt.Errorf("unknown forms %s", forms)
	default:
		l.list(sense{book: len(l.books) - 1, kind: originLines[set], own: own}, book.forms[forms], words)
	}
	return nil
}

// pairs reads "a=b" for the sides of kinds, and for what is put after a word.
func (b *originBook) pairs(set string, words []string) error {
	for _, w := range words {
		from, to, ok := strings.Cut(w, "=")
		switch {
		case !ok:
			return fmt.Errorf("%s: %q is no pair", set, w)
		case set == "sides":
			b.sides[from] = to
		default:
			b.joins[plainPhrase(from)] = to
		}
	}
	return nil
}

// prefixes keeps what is written in one with a word.
func (b *originBook) prefixes(words []string) {
	for _, w := range words {
		plain := plainPhrase(w)
		b.before, b.prefix[plain] = append(b.before, plain), w
	}
	slices.SortStableFunc(b.before, func(x, y string) int { return len(y) - len(x) })
}

// list files each word, in each of its forms.
func (l *originLore) list(s sense, forms, words []string) {
	for _, w := range words {
		if len(forms) == 0 {
			l.file(s, w)
		}
		for _, ending := range forms {
			l.file(s, w+strings.TrimPrefix(ending, "-"))
		}
	}
}

// file keeps "word", "word>other", "word>other|after an article", "two_words" or "stem~".
func (l *originLore) file(s sense, written string) {
	word, to, _ := strings.Cut(written, ">")
	s.to, s.defined, _ = strings.Cut(to, "|")
	s.written = word
	plain := plainPhrase(strings.TrimSuffix(word, "~"))
	if strings.HasSuffix(word, "~") {
		end := l.tree.at(plain)
		end.stem = append(end.stem, s)
		return
	}
	// What Dutch or English have as well is theirs in a text of theirs.
	s.own = s.own || looks()["origin"][word] || looks()["origin"][plain]
	l.words[plain] = append(l.words[plain], s)
	if first, _, several := strings.Cut(plain, "_"); several {
		l.first[first] = l.first[first] || s.kind&originCore != 0
		return
	}
	end := l.tree.at(plain)
	end.word = append(end.word, s)
}

// plainPhrase is words joined by "_", each in plain letters.
func plainPhrase(written string) string {
	words := strings.Split(written, "_")
	for i, w := range words {
		var plain []byte
		for _, r := range w {
			plain = appendPlain(plain, r)
		}
		words[i] = string(plain)
	}
	return strings.Join(words, "_")
}
