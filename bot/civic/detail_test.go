package civic_test

import (
	"testing"

	"github.com/buurtbot/buurtbot/bot/civic"
)

func TestPlaceDetailIsWhatIsSaidBesideTheStreet(t *testing.T) {
	for _, c := range []struct{ words, called, want string }{
		{"Kastanjelaan", "", ""},
		{"kastanjelaan.", "", ""},
		{"op de Kastanjelaan", "", ""},
		{"Kastanjelaan, achter de flat", "", "achter de flat"},
		{"Kastanjelan 12", "", "12"},
		{"Kastanjelaan 12", "", "12"},
		{"hoek Kastanjelaan en Meidoornpad", "", "hoek Kastanjelaan en Meidoornpad"},
		{"bij de Albert Heijn", "Albert Heijn", ""},
		{"Albert Heijn, naast de ingang", "Albert Heijn", "Albert Heijn, naast de ingang"},
		{"speeltuin de vlindr", "bij Speeltuin De Vlinder (Kastanjelaan)", ""},
		{"in meidoorn", "Kastanjelaan (Meidoorn)", ""},
		{"", "", ""},
	} {
		if got := civic.PlaceDetail(c.words, "Kastanjelaan", c.called); got != c.want {
			t.Errorf("%q: %q, want %q", c.words, got, c.want)
		}
	}
}
