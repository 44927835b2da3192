package civic

import "strings"

// wordSets reads sets of words, a "name: words" on each line; the lines of one name add up, and "#" begins a comment.
func wordSets(text string) map[string]map[string]bool {
	sets := map[string]map[string]bool{}
	for line := range strings.SplitSeq(text, "\n") {
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
}
