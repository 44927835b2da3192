package civic_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/buurtbot/buurtbot/bot/civic"
)

func TestDescriptionIsReadOutOfAStory(t *testing.T) {
	for text, want := range map[string]civic.Person{
		"man, donkerblauwe jas, witte schoenen, rugzak. rende richting molenpad": {
			Gender: "man", Top: "donkerblauwe jas", Shoes: "witte schoenen", Carrying: "rugzak", Transport: "",
			Direction: "richting molenpad",
		},
		"een vrouw met een rode winterjas en een bril, op een fiets": {
			Gender: "woman", Top: "rode winterjas", Face: "bril", Transport: "bicycle",
		},
		"puber met zwarte hoodie en witte sneakers": {Age: "12_17", Top: "zwarte hoodie", Shoes: "witte sneakers"},
		"two men with a black jacket on a scooter":  {Gender: "man", Top: "black jacket", Transport: "scooter"},
		"hij belt overal aan met een map, geel hesje": {
			Carrying: "map", Top: "geel hesje",
		},
	} {
		got, _ := civic.Describe(text)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", text, diff)
		}
	}
}

func TestDescriptionPassesOverOriginAndSkin(t *testing.T) {
	for _, text := range []string{
		"een donkere man met een zwarte jas", "Marokkaanse jongen, blauwe trui", "getinte vrouw met rode rok",
	} {
		got, ok := civic.Describe(text)
		all := strings.Join([]string{got.Hair, got.Face, got.Top, got.Bottom, got.Distinctive, got.Build}, " ")
		if !ok || strings.Contains(all, "getint") || strings.Contains(all, "donkere") || strings.Contains(all, "arok") {
			t.Errorf("%s: %+v", text, got)
		}
	}
}

func TestSkinNeedsTwoOtherFeatures(t *testing.T) {
	one := civic.Person{Top: "jas", SkinTone: "light", Gender: "man", Age: "18_25", Build: "slank"}
	if one.Fitting().SkinTone != "" {
		t.Error("skin stays with one feature")
	}
	two := one
	two.Shoes = "witte schoenen"
	if two.Fitting().SkinTone != "light" {
		t.Error("skin goes in spite of two features")
	}
}

func TestVehicleIsReadOutOfAStory(t *testing.T) {
	for text, want := range map[string]civic.Vehicle{
		"witte bestelbus met kenteken 12-ABC-3 reed langzaam richting centrum": {
			Kind: "van", Colour: "wit", Plate: "12-ABC-3", PlateCountry: "NL", Direction: "richting centrum",
		},
		"een zwarte bmw rijdt rondjes":     {Kind: "car", Make: "bmw", Colour: "zwart"},
		"weg op een grijze scooter":        {Kind: "scooter", Colour: "grijs"},
		"a red Volvo with three people":    {Kind: "car", Make: "volvo", Colour: "red", Occupants: "three people"},
		"zag een grijze scooter met 2 man": {Kind: "scooter", Colour: "grijs", Occupants: "2 man"},
		"rode auto, drie inzittenden":      {Kind: "car", Colour: "rood", Occupants: "drie inzittenden"},
		"twee mannen lopen naar een auto":  {Kind: "car", Direction: "naar een auto"},
	} {
		got, _ := civic.DescribeVehicle(text)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", text, diff)
		}
	}
	if _, ok := civic.DescribeVehicle("de lamp is kapot"); ok {
		t.Error("a lamp is a vehicle")
	}
}

func TestPartOfAPlateIsTaken(t *testing.T) {
	for words, want := range map[string]string{
		"12-AB": "12-AB", "begint met 1-ABC": "1-ABC", "iets met XX": "XX", "KLE-AB 12": "KLE-AB 12", "12-ABC-3": "12-ABC-3",
		"WA 123": "WA 123", "1-ABC-123": "1-ABC-123",
	} {
		got, ok := civic.ParsePartialPlate(words)
		if !ok || got.Number != want {
			t.Errorf("%q: %+v %t, want %q", words, got, ok, want)
		}
	}
	for _, words := range []string{
		"weet ik niet", "geen idee", "A", "", "12345678901", strings.Repeat("AB-12-", 7)[:40], "rood", "x",
	} {
		if got, ok := civic.ParsePartialPlate(words); ok {
			t.Errorf("%q is taken as %+v", words, got)
		}
	}
}
