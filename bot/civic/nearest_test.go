package civic

import (
	"math"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geo"
	"pgregory.net/rapid"
)

// vlier is a piece of BIN De Vlier: a network, a group, and streets with lines.
func vlier() []Area {
	return []Area{
		{ID: 1, Network: 1, Kind: KindNetwork, Name: "BIN De Vlier", Lines: orb.MultiLineString{{{5.6050, 51.6010}, {5.6051, 51.6010}}}},
		{ID: 2, Parent: 1, Network: 1, Kind: KindGroup, Name: "Kastanje"},
		{
			ID: 11, Parent: 2, Network: 1, Kind: KindStreet, Name: "Kastanjelaan",
			Lines: orb.MultiLineString{{{5.6020, 51.6000}, {5.6040, 51.6000}, {5.6060, 51.6000}}},
		},
		{
			ID: 12, Parent: 2, Network: 1, Kind: KindStreet, Name: "Kastanjestraat",
			Lines: orb.MultiLineString{{{5.6040, 51.6002}, {5.6040, 51.6030}}},
		},
		{ID: 13, Parent: 2, Network: 1, Kind: KindStreet, Name: "Molenpad", Lines: orb.MultiLineString{{{5.6100, 51.5990}}}},
		{ID: 14, Parent: 2, Network: 1, Kind: KindStreet, Name: "zonder lijn"},
	}
}

func TestNearestStreetIsFoundByItsLine(t *testing.T) {
	cases := []struct {
		name   string
		at     orb.Point
		street AreaID
		metres float64
	}{
		{"on the line between two points", orb.Point{5.6031, 51.6000}, 11, 0},
		{"ten metres beside the line", orb.Point{5.6031, 51.60009}, 11, 10},
		{"on a corner", orb.Point{5.6040, 51.6002}, 12, 0},
		{"past the end", orb.Point{5.6040, 51.6039}, 12, 100},
		{"a street that is one point", orb.Point{5.6100, 51.5990}, 13, 0},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			street, metres, ok := Nearest(vlier(), c.at)
			if !ok || street.ID != c.street || math.Abs(metres-c.metres) > 0.2 {
				t.Errorf("got %s (%d), %.2f m, %t", street.Name, street.ID, metres, ok)
			}
		})
	}
}

func TestNowhereHasNoNearestStreet(t *testing.T) {
	if _, _, ok := Nearest(nil, orb.Point{5.6, 51.6}); ok {
		t.Error("found a street among none")
	}
	if street, _, ok := Nearest(vlier()[:2], orb.Point{5.6, 51.6}); ok {
		t.Errorf("%s is no street", street.Name)
	}
	if _, _, ok := Nearest(vlier(), orb.Point{}); ok {
		t.Error("found a street near an unknown point")
	}
	odd := []Area{{ID: 1, Kind: KindStreet, Lines: orb.MultiLineString{{{math.NaN(), 51.6}, {5.6, 51.6}}}}}
	if _, metres, ok := Nearest(odd, orb.Point{5.6, 51.6}); ok {
		t.Errorf("%v metres from a line that is nowhere", metres)
	}
}

func TestOfTwoEquallyCloseStreetsTheLowerNumberIsTaken(t *testing.T) {
	line := orb.MultiLineString{{{5.602, 51.6}, {5.604, 51.6}}}
	areas := []Area{{ID: 9, Kind: KindStreet, Lines: line}, {ID: 3, Kind: KindStreet, Lines: line}}
	if street, _, _ := Nearest(areas, orb.Point{5.603, 51.601}); street.ID != 3 {
		t.Errorf("got %d", street.ID)
	}
}

func TestNearestIsNeverFartherThanAnyPointOfAnyStreet(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		at := orb.Point{rapid.Float64Range(5.60, 5.612).Draw(t, "lon"), rapid.Float64Range(51.598, 51.604).Draw(t, "lat")}
		areas := vlier()
		_, metres, ok := Nearest(areas, at)
		if !ok {
			t.Fatal("nothing found")
		}
		for _, area := range areas[2:] {
			line := area.Longest()
			for i := 1; i < len(line); i++ {
				f := rapid.Float64Range(0, 1).Draw(t, "along")
				a, b := line[i-1], line[i]
				on := orb.Point{a[0] + f*(b[0]-a[0]), a[1] + f*(b[1]-a[1])}
				if far := geo.Distance(on, at); far < metres-0.1 {
					t.Fatalf("%s passes at %.2f m, nearest is %.2f m", area.Name, far, metres)
				}
			}
		}
	})
}

func TestPointsOffTheEarthAreNotValid(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for _, p := range []orb.Point{{0, 0}, {181, 51}, {-181, 51}, {5, 91}, {5, -91}, {nan, 51}, {5, nan}, {inf, 51}, {5, -inf}} {
		if Valid(p) {
			t.Errorf("%v is valid", p)
		}
	}
	for _, p := range []orb.Point{{5.6, 51.6}, {0, 51.5}, {-180, -90}, {180, 90}, {5, 0}} {
		if !Valid(p) {
			t.Errorf("%v is not valid", p)
		}
	}
}
