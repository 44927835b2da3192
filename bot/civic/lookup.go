package civic

import (
	"slices"
	"strings"
	"time"
	"unicode"
)

// LookupLife is how long a lookup waits for a second person, and how long its words are kept afterwards, so that what was found
// can be dealt with. The law gives a month for the answer (GDPR article 12).
const LookupLife = 14 * days

// SoughtKind is what a third person gives to be found by.
type SoughtKind string

// The kinds.
const (
	SoughtName  SoughtKind = "name"
	SoughtPlate SoughtKind = "plate"
	SoughtPhone SoughtKind = "phone"
	SoughtOther SoughtKind = "other" // an address, a nickname, the name of a boat
)

// SoughtKinds lists the kinds, in the order in which they are offered.
var SoughtKinds = []SoughtKind{SoughtName, SoughtPlate, SoughtPhone, SoughtOther}

// Lookup is the question of somebody who is no member whether anything about them is kept (domain §2.3, row 10). The data
// protection officer asks it for them, and a second person agrees before anything is looked for.
type Lookup struct {
	ID      int64
	Network AreaID
	By      int64 // the officer
	Sought
	Why      string // which request it is, without names
	Made     time.Time
	Expires  time.Time // then it is forgotten, with its words
	Agreed   time.Time // zero = a second person has yet to agree
	Searched time.Time // zero = nothing was looked for yet
	Version  int64
}

// Sought is what is looked for: words as the person gave them, and their other spellings, with commas between them.
type Sought struct {
	Kind  SoughtKind
	Words string
	Cut   string // words that were cut out of the texts and are kept elsewhere; a mark stands in their place
}

// cutMark stands in a text for what was cut out of it.
const cutMark = "…"

// Apart is what is sought, each of its words by itself.
func (s Sought) Apart() Sought {
	var words []string
	for _, spelling := range s.spellings() {
		words = append(words, spelling...)
	}
	return Sought{Kind: s.Kind, Words: strings.Join(words, ",")}
}

// Span is a place in a text, in bytes.
type Span struct{ From, To int }

// The least that is looked for, so that not half of all reports are found: letters or digits of each spelling.
const (
	leastSought = 3
	leastPlate  = 4
	leastPhone  = 6
)

// Enough reports whether each spelling is long enough to be looked for.
func (s Sought) Enough() bool {
	all := s.spellings()
	for _, words := range all {
		n := 0
		for _, word := range words {
			n += len(word)
		}
		switch s.Kind {
		case SoughtPlate:
			if n < leastPlate {
				return false
			}
		case SoughtPhone:
			if len(subscriber(digitsOf(strings.Join(words, "")))) < leastPhone {
				return false
			}
		case SoughtName, SoughtOther:
			if n < leastSought {
				return false
			}
		}
	}
	return len(all) > 0
}

// spellings are the words of each spelling, folded.
func (s Sought) spellings() [][]string {
	var all [][]string
	for part := range strings.SplitSeq(s.Words, ",") {
		var words []string
		for _, w := range scanWords(part) {
			if w.folded != cutMark {
				words = append(words, w.folded)
			}
		}
		if len(words) > 0 {
			all = append(all, words)
		}
	}
	return all
}

// In finds where a text names what is sought, from the front. Case, accents and marks between letters do not matter; a name may
// have an s behind it.
func (s Sought) In(text string) []Span {
	var found []Span
	words := scanWords(text)
	for _, spelling := range s.spellings() {
		switch s.Kind {
		case SoughtPhone:
			found = append(found, phonesIn(words, digitsOf(strings.Join(spelling, "")))...)
		case SoughtPlate:
			found = append(found, runsIn(words, strings.Join(spelling, ""))...)
		case SoughtName, SoughtOther:
			found = append(found, namesIn(words, spelling, scanWords(s.Cut))...)
		}
	}
	slices.SortFunc(found, func(a, b Span) int { return a.From - b.From })
	return joinSpans(found)
}

// joinSpans makes one of places that overlap.
func joinSpans(spans []Span) []Span {
	var out []Span
	for _, s := range spans {
		if n := len(out); n > 0 && s.From < out[n-1].To {
			out[n-1].To = max(out[n-1].To, s.To)
			continue
		}
		out = append(out, s)
	}
	return out
}

