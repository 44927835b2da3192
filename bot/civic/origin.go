package civic

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"
)

// originSpan is words of a text that say somebody's origin, and what is put in their place.
type originSpan struct {
	from, to int
	put      string
	book     int
}

// originSpans finds what a text says of origin in the languages of looks_*.txt. With things, origins of things count as well:
// "a Romanian plate".
func originSpans(text string, kinds []originKind, things bool) []originSpan {
	t, may := readOrigins(text, kinds)
	if !may {
		return nil
	}
	var spans []originSpan
	for i := 0; i < len(t.words); i++ {
		if span, end, ok := t.spanAt(i, things); ok {
			if n := len(spans); n == 0 || spans[n-1].to <= span.from {
				spans = append(spans, span)
			}
			i = max(i, end-1)
		}
	}
	return spans
}

// spanAt judges what may say an origin from word i on, the longest phrase first; end is the first word after it.
func (t *originText) spanAt(i int, things bool) (span originSpan, end int, ok bool) {
	for n := longestPhrase; n > 0; n-- {
		if n > 1 && !origins().first[t.words[i].plain] {
			continue
		}
		phrase := t.phrase(i, n)
		if phrase == "" {
			continue
		}
		country := false // the name of one, which says nothing of a person by itself
		for _, s := range t.likeliest(t.senses(phrase, i, n)) {
			m, is := t.mentions(s, i, n, things)
			country = country || s.kind == originCountry
			if is && (!country || m.goesWith()) {
				span, end = m.span(t)
				return span, end, true
			}
			if s.kind&(originAdjective|originFolk) != 0 && t.ofThing(m) {
				return span, 0, false // of a thing in one language, it is of nobody in another
			}
		}
	}
	return span, 0, false
}

// senses is the meanings of origin that n words from i on have: those that are written just so before others.
func (t *originText) senses(phrase string, i, n int) []sense {
	all := origins().words[phrase]
	if n == 1 && !slices.ContainsFunc(all, sense.ofOrigin) {
		all = barelyMeant(phrase)
	}
	var just, like []sense
	written := t.written(i, n)
	for _, s := range all {
		switch {
		case !s.ofOrigin():
		case s.written == written:
			just = slices.Insert(just, 0, s)
		default:
			like = append(like, s)
		}
	}
	return append(just, like...)
}

func (s sense) ofOrigin() bool { return s.kind&originCore != 0 }

// barelyMeant is the meanings of a word without what is written in one with it, which is kept before what is put.
func barelyMeant(word string) []sense {
	var all []sense
	for b := range origins().books {
		book := &origins().books[b]
		rest := book.bare([]byte(word))
		prefix := book.prefix[word[:len(word)-len(rest)]]
		for _, s := range origins().words[string(rest)] {
			if s.book != b {
				continue
			}
			if s.defined != "" && strings.HasSuffix(prefix, "ل") && len([]rune(prefix)) > 1 {
				s.to = s.defined
			}
			if s.to != "" {
				s.to = prefix + s.to
			}
			all = append(all, s)
		}
	}
	return all
}

// likeliest leaves the senses that the text's language has, where several have the word.
func (t *originText) likeliest(senses []sense) []sense {
	other := func(s sense) bool { return s.book != senses[0].book }
	if !slices.ContainsFunc(senses, other) {
		return senses
	}
	strange := func(s sense) int {
		if t.in(s.book) {
			return 0
		}
		return 1
	}
	slices.SortStableFunc(senses, func(a, b sense) int { return cmp.Compare(strange(a), strange(b)) })
	if strange(senses[0]) == 0 {
		return slices.DeleteFunc(senses, func(s sense) bool { return strange(s) > 0 })
	}
	return senses
}

// written is n words from i on in small letters.
func (t *originText) written(i, n int) string {
	var all []string
	for _, w := range t.words[i : i+n] {
		all = append(all, strings.ReplaceAll(strings.ToLower(t.text[w.from:w.to]), "i\u0307", "i")) // of a Turkish İ
	}
	return strings.Join(all, "_")
}

func asciiOnly(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return r >= utf8.RuneSelf })
}

// mention is words that say an origin, and what goes with them.
type mention struct {
	sense
	first, n int  // the words themselves
	lead     int  // words before them that go with them
	tail     int  // words after them that do
	ofPerson bool // a word for a person stands beside them
}

