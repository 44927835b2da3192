package civic

import (
	_ "embed"
	"strings"
	"sync"
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

// WithoutOrigin takes out of a text what it says of somebody's origin, belief or colour of skin, and reports whether there
// was any. Clothes keep their colours: "zwart" goes before "man", not before "jas" (domain D5, rule LINT_ORIGIN).
func WithoutOrigin(text string) (string, bool) {
	regions := regionsOfPeople(text, folded(text))
	pieces := piecesOf(strings.Join(strings.Fields(Redacted(text, regions, "")), " "))
	if len(regions) == 0 {
		pieces = piecesOf(text)
	}
	var kept strings.Builder
	found := len(regions) > 0
	for i := 0; i < len(pieces); i++ {
		if !ofOrigin(pieces, i) {
			kept.WriteString(pieces[i])
			continue
		}
		found = true
		if i+1 < len(pieces) && strings.TrimSpace(pieces[i+1]) == "" {
			i++ // and the space after it
		}
	}
	return strings.TrimSpace(kept.String()), found
}

// WithoutNations takes every word of origin out of a text, those of things as well: in a rumour "a Romanian plate" says
// nothing that is known (rule LINT_ORIGIN, story S09).
func WithoutNations(text string) string {
	pieces := piecesOf(text)
	var kept strings.Builder
	for i := 0; i < len(pieces); i++ {
		if !looks()["origin"][strings.ToLower(pieces[i])] {
			kept.WriteString(pieces[i])
		} else if i+1 < len(pieces) && strings.TrimSpace(pieces[i+1]) == "" {
			i++ // and the space after it
		}
	}
	return strings.TrimSpace(kept.String())
}

// OnlyLooks reports whether a text tells of somebody's origin or colour and of nothing that they do (domain D5, rule
// LINT_ONLY_LOOKS). Walking, standing and being there is nothing.
func OnlyLooks(text string) bool {
	if _, found := WithoutOrigin(text); !found {
		return false
	}
	for _, w := range piecesOf(strings.ToLower(text)) {
		if looks()["deed"][w] {
			return false
		}
	}
	return true
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
func OnlyAppearance(text string) bool {
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
