package civic

import (
	"math"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"
)

// quarter is two street groups side by side; the border between them runs at 5.61 east, 139 m from each street's end.
func quarter(bordered ...bool) []Area {
	box := func(west, east float64) orb.MultiPolygon {
		if len(bordered) == 0 {
			return nil
		}
		return orb.MultiPolygon{{{{west, 51.60}, {east, 51.60}, {east, 51.61}, {west, 51.61}, {west, 51.60}}}}
	}
	return []Area{
		{ID: 1, Kind: KindNetwork},
		{ID: 2, Parent: 1, Kind: KindGroup, Name: "Kastanje", Border: box(5.60, 5.61)},
		{ID: 3, Parent: 1, Kind: KindGroup, Name: "Meidoorn", Border: box(5.61, 5.62)},
		{ID: 4, Parent: 2, Kind: KindStreet, Name: "Kastanjelaan", Lines: orb.MultiLineString{{{5.602, 51.605}, {5.608, 51.605}}}},
		{ID: 5, Parent: 2, Kind: KindStreet, Name: "Kastanjepad", Lines: orb.MultiLineString{{{5.602, 51.609}, {5.603, 51.609}}}},
		{ID: 6, Parent: 3, Kind: KindStreet, Name: "Meidoornlaan", Lines: orb.MultiLineString{{{5.612, 51.605}, {5.618, 51.605}}}},
		{ID: 7, Parent: 3, Kind: KindStreet, Name: "Grenspad", Lines: orb.MultiLineString{{{5.6103, 51.609}, {5.6103, 51.608}}}},
		{ID: 8, Parent: 3, Kind: KindStreet, Name: "zonder lijn"},
	}
}

func TestAPinMeansTheStreetAndNearABorderOneOfTwo(t *testing.T) {
	for _, c := range []struct {
		name     string
		bordered bool
		at       orb.Point
		want     []AreaID
	}{
		{"on a street", false, orb.Point{5.604, 51.605}, []AreaID{4}},
		{"in the middle between two groups", false, orb.Point{5.60999, 51.605}, []AreaID{4, 6}},
		{"12 m from the middle", false, orb.Point{5.60983, 51.605}, []AreaID{4, 6}},
		{"12 m past the middle", false, orb.Point{5.61017, 51.605}, []AreaID{6, 4}},
		{"20 m from the middle", false, orb.Point{5.6097, 51.605}, []AreaID{4}},
		{"far from everything", false, orb.Point{5.604, 51.7}, nil},
		{"unknown", false, orb.Point{}, nil},
		{"12 m from the border", true, orb.Point{5.60983, 51.605}, []AreaID{4, 6}},
		{"20 m from the border", true, orb.Point{5.6097, 51.605}, []AreaID{4}},
		{"the other group's street is nearer, but the border says", true, orb.Point{5.6096, 51.6062}, []AreaID{4}},
		{"no street of the border's group is near", true, orb.Point{5.6097, 51.6085}, []AreaID{7}},
		{"just outside, by a street", true, orb.Point{5.6103, 51.6103}, nil},
		{"outside, close to a border", true, orb.Point{5.6103, 51.61008}, []AreaID{7}},
		{"7 m outside the border", true, orb.Point{5.5999, 51.605}, []AreaID{4}},
		{"outside the borders", true, orb.Point{5.5997, 51.605}, nil},
	} {
		areas := quarter()
		if c.bordered {
			areas = quarter(true)
		}
		got := Pin(areas, c.at)
		same := len(got) == len(c.want)
		for i := range got {
			same = same && got[i].ID == c.want[i]
		}
		if !same {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}

func TestTheNetworksBorderTellsWhatIsOutside(t *testing.T) {
	areas := quarter(true)
	areas[0].Border = orb.MultiPolygon{{{{5.599, 51.60}, {5.621, 51.60}, {5.621, 51.61}, {5.599, 51.61}, {5.599, 51.60}}}}
	if got := Pin(areas, orb.Point{5.5995, 51.605}); len(got) != 1 {
		t.Errorf("a gap between the borders of the network and its groups is inside: %v", got)
	}
	if got := Pin(areas, orb.Point{5.5987, 51.605}); len(got) != 0 {
		t.Errorf("outside: %v", got)
	}
}

func TestAPinNeverMeansAStreetThatIsFarOrTwoOfOneGroup(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		at := orb.Point{rapid.Float64Range(5.595, 5.625).Draw(t, "lon"), rapid.Float64Range(51.598, 51.612).Draw(t, "lat")}
		areas := quarter()
		if rapid.Bool().Draw(t, "bordered") {
			areas = quarter(true)
		}
		got := Pin(areas, at)
		for _, s := range got {
			if far := Distance(s.Lines, at); far > NearStreet || math.IsNaN(far) {
				t.Fatalf("%s is %.0f m away", s.Name, far)
			}
		}
		if len(got) > 2 || len(got) == 2 && got[0].Parent == got[1].Parent {
			t.Fatalf("%v", got)
		}
	})
}

func BenchmarkPinAmong2000Streets(b *testing.B) {
	areas := city(2000)
	for n := 0; b.Loop(); n++ {
		at := orb.Point{5.5 + 0.1*float64(n%97)/97, 51.5 + 0.04*float64(n%89)/89}
		if len(Pin(areas, at)) == 0 {
			b.Fatal("nothing found")
		}
	}
}