// mentions reports whether n words from i on say where a person comes from, in that sense.
func (t *originText) mentions(s sense, i, n int, things bool) (mention, bool) {
	m := mention{sense: s, first: i, n: n}
	counts, strange := t.counts(s, t.written(i, n))
	if !counts {
		return m, false
	}
	if strange {
		m.to = "" // no word of another language is put into the text
	}
	m.lead, m.tail = t.upTo(i, s.book, originLead), t.onFrom(i+n, s.book, originTail)
	m.ofPerson = t.beside(m, originPerson, s.kindName())
	bound := m.lead > 0 || m.tail > 0
	if m.lead == 0 && m.tail > 0 {
		m.lead = t.upTo(i, s.book, originFrom)
	}
	switch {
	case s.kind == originIs:
		return m, true
	case bound:
		return m, true
	case s.kind == originColour: // "رجل أسود الشعر" has black hair
		return m, m.ofPerson && !t.is(i+n, s.book, originThing)
	case s.kind == originCountry:
		m.lead = t.upTo(i, s.book, originFrom)
		from := i - m.lead
		return m, m.lead > 0 && (t.personBefore(from, s.book) || t.upTo(from, s.book, originBe) > 0)
	}
	return m, things || m.ofPerson || !t.ofThing(m)
}

// goesWith reports whether other words tell that it is a person's origin.
func (m mention) goesWith() bool { return m.ofPerson || m.lead > 0 || m.tail > 0 }

// kindName is the name of the kind of which the sides are told.
func (s sense) kindName() string {
	if s.kind == originColour {
		return "colour"
	}
	return "folk"
}

// span is the words with what goes with them, and where the words after it begin.
func (m mention) span(t *originText) (originSpan, int) {
	first, end := m.first-m.lead, m.first+m.n+m.tail
	end = t.alsoOrigin(end, m.book)
	put := m.to
	if m.goesWith() {
		put = ""
	}
	if from, to, is := t.said(m, first, end); is {
		first, end, put = from, to, ""
	}
	span := originSpan{from: t.words[first].from, to: t.words[end-1].to, put: put, book: m.book}
	if put != "" {
		span.put = t.fitting(m, put)
		span.to = t.withEnding(&span, end)
		return span, end
	}
	span.from, span.to = trimmedSpan(t.text, span.from, span.to)
	return span, end
}

// alsoOrigin is where the words end when "or" and another origin follow.
func (t *originText) alsoOrigin(end, book int) int {
	for t.is(end, book, originAnd) && end+1 < len(t.words) && t.words[end].joined && t.words[end+1].joined &&
		t.is(end+1, book, originAdjective|originFolk|originColour) {
		end += 2
	}
	return end
}

// said widens the words to the whole of "he is …", when nothing else is said by it.
func (t *originText) said(m mention, first, end int) (from, to int, is bool) {
	be := t.upTo(first, m.book, originBe)
	subject := t.upTo(first-be, m.book, originSubject)
	if be == 0 && subject == 0 && m.kind != originIs {
		return 0, 0, false
	}
	begins := first - be - subject
	alone := begins == 0 || !t.words[begins].joined
	switch {
	case end == len(t.words) || !t.words[end].joined:
		return begins, end, be > 0 || alone || m.kind == originIs
	case be == 0 && m.kind != originIs || !t.is(end, m.book, originAnd):
		return 0, 0, false
	case t.is(end+1, m.book, originSubject):
		return begins, end + 1, true
	case t.is(end+1, m.book, originDeed|originBe) || t.is(end+2, m.book, originDeed|originBe):
		return first - be, end + 1, true
	}
	return 0, 0, false
}

// beside reports whether a word of the kind stands beside the mention, on the side where the language has it.
func (t *originText) beside(m mention, kind originKind, of string) bool {
	side := origins().books[m.book].sides[of]
	if side != "last" {
		for i := m.first + m.n + m.tail; i < len(t.words) && t.words[i].joined; i++ {
			if t.is(i, m.book, kind) {
				return true
			}
			if !t.is(i, m.book, originBetween) {
				break
			}
		}
	}
	return side != "next" && m.first-m.lead > 0 && t.words[m.first-m.lead].joined && t.before(m.first-m.lead-1, m.book, kind)
}

// personBefore reports whether word i-1 is a person, or goes with one.
func (t *originText) personBefore(i, book int) bool {
	return i > 0 && t.words[i].joined && t.before(i-1, book, originPerson)
}

// before reports whether word i, or one that it goes with before it, is of the kind.
func (t *originText) before(i, book int, kind originKind) bool {
	for ; i >= 0; i-- {
		if t.is(i, book, kind) {
			return true
		}
		if !t.is(i, book, originBetween) || !t.words[i].joined {
			return false
		}
	}
	return false
}

// ofThing reports whether it is a thing, a shop or a street that has the origin; a link may stand between: "rue des Turcs".
func (t *originText) ofThing(m mention) bool {
	side := origins().books[m.book].sides["thing"]
	if end := m.first + m.n; side != "last" && end < len(t.words) && t.words[end].joined && t.is(end, m.book, originThing) {
		return true
	}
	first := m.first - t.upTo(m.first, m.book, originBe)
	i := first - 1
	if i < 0 || !t.words[first].joined {
		return false
	}
	if t.is(i, m.book, originLink) && t.words[i].joined {
		return t.is(i-1, m.book, originThing)
	}
	return side != "next" && t.is(i, m.book, originThing)
}
