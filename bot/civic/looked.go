package civic

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// looked is a text that was read for origin and looks, once for all that is asked of it.
type looked struct {
	text    string
	kinds   []originKind // all that its words say, by book of [origins]
	origins []originSpan // what it says of origin, in the order of the text
}

// ownLooks stands for the words of looks.txt, which are Dutch and English, among the books of the other languages.
const ownLooks = -1

// lookAt reads a text; with things, the origins of things count as well.
func lookAt(text string, things bool) looked {
	if things {
		return lookedWithThings.at(text)
	}
	return lookedAtPeople.at(text)
}

var (
	lookedAtPeople   = rememberedWith(func(text string) looked { return look(text, false) }, looked.space)
	lookedWithThings = rememberedWith(func(text string) looked { return look(text, true) }, looked.space)
)

// space is how many bytes it takes besides its text.
func (l looked) space() int { return space(l.kinds) + space(l.origins) }

func look(text string, things bool) looked {
	l := looked{text: text, kinds: origins().kindsIn(text)}
	l.origins = originSpans(text, l.kinds, things)
	var regions []Hit
	if !things {
		regions = regionsOfPeople(text, folded(text))
	}
	for _, h := range append(regions, dutchOrigins(text, l.kinds, things)...) {
		l.add(h)
	}
	slices.SortFunc(l.origins, func(a, b originSpan) int { return cmp.Compare(a.from, b.from) })
	return l
}

// add takes in an origin in Dutch or English, with the space after it, unless another language has it.
func (l *looked) add(h Hit) {
	if slices.ContainsFunc(l.origins, func(s originSpan) bool { return h.from < s.to && s.from < h.to }) {
		return
	}
	l.origins = append(l.origins, originSpan{from: h.from, to: afterBlank(l.text, h.to), book: ownLooks})
}

// afterBlank is where the text goes on after the space at a place, if nothing else parts it from the next word.
func afterBlank(text string, at int) int {
	rest := strings.TrimLeftFunc(text[at:], unicode.IsSpace)
	if r, _ := utf8.DecodeRuneInString(rest); rest != "" && !unicode.IsLetter(r) && !unicode.IsNumber(r) {
		return at
	}
	return len(text) - len(rest)
}

// onlyOrigin is [OnlyLooks].
func (l looked) onlyOrigin() bool {
	if len(l.origins) == 0 {
		return false
	}
	for _, w := range piecesOf(strings.ToLower(l.text)) {
		if looks()["deed"][w] {
			return false
		}
	}
	dutch := func(s originSpan) bool { return s.book == ownLooks }
	return slices.ContainsFunc(l.origins, dutch) && !l.acts() || l.onlyForeign()
}

// acts reports whether the text tells of a deed, in a language in which it says an origin.
func (l looked) acts() bool {
	return slices.ContainsFunc(l.origins, func(s originSpan) bool {
		return s.book != ownLooks && l.kinds[s.book]&originDeed != 0
	})
}

// onlyForeign reports whether the text says origins, all of them in other languages than Dutch and English, and nothing else,
// and no rule finds danger in it.
func (l looked) onlyForeign() bool {
	dutch := func(s originSpan) bool { return s.book == ownLooks }
	return len(l.origins) > 0 && !slices.ContainsFunc(l.origins, dutch) && !l.acts() && !ruledDanger(l.text)
}

// onlyAppearance is [OnlyAppearance]. In another language than Dutch and English no rule may find danger in the text: what is
// told of a knife is no looks.
func (l looked) onlyAppearance() bool {
	if dutchAppearance(l.text) {
		return true
	}
	t := &originText{text: l.text, kinds: l.kinds}
	for book, kinds := range l.kinds {
		of := kinds&originPerson != 0 && kinds&(originLook|originCore) != 0 && kinds&(originDeed|originMatter) == 0
		if of && t.in(book) && !ruledDanger(l.text) {
			return true
		}
	}
	return false
}
