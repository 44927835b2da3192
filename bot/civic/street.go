package civic

import "strings"

// StreetsIn lists the streets that a text may mean, each once: those whose full name stands in it, or else those whose
// name stands there with a mistake: one in a name of six letters or more, two from twelve on. It reads the first 200
// words.
func StreetsIn(streets []Area, text string) []Area {
	words := plainWordsOf(text)
	exact, near := namedOf(streets, func(s Area) likeness { return streetIn(s.Name, words) })
	if len(exact) > 0 {
		return exact
	}
	return near
}

// namedOf parts what is named in full from what is named with a mistake.
func namedOf[T any](things []T, fits func(T) likeness) (exact, near []T) {
	for _, thing := range things {
		switch fits(thing) {
		case named:
			exact = append(exact, thing)
		case nearlyNamed:
			near = append(near, thing)
		case notNamed:
		}
	}
	return exact, near
}

// likeness is how well a name fits words.
type likeness int

const (
	notNamed likeness = iota
	nearlyNamed
	named
)

// nameSpoken is a name as it is looked for among words: spaces count for nothing, so "molen pad" is the Molenpad.
type nameSpoken struct {
	letters string
	words   int
}

// namesSpoken keeps the names of streets and landmarks, which every text is searched for.
var namesSpoken = learnt(func(name string) nameSpoken {
	words := plainWordsOf(name)
	return nameSpoken{strings.Join(words, ""), len(words)}
})

// streetIn looks for the name of a street or landmark among the words.
func streetIn(name string, words []string) likeness {
	want := namesSpoken.at(name)
	best := notNamed
	for from, word := range words {
		if want.words > 0 && word[0] == want.letters[0] { // with another first letter it is neither the name nor a mistake in it
			best = max(best, want.beginning(words[from:]))
		}
	}
	return best
}

// beginning is how well the name fits what words begin with.
func (n nameSpoken) beginning(words []string) likeness {
	best := notNamed
	written := make([]byte, 0, len(n.letters)+20)
	for _, word := range words[:min(len(words), n.words+1)] {
		written = append(written, word...)
		switch {
		case string(written) == n.letters:
			return named
		case len(written) > len(n.letters)+2:
			return best
		case mistakenFor(n.letters, string(written)):
			best = nearlyNamed
		}
	}
	return best
}

// mistakenFor reports whether what was written may be a mistyping of the name; its first letter is right.
func mistakenFor(name, written string) bool {
	if len(name) < forgiveFrom || written == "" || name[0] != written[0] {
		return false
	}
	if oneMistake(name, written) {
		return true
	}
	return len(name) >= 2*forgiveFrom && twoMistakes(name, written)
}

// twoMistakes reports whether b is a with two mistakes: after what they have in common at their beginning, one mistake
// is mended and the rest is one mistake away.
func twoMistakes(a, b string) bool {
	i := 0
	for i < len(a) && i < len(b) && a[i] == b[i] {
		i++
	}
	a, b = a[i:], b[i:]
	switch {
	case a == "" || b == "":
		return len(a)+len(b) <= 2
	case oneMistake(a[1:], b[1:]) || oneMistake(a[1:], b) || oneMistake(a, b[1:]):
		return true
	}
	return len(a) > 1 && len(b) > 1 && a[0] == b[1] && a[1] == b[0] && oneMistake(a[2:], b[2:])
}
