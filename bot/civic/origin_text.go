package civic

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// placedWord is a word of a text, as the words of origin know it.
type placedWord struct {
	plain    string
	from, to int
	joined   bool // nothing but spaces, a hyphen or an apostrophe parts it from the word before
}

// originText is a text that is read for words of origin.
type originText struct {
	text   string
	words  []placedWord
	kinds  []originKind // by book: all that its words say in the text
	tongue *string      // the text's language, once it was asked for
}

// inWord reports whether a character is part of a word; an apostrophe is one between Cyrillic letters, as in "в'їзд".
func inWord(text string, at int, r rune) bool {
	switch {
	case r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9':
		return true
	case r >= utf8.RuneSelf && (unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.In(r, unicode.Mn, unicode.Cf)):
		return true
	}
	if r != '\'' && r != '’' {
		return false
	}
	last, _ := utf8.DecodeLastRuneInString(text[:at])
	next, _ := utf8.DecodeRuneInString(text[at+utf8.RuneLen(r):])
	return unicode.Is(unicode.Cyrillic, last) && unicode.Is(unicode.Cyrillic, next)
}

// eachWord gives every word of a text in plain letters, and where it stands; the letters are only good until the next.
func eachWord(text string, give func(plain []byte, from, to int) bool) {
	var room [64]byte
	plain, from := room[:0], -1
	for at, r := range text {
		if !inWord(text, at, r) {
			if from >= 0 && !give(plain, from, at) {
				return
			}
			plain, from = plain[:0], -1
			continue
		}
		if from < 0 {
			from = at
		}
		plain = appendPlain(plain, r)
	}
	if from >= 0 {
		give(plain, from, len(text))
	}
}

// appendPlain adds a letter as [plainLetters] has it.
func appendPlain(plain []byte, r rune) []byte {
	switch {
	case r >= 'A' && r <= 'Z':
		return append(plain, byte(r-'A'+'a'))
	case r == '\'':
		return plain
	case r < utf8.RuneSelf:
		return append(plain, byte(r)) //nolint:gosec // it is of ASCII
	}
	r = unicode.ToLower(r)
	if letter, other := otherLetters[r]; other {
		return append(plain, letter)
	}
	if letter := unaccented[r]; letter != 0 {
		return append(plain, letter)
	}
	return plain
}

// kindsIn is all that the words of a text say, by book. It costs no memory to speak of, and most texts need no more.
func (l *originLore) kindsIn(text string) []originKind {
	kinds := make([]originKind, len(l.books))
	eachWord(text, func(plain []byte, _, _ int) bool {
		l.look(plain, func(s *sense) { kinds[s.book] |= s.kind })
		if l.first[string(plain)] {
			for i := range kinds {
				kinds[i] |= originFirst
			}
		}
		return true
	})
	return kinds
}

// mayTell reports whether a text whose words say that, in one language, may say an origin.
func (k originKind) mayTell() bool {
	switch {
	case k&(originAdjective|originFolk|originIs|originFirst) != 0:
		return true
	case k&originColour != 0:
		return k&(originPerson|originLead|originTail) != 0
	}
	return k&originCountry != 0 && k&(originFrom|originTail|originLead) != 0
}

// originFirst marks that a text has a word with which a phrase begins, which may say an origin.
const originFirst = originKind(1 << 31)

// look gives every sense of a word: as it stands, by how it begins, and without what is written in one with it.
func (l *originLore) look(plain []byte, give func(*sense)) {
	if l.tree.walk(plain, give) {
		return
	}
	for i := range l.books {
		if rest := l.books[i].bare(plain); rest != nil {
			l.tree.walk(rest, give)
		}
	}
}

// bare is the word without what is written in one with it; nil when nothing is, or too little is left.
func (b *originBook) bare(plain []byte) []byte {
	const rest = 2
	for _, p := range b.before {
		if len(plain) >= len(p)+rest && string(plain[:len(p)]) == p {
			return plain[len(p):]
		}
	}
	return nil
}

// readOrigins parts a text into words, when one of them may say an origin; otherwise there is none.
func readOrigins(text string, kinds []originKind) (*originText, bool) {
	t := &originText{text: text, kinds: kinds}
	if !slices.ContainsFunc(t.kinds, originKind.mayTell) {
		return nil, false
	}
	eachWord(text, func(plain []byte, from, to int) bool {
		w := placedWord{plain: string(plain), from: from, to: to}
		if n := len(t.words); n > 0 {
			w.joined = strings.Trim(text[t.words[n-1].to:from], " \t-‑'’") == ""
		}
		t.words = append(t.words, w)
		return true
	})
	return t, true
}

