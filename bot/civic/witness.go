package civic

import "strings"

// Independent counts the reporters who saw or heard for themselves, or on a camera. What was told or passed on
// corroborates nothing, however often (story S09).
func Independent(reports []Report) int {
	seen := map[int]bool{}
	for _, r := range reports {
		switch r.Source {
		case SourceTold, SourceForwarded:
		case SourceSeen, SourceHeard, SourceCamera, "":
			if r.Kind == "" && (r.Reporter != 0 || r.Text != "") {
				seen[r.Alias] = true
			}
		}
	}
	return len(seen)
}

// Alike reports whether two texts are copies of one message: most of their words are the same.
func Alike(a, b string) bool {
	const share = 0.6
	one, other := map[string]bool{}, map[string]bool{}
	for _, w := range plainWordsOf(a) {
		one[w] = true
	}
	both := 0
	for _, w := range plainWordsOf(b) {
		if one[w] && !other[w] {
			both++
		}
		other[w] = true
	}
	all := len(one) + len(other) - both
	return strings.TrimSpace(a) != "" && all > 0 && float64(both) >= share*float64(all)
}
