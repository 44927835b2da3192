package civic

import (
	_ "embed"
	"strings"
	"sync"
)

//go:embed looks.txt
var looksText string

// looks is looks.txt as sets, by the name before the colon.
var looks = sync.OnceValue(func() map[string]map[string]bool { return wordSets(looksText) })

// WithoutOrigin takes out of a text what it says of somebody's origin, belief or colour of skin, in each language of the
// bot, and reports whether there was any. Clothes keep their colours, "zwart" goes before "man", not before "jas", and so do
// shops, streets and food. Where a word for a person goes in another language than Dutch and English, a plain one is put, so
// that the sentence stays whole (domain D5, rule LINT_ORIGIN).
func WithoutOrigin(text string) (string, bool) { return put(text, lookAt(text, false).origins) }

// WithoutNations takes every word of origin out of a text, those of things as well: in a rumour "a Romanian plate" says
// nothing that is known (rule LINT_ORIGIN, story S09).
func WithoutNations(text string) string {
	kept, _ := put(text, lookAt(text, true).origins)
	return kept
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
func OnlyLooks(text string) bool { return lookAt(text, false).onlyOrigin() }

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
func (l looked) lacksBehaviour(category Category) bool {
	return l.onlyOrigin() || (category == "" || category == SuspiciousBehaviour) && l.onlyAppearance()
}

// OnlyAppearance reports whether a text tells how a person looks, by clothes, build or origin, and of nothing that they
// do (domain D5, rule LINT_ONLY_LOOKS). Walking, standing and being there is nothing.
func OnlyAppearance(text string) bool { return lookAt(text, false).onlyAppearance() }

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
