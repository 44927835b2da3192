package civic

import (
	"slices"
	"strings"
)

// Changed is what of a newer text was not in the older one: its new sentences, in their order. It is empty when something
// was only left out.
func Changed(older, newer string) string {
	known := sentencesOf(older)
	var fresh []string
	for _, s := range sentencesOf(newer) {
		if !slices.Contains(known, s) {
			fresh = append(fresh, s)
		}
	}
	return strings.Join(fresh, " ")
}

// sentencesOf cuts a text into its sentences and lines.
func sentencesOf(text string) []string {
	var all []string
	for _, s := range sentenceEnd.FindAllString(text, -1) {
		if s = strings.TrimSpace(s); s != "" {
			all = append(all, s)
		}
	}
	return all
}
