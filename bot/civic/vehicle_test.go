package civic_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/buurtbot/buurtbot/bot/civic"
)

func TestOfIsNoVehicle(t *testing.T) {
	for _, text := range []string{
		"de deur van de buren stond open", "van de week liep er iemand rond", "een man met de tas van mijn moeder",
		"een witte van kleur", "in de tuin van mijn buurman",
	} {
		if v, ok := civic.DescribeVehicle(text); ok {
			t.Errorf("%q tells of a vehicle: %+v", text, v)
		}
		if p, _ := civic.Describe(text); p.Transport != "" {
			t.Errorf("%q: somebody goes by %s", text, p.Transport)
		}
	}
	for text, want := range map[string]civic.Vehicle{
		"a white van drove off":                      {Kind: "van", Colour: "white"},
		"they left in the van":                       {Kind: "van"},
		"een busje van de buren":                     {Kind: "van"},
		"de auto van de buurman, een rode fiat":      {Kind: "car", Make: "fiat", Colour: "rood"},
		"hij stond bij de van, zei hij, een scooter": {Kind: "scooter"},
	} {
		got, _ := civic.DescribeVehicle(text)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got): %s", text, diff)
		}
	}
}

func TestWhoIsAskedAboutAVehicleNeedNotNameIt(t *testing.T) {
	for text, want := range map[string]civic.Vehicle{
		"grijs, deuk in de deur":            {Colour: "grijs"},
		"zwarte opel corsa met een sticker": {Make: "opel", Model: "corsa", Colour: "zwart"},
		"het was een peugeot 308, laatst gezien bij de school om 17.00": {
			Make: "peugeot", Model: "308", LastSeenAt: "bij de school om 17.00",
		},
		"er zaten twee mannen in": {Occupants: "twee mannen"},
		"geen idee meer":          {},
	} {
		got := civic.DescribeVehicleAsked(text)
		got.Kind = ""
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got): %s", text, diff)
		}
		if left := got.Besides(text); !left.Empty() {
			t.Errorf("%s: %+v is said twice", text, left)
		}
	}
}

func TestWhatIsToldLastOfAVehicleCounts(t *testing.T) {
	v := civic.Vehicle{Kind: "car", Colour: "grijs", Plate: "12-XK", PlateCountry: "NL"}
	got := v.Learned(civic.Vehicle{Kind: "van", Colour: "zwart", Make: "opel", Plate: "AB-1"})
	want := civic.Vehicle{Kind: "car", Colour: "zwart", Make: "opel", Plate: "12-XK", PlateCountry: "NL"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
