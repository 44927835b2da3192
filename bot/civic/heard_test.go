package civic

import "testing"

func TestALanguageIsHeardAndNeverConcluded(t *testing.T) {
	for text, want := range map[string]string{
		"hij sprak Pools": "pools",
		"Man met blauwe jas. Hij praatte vloeiend Engels": "engels",
		"ze spraken geen Nederlands":                      "geen nederlands",
		"met een Duits accent":                            "duits accent",
		"they spoke Polish to each other":                 "polish",
		"he was talking in broken English":                "english",
		"hij vloekte in het Turks":                        "turks",
		"Poolse man in een blauwe jas":                    "",
		"een man van Pools uiterlijk":                     "",
		"hij reed in een auto met Duits kenteken":         "",
		"hij riep iets en liep een Pools winkeltje in":    "",
		"hij zag er Turks uit en sprak niemand aan":       "",
		"": "",
	} {
		if got := LanguageIn(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestALanguageNeverStandsAlone(t *testing.T) {
	p, _ := DescribeStory("De man sprak Pools. Hij had een blauwe jas en witte schoenen aan.")
	if got := p.Fitting(); got.LanguageHeard != "pools" || got.Features() != 2 {
		t.Errorf("%+v", got)
	}
	if p, _ = DescribeStory("De man sprak Pools en had een blauwe jas"); p.Fitting().LanguageHeard != "" {
		t.Errorf("one feature is enough: %+v", p)
	}
}

func TestModelAndWhereItWasSeenLastAreTaken(t *testing.T) {
	for text, want := range map[string]Vehicle{
		"zwarte volkswagen golf, laatst gezien op de Marktstraat rond 21.30 uur": {
			Kind: "car", Make: "volkswagen", Model: "golf", Colour: "zwart", LastSeenAt: "op de Marktstraat rond 21.30 uur",
		},
		"witte ford transit":            {Kind: "car", Make: "ford", Model: "transit", Colour: "wit"},
		"witte bestelbus, Ford Transit": {Kind: "van", Make: "ford", Model: "transit", Colour: "wit"},
		"red Toyota Yaris, last seen: near the school": {
			Kind: "car", Make: "toyota", Model: "yaris", Colour: "red", LastSeenAt: "near the school",
		},
	} {
		if got, _ := DescribeVehicle(text); got != want {
			t.Errorf("%q: %+v, want %+v", text, got, want)
		}
	}
}
