package civic_test

import (
	"testing"

	"github.com/paulmach/orb"

	"github.com/buurtbot/buurtbot/bot/civic"
)

func TestLandmarksAreFoundByAnyOfTheirNamesAndWithMistakes(t *testing.T) {
	known := []civic.Landmark{
		{ID: 1, Name: "Albert Heijn", Also: []string{"AH", "appie"}},
		{ID: 2, Name: "Station Vlierdam", Also: []string{"station"}},
		{ID: 3, Name: "Speeltuin De Vlinder"},
		{ID: 4, Name: "Albert Heijn"},
	}
	for text, want := range map[string][]int64{
		"bij de Albert Heijn ligt glas":                {1, 4},
		"bij de alberthein ligt glas":                  {1, 4}, // a letter and a space less
		"vechtpartij voor de AH":                       {1},
		"naast het statoin staat een busje":            {2},
		"Een fiets bij speeltuin de vlindr":            {3},
		"hij rende richting het station":               nil, // that is where he went
		"iemand zegt ah, en anders niets":              {1},
		"de lamp is kapot":                             nil,
		"":                                             nil,
		"bij het station, naast de Albert Heijn, net":  {1, 2, 4},
		"in de speeltuin":                              nil, // which one is not said
		"STATION VLIERDAM!!! er staat iets in brand 🔥": {2},
	} {
		var got []int64
		for _, l := range civic.LandmarksIn(known, text) {
			got = append(got, l.ID)
		}
		if len(got) != len(want) {
			t.Errorf("%q names %v, want %v", text, got, want)
			continue
		}
		for i := range got {
			if got[i] != want[i] {
				t.Errorf("%q names %v, want %v", text, got, want)
			}
		}
	}
}

func TestALandmarkLiesAtTheNearestStreetOrAtNone(t *testing.T) {
	streets := []civic.Area{
		{ID: 1, Kind: civic.KindNetwork, Network: 1},
		{ID: 2, Kind: civic.KindGroup, Parent: 1, Network: 1},
		{ID: 3, Kind: civic.KindStreet, Parent: 2, Network: 1, Lines: civic.LinesOf(orb.LineString{{5.601, 51.605}, {5.604, 51.605}})},
		{ID: 4, Kind: civic.KindStreet, Parent: 2, Network: 1, Lines: civic.LinesOf(orb.LineString{{5.601, 51.607}, {5.604, 51.607}})},
	}
	for _, c := range []struct {
		at   orb.Point
		want civic.AreaID
	}{
		{orb.Point{5.602, 51.6055}, 3}, {orb.Point{5.602, 51.6065}, 4}, {orb.Point{5.7, 51.7}, 0}, {orb.Point{}, 0},
	} {
		street, ok := civic.StreetOf(streets, civic.Landmark{At: c.at})
		if street.ID != c.want || ok != (c.want != 0) {
			t.Errorf("%v lies at %d", c.at, street.ID)
		}
	}
}
