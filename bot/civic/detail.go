package civic

import (
	"slices"
	"strings"
)

// PlaceDetail is what the words of a place say besides its street, and besides what it is called: "achter de flat" of
// "Kastanjelaan, achter de flat". It is empty when they say no more, or the same with a mistake.
func PlaceDetail(words, street, called string) string {
	words = behindName(words, street)
	known := slices.Concat(plainWordsOf(street), plainWordsOf(called), placeFillers)
	more := slices.ContainsFunc(plainWordsOf(words), func(w string) bool {
		return !slices.ContainsFunc(known, func(k string) bool { return k == w || mistakenFor(k, w) })
	})
	if !more {
		return ""
	}
	return words
}

// placeFillers are the small words around the name of a place.
var placeFillers = []string{
	"op", "de", "het", "in", "bij", "aan", "langs", "ter", "van", "en", "on", "at",
	"the", "near", "by", "straat",
}

// behindName takes the name of the street off the front of words, also when it is mistyped.
func behindName(words, street string) string {
	fields := strings.Fields(words)
	for n := min(len(fields), len(strings.Fields(street))); n > 0; n-- {
		if streetIn(street, plainWordsOf(strings.Join(fields[:n], " "))) != notNamed {
			return strings.Trim(strings.Join(fields[n:], " "), " ,;:-")
		}
	}
	return words
}
