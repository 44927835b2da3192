package civic

import (
	"cmp"
	"math"
	"slices"

	"github.com/paulmach/orb"
)

// How far a pin may lie from things, in metres.
const (
	// BorderDoubt is how close to the border between two street groups it is asked which one is meant: what a telephone
	// errs by under an open sky.
	BorderDoubt = 15.0
	// NearStreet is how far a place of ours lies from a street at most, where no border tells.
	NearStreet = 250.0
	// AtStreet is how far a house lies from its street at most: as far as that, a place just outside the borders of the
	// street groups is still one of ours.
	AtStreet = 50.0
)

// Pin finds the street that is meant with a place on the map: the nearest of the street group in whose border the place
// lies, or else the nearest of all. Close to the border between two street groups it gives the nearest street of each, the
// likelier first, and somebody has to ask. It gives none for a place that is not [Valid] or lies outside the network.
//
// Where borders are known they decide; where they are not, the border between two street groups runs halfway between
// their streets.
func Pin(areas []Area, p orb.Point) []Area {
	if !Valid(p) {
		return nil
	}
	near := nearestInGroups(areas, p)
	if len(near) == 0 || outside(areas, p, near[0].metres) {
		return nil
	}
	first := near[0]
	for _, n := range near { // the border has the last word on who is first
		if n.bordered && n.beyond == 0 && n.metres <= NearStreet {
			first = n
			break
		}
	}
	streets := []Area{first.street}
	for _, n := range near {
		if n.street.Parent != first.street.Parent && first.doubts(n) {
			return append(streets, n.street)
		}
	}
	return streets
}

// nearGroup is a street group as it lies from a place.
type nearGroup struct {
	street   Area    // its nearest
	metres   float64 // to that
	bordered bool    // its border is known
	beyond   float64 // metres outside the border
}

// doubts reports whether the place may as well lie in the other street group.
func (n nearGroup) doubts(other nearGroup) bool {
	if other.metres > NearStreet {
		return false
	}
	if n.bordered && other.bordered {
		return n.beyond <= BorderDoubt && other.beyond <= BorderDoubt
	}
	return math.Abs(other.metres-n.metres)/2 <= BorderDoubt
}

// nearestInGroups is the nearest street of each street group, the nearest first.
func nearestInGroups(areas []Area, p orb.Point) []nearGroup {
	flat := planeAt(p)
	groups := map[AreaID]Area{}
	best := map[AreaID]nearGroup{}
	var order []AreaID
	for i := range areas {
		switch areas[i].Kind {
		case KindGroup:
			groups[areas[i].ID] = areas[i]
		case KindStreet:
			parent := areas[i].Parent
			known, seen := best[parent]
			if !seen {
				known.metres = math.Inf(1)
				order = append(order, parent)
			}
			if far := flat.lines(areas[i].Lines, known.metres); far < known.metres {
				known.street, known.metres = areas[i], far
			}
			best[parent] = known
		case KindNetwork:
		}
	}
	var near []nearGroup
	for _, id := range order {
		n := best[id]
		if n.street.ID == 0 {
			continue // no street of the group has a line
		}
		n.metres, n.bordered, n.beyond = math.Sqrt(n.metres), len(groups[id].Border) > 0, groups[id].Beyond(p)
		near = append(near, n)
	}
	// Of two that are equally close the street with the lower number comes first.
	slices.SortFunc(near, func(a, b nearGroup) int {
		return cmp.Or(cmp.Compare(a.metres, b.metres), cmp.Compare(a.street.ID, b.street.ID))
	})
	return near
}

// outside reports whether a place, so many metres from the nearest street, is none of the network's.
func outside(areas []Area, p orb.Point, metres float64) bool {
	if metres > NearStreet {
		return true
	}
	beyond, bordered := math.Inf(1), true
	for i := range areas {
		switch areas[i].Kind {
		case KindNetwork:
			if len(areas[i].Border) > 0 {
				return areas[i].Beyond(p) > BorderDoubt
			}
		case KindGroup:
			bordered = bordered && len(areas[i].Border) > 0
			beyond = min(beyond, areas[i].Beyond(p))
		case KindStreet:
		}
	}
	return bordered && beyond > BorderDoubt && metres > AtStreet
}
