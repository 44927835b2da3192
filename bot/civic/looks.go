package civic

import (
	"cmp"
	_ "embed"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

//go:embed looks.txt
var looksText string

// looks is looks.txt as sets, by the name before the colon.
var looks = sync.OnceValue(func() map[string]map[string]bool {
	sets := map[string]map[string]bool{}
	for line := range strings.SplitSeq(looksText, "\n") {
		name, words, rule := strings.Cut(line, ":")
		if !rule || strings.HasPrefix(line, "#") {
			continue
		}
		if sets[name] == nil {
			sets[name] = map[string]bool{}
		}
		for w := range strings.FieldsSeq(words) {
			sets[name][w] = true
		}
	}
	return sets
})

// WithoutOrigin takes out of a text what it says of somebody's origin, belief or colour of skin, in each language of the
// bot, and reports whether there was any. Clothes keep their colours, "zwart" goes before "man", not before "jas", and so do
// shops, streets and food. Where a word for a person goes in another language than Dutch and English, a plain one is put, so
// that the sentence stays whole (domain D5, rule LINT_ORIGIN).
func WithoutOrigin(text string) (string, bool) { return put(text, originsIn(text, false)) }

// WithoutNations takes every word of origin out of a text, those of things as well: in a rumour "a Romanian plate" says
// nothing that is known (rule LINT_ORIGIN, story S09).
func WithoutNations(text string) string {
	kept, _ := put(text, originsIn(text, true))
	return kept
}

// originsIn finds what a text says of origin, in the order of the text; with things, the origins of things as well.
func originsIn(text string, things bool) []originSpan {
	spans := originSpans(text, things)
	add := func(from, to int) {
		if !slices.ContainsFunc(spans, func(s originSpan) bool { return from < s.to && s.from < to }) {
			spans = append(spans, originSpan{from: from, to: to, book: ownLooks})
		}
	}
	if !things {
		for _, h := range regionsOfPeople(text, folded(text)) {
			add(h.from, afterBlank(text, h.to))
		}
	}
	for _, h := range dutchOrigins(text, things) {
		add(h.from, afterBlank(text, h.to))
	}
	slices.SortFunc(spans, func(a, b originSpan) int { return cmp.Compare(a.from, b.from) })
	return spans
}

// afterBlank is where the text goes on after the space at a place, if nothing else parts it from the next word.
func afterBlank(text string, at int) int {
	rest := strings.TrimLeftFunc(text[at:], unicode.IsSpace)
	if r, _ := utf8.DecodeRuneInString(rest); rest != "" && !unicode.IsLetter(r) && !unicode.IsNumber(r) {
		return at
	}
	return len(text) - len(rest)
}

// put is the text with what is put in the place of spans, and whether there were any.
func put(text string, spans []originSpan) (string, bool) {
	if len(spans) == 0 {
		return strings.TrimSpace(text), false
	}
	var kept strings.Builder
	at := 0
	for _, s := range spans {
		kept.WriteString(text[at:max(at, s.from)] + s.put)
		at = max(at, s.to)
	}
	return strings.TrimSpace(kept.String() + text[at:]), true
}

// OnlyLooks reports whether a text tells of somebody's origin or colour and of nothing that they do (domain D5, rule
// LINT_ONLY_LOOKS). Walking, standing and being there is nothing; danger is never nothing.
func OnlyLooks(text string) bool {
	spans := originsIn(text, false)
	if len(spans) == 0 {
		return false
	}
	for _, w := range piecesOf(strings.ToLower(text)) {
		if looks()["deed"][w] {
			return false
		}
	}
	foreign := func(s originSpan) bool { return s.book != ownLooks }
	return !slices.ContainsFunc(spans, foreign) || foreignLooks(text, spans)
}

// foreignLooks reports whether a text that says these origins tells of nothing else, in the languages they are said in, and
// no rule finds danger in it.
func foreignLooks(text string, spans []originSpan) bool {
	kinds := origins().kindsIn(text)
	acts := func(s originSpan) bool { return s.book == ownLooks || kinds[s.book]&originDeed != 0 }
	return len(spans) > 0 && !slices.ContainsFunc(spans, acts) && !ruledDanger(text)
}

// ofOrigin reports whether the piece says where somebody comes from or what colour they are.
func ofOrigin(pieces []string, i int) bool {
	word := strings.ToLower(pieces[i])
	if looks()["origin"][word] {
		return i+2 >= len(pieces) || !looks()["thing"][strings.ToLower(pieces[i+2])]
	}
	return looks()["colour"][word] && i+2 < len(pieces) && looks()["person"][strings.ToLower(pieces[i+2])]
}

// lacksBehaviour reports whether a text tells of a person, how they look or that they are strange, and of nothing that
// they do. A text that is plainly about something else, as the category says, lacks nothing.
func lacksBehaviour(text string, category Category) bool {
	if OnlyLooks(text) {
		return true
	}
	return (category == "" || category == SuspiciousBehaviour) && OnlyAppearance(text)
}

// OnlyAppearance reports whether a text tells how a person looks, by clothes, build or origin, and of nothing that they
// do (domain D5, rule LINT_ONLY_LOOKS). Walking, standing and being there is nothing.
func OnlyAppearance(text string) bool { return dutchAppearance(text) || foreignAppearance(text) }

// dutchAppearance is [OnlyAppearance] by the words of Dutch and English.
func dutchAppearance(text string) bool {
	person, looked := false, false
	for _, w := range plainWordsOf(text) {
		if looks()["deed"][w] || looks()["matter"][w] {
			return false
		}
		person = person || looks()["person"][w]
		looked = looked || looks()["look"][w] || looks()["origin"][w]
	}
	return person && looked
}

// foreignAppearance is [OnlyAppearance] by the words of the other languages. The text must be in the language, and no rule
// may find danger in it: what is told of a knife is no looks.
func foreignAppearance(text string) bool {
	t := &originText{text: text, kinds: origins().kindsIn(text)}
	for book, kinds := range t.kinds {
		looked := kinds&originPerson != 0 && kinds&(originLook|originCore) != 0
		if looked && kinds&(originDeed|originMatter) == 0 && t.in(book) && !ruledDanger(text) {
			return true
		}
	}
	return false
}
