package civic

import (
	"fmt"
	"math"
	"testing"

	"github.com/paulmach/orb"
)

// block is a border from west to east and south to north, with a hole in its middle.
func block() Area {
	return Area{Border: orb.MultiPolygon{{
		{{5.60, 51.60}, {5.61, 51.60}, {5.61, 51.61}, {5.60, 51.61}, {5.60, 51.60}},
		{{5.604, 51.604}, {5.606, 51.604}, {5.606, 51.606}, {5.604, 51.606}, {5.604, 51.604}},
	}}}
}

func TestABorderTellsInsideFromOutside(t *testing.T) {
	for _, c := range []struct {
		name   string
		at     orb.Point
		inside bool
		beyond float64
	}{
		{"inside", orb.Point{5.602, 51.602}, true, 0},
		{"in the hole", orb.Point{5.605, 51.605}, false, 69},
		{"east of it", orb.Point{5.6102, 51.605}, false, 13.8},
		{"past a corner", orb.Point{5.6102, 51.6101}, false, 17.7},
	} {
		if got := block().Contains(c.at); got != c.inside {
			t.Errorf("%s: contains is %t", c.name, got)
		}
		if got := block().Beyond(c.at); math.Abs(got-c.beyond) > 0.5 {
			t.Errorf("%s: %.1f m beyond", c.name, got)
		}
	}
	if (Area{}).Contains(orb.Point{5.6, 51.6}) || !math.IsInf((Area{}).Beyond(orb.Point{5.6, 51.6}), 1) {
		t.Error("an area without a border contains something")
	}
}

func TestABorderThatCrossesItselfIsFound(t *testing.T) {
	for _, c := range []struct {
		name    string
		ring    orb.Ring
		crosses bool
	}{
		{"a square", orb.Ring{{0, 0}, {1, 0}, {1, 1}, {0, 1}, {0, 0}}, false},
		{"not closed", orb.Ring{{0, 0}, {1, 0}, {1, 1}, {0, 1}}, false},
		{"a point twice", orb.Ring{{0, 0}, {1, 0}, {1, 0}, {1, 1}, {0, 1}, {0, 0}}, false},
		{"hollow", orb.Ring{{0, 0}, {4, 0}, {4, 4}, {2, 1}, {0, 4}, {0, 0}}, false},
		{"an eight", orb.Ring{{0, 0}, {1, 1}, {1, 0}, {0, 1}, {0, 0}}, true},
		{"crossed by its closing", orb.Ring{{0, 0}, {2, 0}, {2, 2}, {1, -1}}, true},
		{"touching itself", orb.Ring{{0, 0}, {4, 0}, {4, 4}, {2, 0}, {0, 4}, {0, 0}}, true},
	} {
		if at, crosses := SelfCrossing(c.ring); crosses != c.crosses {
			t.Errorf("%s: %t at %v", c.name, crosses, at)
		}
	}
}

// city is so many streets with lines of 21 points in 40 street groups.
func city(streets int) []Area {
	const groups = 40
	var all []Area
	for g := range groups {
		all = append(all, Area{ID: AreaID(g + 1), Kind: KindGroup, Name: fmt.Sprint("Groep ", g)})
	}
	for s := range streets {
		a := Area{ID: AreaID(len(all) + 1), Parent: AreaID(s%groups + 1), Kind: KindStreet, Name: fmt.Sprint("Straat ", s)}
		west, south := 5.5+0.002*float64(s%50), 51.5+0.001*float64(s/50)
		for part := range 3 {
			var line orb.LineString
			for i := range 7 {
				line = append(line, orb.Point{west + 0.0006*float64(part) + 0.0001*float64(i), south + 0.00002*float64(i%2)})
			}
			a.Lines = append(a.Lines, line)
		}
		all = append(all, a)
	}
	return all
}

func BenchmarkNearestOf2000Streets(b *testing.B) {
	areas := city(2000)
	for n := 0; b.Loop(); n++ {
		at := orb.Point{5.5 + 0.1*float64(n%97)/97, 51.5 + 0.04*float64(n%89)/89}
		if _, _, ok := Nearest(areas, at); !ok {
			b.Fatal("nothing found")
		}
	}
}