// Without is the text with something else in each place where it names what is sought.
func (s Sought) Without(text, instead string) string {
	var b strings.Builder
	last := 0
	for _, at := range s.In(text) {
		b.WriteString(text[last:at.From] + instead)
		last = at.To
	}
	return b.String() + text[last:]
}

// Around cuts out of a text what stands around a place, so many characters before and after it, at the edge of a word.
func Around(text string, at Span, most int) (before, found, after string) {
	head, tail := []rune(text[:at.From]), []rune(text[at.To:])
	if n := len(head) - most; n > 0 {
		for n < len(head) && !unicode.IsSpace(head[n]) {
			n++
		}
		head = append([]rune{'…'}, head[n:]...)
	}
	if n := most; n < len(tail) {
		for n > 0 && !unicode.IsSpace(tail[n]) {
			n--
		}
		tail = append(slices.Clone(tail[:n]), []rune(" …")...)
	}
	return string(head), text[at.From:at.To], string(tail)
}

// wordAt is a word of a text and where it stands.
type wordAt struct {
	folded string
	Span
}

// scanWords are the words of a text: letters and digits in a row, folded.
func scanWords(text string) []wordAt {
	var words []wordAt
	open := false
	for i, r := range text {
		switch {
		case unicode.Is(unicode.M, r): // an accent by itself
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			if !open {
				words = append(words, wordAt{Span: Span{From: i}})
			}
			open = true
			words[len(words)-1].folded += foldLetter(r)
		case string(r) == cutMark:
			words, open = append(words, wordAt{cutMark, Span{i, i + len(cutMark)}}), false
		default:
			open = false
		}
		if open {
			words[len(words)-1].To = i + len(string(r))
		}
	}
	return words
}

func foldLetter(r rune) string {
	r = unicode.ToLower(r)
	if plain := unaccented[r]; plain != 0 {
		return string(rune(plain))
	}
	return string(r)
}

// namesIn finds words that follow each other; a mark may stand for some that were cut out, not for all.
func namesIn(words []wordAt, name []string, cut []wordAt) []Span {
	var found []Span
	for i := range words {
		if end := nameAt(words[i:], name, cut); end > 0 {
			found = append(found, Span{words[i].From, words[i+end-1].To})
		}
	}
	return found
}

// nameAt is how many words from the first on are the name; 0 when they are not.
func nameAt(words []wordAt, name []string, cut []wordAt) int {
	n, read := 0, false
	for len(name) > 0 {
		if n == len(words) {
			return 0
		}
		is, last := words[n].folded, len(name) == 1
		n++
		switch {
		case is == name[0] || last && is == name[0]+"s":
			name, read = name[1:], true
		case is == cutMark && was(cut, name[0]):
			for len(name) > 0 && was(cut, name[0]) {
				name = name[1:]
			}
		default:
			return 0
		}
	}
	if !read {
		return 0
	}
	return n
}

// was reports whether a word is among those that were cut out.
func was(cut []wordAt, word string) bool {
	return slices.ContainsFunc(cut, func(w wordAt) bool { return w.folded == word })
}

// runsIn finds words that together are these letters and digits, wherever they are parted.
func runsIn(words []wordAt, want string) []Span {
	var found []Span
	for i := range words {
		run := ""
		for j := i; j < len(words) && len(run) < len(want); j++ {
			run += words[j].folded
			if run == want {
				found = append(found, Span{words[i].From, words[j].To})
			}
		}
	}
	return found
}

// phonesIn finds digits, wherever they are parted, that are a number with or without its country.
func phonesIn(words []wordAt, want string) []Span {
	const longest = 15 // digits of any number
	var found []Span
	for i := range words {
		run := ""
		for j := i; j < len(words) && len(run) < longest && digitsOf(words[j].folded) == words[j].folded; j++ {
			run += words[j].folded
			if sameNumber(run, want) {
				found = append(found, Span{words[i].From, words[j].To})
			}
		}
	}
	return found
}

// sameNumber reports whether digits are the same number, one perhaps with a country or an area before it.
func sameNumber(a, b string) bool {
	const before = 4 // digits at most that one has more
	a, b = subscriber(a), subscriber(b)
	if len(a) < len(b) {
		a, b = b, a
	}
	return len(b) >= leastPhone && len(a)-len(b) <= before && strings.HasSuffix(a, b)
}

// subscriber is a number without the zeros before it.
func subscriber(digits string) string { return strings.TrimLeft(digits, "0") }

func digitsOf(text string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, text)
}
