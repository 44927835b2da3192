package civic

import (
	"strings"

	"github.com/paulmach/orb"
)

// Landmark is a place that people name instead of a street: a shop, a station, a playground. It lies at the street that is
// nearest, whichever that comes to be, so it stores none.
type Landmark struct {
	ID      int64
	Network AreaID
	Name    string
	Also    []string // other names of it, such as short ones
	At      orb.Point
}

// LandmarksIn lists the landmarks that a text may mean, each once, as [StreetsIn] does with streets: those of which a name
// stands in it in full, or else those whose name stands there with a mistake. What somebody goes towards is not where it
// was, and left out.
func LandmarksIn(landmarks []Landmark, text string) []Landmark {
	words := plainWordsOf(text)
	towards := plainWordsOf(DirectionIn(text))
	exact, near := namedOf(landmarks, func(l Landmark) likeness {
		if l.in(towards) != notNamed {
			return notNamed
		}
		return l.in(words)
	})
	if len(exact) > 0 {
		return exact
	}
	return near
}

// in looks for the landmark's names among the words.
func (l Landmark) in(words []string) likeness {
	best := streetIn(l.Name, words)
	for _, name := range l.Also {
		best = max(best, streetIn(name, words))
	}
	return best
}

// StreetOf is the street at which a landmark lies; false when it lies outside the network.
func StreetOf(areas []Area, l Landmark) (Area, bool) {
	streets := Pin(areas, l.At)
	if len(streets) == 0 {
		return Area{}, false
	}
	return streets[0], true
}

// SameNames reports whether the landmark has these names and no others.
func (l Landmark) SameNames(other Landmark) bool {
	return l.Name == other.Name && strings.Join(l.Also, "\n") == strings.Join(other.Also, "\n")
}