// is reports whether word i says that, in the language of the book.
func (t *originText) is(i, book int, kind originKind) bool {
	if i < 0 || i >= len(t.words) {
		return false
	}
	found := false
	origins().look([]byte(t.words[i].plain), func(s *sense) { found = found || s.book == book && s.kind&kind != 0 })
	return found
}

// phrase joins n words from i on; empty when something parts them.
func (t *originText) phrase(i, n int) string {
	if i < 0 || i+n > len(t.words) {
		return ""
	}
	if n == 1 {
		return t.words[i].plain
	}
	parts := make([]string, 0, longestPhrase)
	for k := i; k < i+n; k++ {
		if k > i && !t.words[k].joined {
			return ""
		}
		parts = append(parts, t.words[k].plain)
	}
	return strings.Join(parts, "_")
}

// longestPhrase is how many words a phrase has at most.
const longestPhrase = 4

// upTo is how many words before word i make a phrase of the kind, in the language of the book.
func (t *originText) upTo(i, book int, kind originKind) int {
	for n := longestPhrase; n > 0; n-- {
		if i < len(t.words) && i-n >= 0 && t.words[i].joined && hasSense(t.phrase(i-n, n), book, kind) {
			return n
		}
	}
	return 0
}

// onFrom is how many words from word i on make a phrase of the kind that goes on what stands before.
func (t *originText) onFrom(i, book int, kind originKind) int {
	for n := longestPhrase; n > 0; n-- {
		if i < len(t.words) && t.words[i].joined && hasSense(t.phrase(i, n), book, kind) {
			return n
		}
	}
	return 0
}

func hasSense(phrase string, book int, kind originKind) bool {
	for _, s := range origins().words[phrase] {
		if s.book == book && s.kind&kind != 0 {
			return true
		}
	}
	return false
}

// in reports whether the text is in the language of the book, as far as can be told: by its small words, else by whether more
// of its words are of this book than of Dutch and English.
func (t *originText) in(book int) bool {
	if lang := t.lang(); lang != "" {
		return lang == origins().books[book].language
	}
	return t.share(book) > 0
}

// lang is the language that the small words or the letters of the text tell; empty when they do not.
func (t *originText) lang() string {
	if t.tongue == nil {
		lang := tongueOfLetters(t.text)
		if lang == "" {
			lang = tongueOfWords(t.text)
		}
		t.tongue = &lang
	}
	return *t.tongue
}

// share is how many more words of the text are of the book than of Dutch and English, those of origin left out.
func (t *originText) share(book int) int {
	const telling = originPerson | originDeed | originLook | originBetween | originBe | originSubject | originLead | originTail
	sum, dutch := 0, looks()
	eachWord(t.text, func(plain []byte, from, to int) bool {
		of := false
		origins().look(plain, func(s *sense) { of = of || s.book == book && s.kind&telling != 0 })
		if of {
			sum++
		}
		w := strings.ToLower(t.text[from:to])
		if dutch["person"][w] || dutch["deed"][w] || dutch["look"][w] {
			sum--
		}
		return true
	})
	return sum
}

// surely is from how many letters on a word counts in a text of another language as well.
const surely = 6

// counts reports whether a sense counts in the text; strange tells that the text is in another language. A word that is spelled
// with other accents is another word.
func (t *originText) counts(s sense, written string) (ok, strange bool) {
	if written != s.written && !asciiOnly(written) && asciiOnly(plainPhrase(written)) {
		return false, false
	}
	if t.in(s.book) {
		return true, false
	}
	exact := written == s.written && !asciiOnly(written)
	if t.lang() == "" && t.share(s.book) == 0 {
		return !s.own || exact, false
	}
	return exact || !s.own && len(plainPhrase(written)) >= surely, true
}

// owns reports whether the word that stands at a place is judged by the rules of another language than Dutch and English:
// one that the text is in, or in which a thing stands beside it.
func (t *originText) owns(from int) bool {
	for i, w := range t.words {
		if w.from != from {
			continue
		}
		return slices.ContainsFunc(origins().words[w.plain], func(s sense) bool {
			return s.kind&originCore != 0 && (t.in(s.book) || t.ofThing(mention{sense: s, first: i, n: 1}))
		})
	}
	return false
}

// plainly reports whether a word, in plain letters, says an origin in a language, whatever stands beside it.
func (l *originLore) plainly(plain string) bool {
	return slices.ContainsFunc(l.words[plain], func(s sense) bool { return s.kind&(originAdjective|originFolk) != 0 && !s.own })
}
