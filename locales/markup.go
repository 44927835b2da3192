package locales

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

var (
	tag      = regexp.MustCompile(`<[^<>]*>`)
	opening  = regexp.MustCompile(`^<(?:(b|i|code)|(a) href="[^"<>]+")>$`)
	closing  = regexp.MustCompile(`^</(b|i|code|a)>$`)
	entity   = regexp.MustCompile(`&(?:amp|lt|gt|quot);`)
	sentence = regexp.MustCompile(`[.!?:…]+(?:\s|$)|\n`)
)

// markup tells what is wrong with the markup of a text.
func markup(raw string) []string {
	var found, open []string
	for _, t := range tag.FindAllString(raw, -1) {
		if m := opening.FindStringSubmatch(t); m != nil {
			open = append(open, m[1]+m[2])
			continue
		}
		m := closing.FindStringSubmatch(t)
		switch {
		case m == nil:
			found = append(found, t+` is not markup: use <b>, <i>, <code> or <a href="…">`)
		case len(open) == 0 || open[len(open)-1] != m[1]:
			found = append(found, t+" closes nothing")
		default:
			open = open[:len(open)-1]
		}
	}
	for _, name := range open {
		found = append(found, fmt.Sprintf("<%s> is not closed", name))
	}
	words := entity.ReplaceAllString(tag.ReplaceAllString(raw, ""), "")
	if strings.ContainsAny(words, "<>&") {
		found = append(found, "write &lt; &gt; &amp; for < > &")
	}
	return found
}

// longSentences gives the sentences that have too many words; a placeholder counts as one word.
func longSentences(raw string) []string {
	var long []string
	for _, s := range sentence.Split(tag.ReplaceAllString(raw, ""), -1) {
		if len(strings.Fields(s)) > sentenceLength {
			long = append(long, strings.TrimSpace(s))
		}
	}
	return long
}

// names are the placeholders of a text, in the order of the alphabet.
func (t *text) names() []string {
	found := map[string]bool{}
	for _, p := range t.pieces {
		if p.name != "" {
			found[p.name] = true
		}
	}
	return slices.Sorted(maps.Keys(found))
}

// names are the placeholders of a message, those of all its plural forms together.
func (t *tongue) names(key string) []string {
	var all []string
	for _, k := range t.keysOf(key) {
		all = append(all, t.written[k].names()...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// keysOf are the written keys behind a key: itself, or its plural forms.
func (t *tongue) keysOf(key string) []string {
	if t.written[key] != nil {
		return []string{key}
	}
	var keys []string
	for name := range forms {
		if t.written[key+"."+name] != nil {
			keys = append(keys, key+"."+name)
		}
	}
	slices.Sort(keys)
	return keys
}

// isForm reports whether the key is one plural form of a message.
func (t *tongue) isForm(key string) bool {
	dot := strings.LastIndexByte(key, '.')
	if dot < 0 || forms[key[dot+1:]] == 0 && key[dot+1:] != "other" {
		return false
	}
	return t.written[key[:dot]] == nil && t.counted[key[:dot]] != nil
}

func braced(names []string) string {
	if len(names) == 0 {
		return "nothing"
	}
	return "{" + strings.Join(names, "}, {") + "}"
}
