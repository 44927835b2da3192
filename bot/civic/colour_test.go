package civic_test

import (
	"testing"

	"github.com/buurtbot/buurtbot/bot/civic"
)

func TestColourOfAVehicleIsReadBeforeAndAfterItsNoun(t *testing.T) {
	for text, want := range map[string]string{
		"bestelbus, witte":                            "wit",
		"een bestelbus (witte) zonder ramen":          "wit",
		"witte bestelbus":                             "wit",
		"een bestelbus, wit van kleur":                "wit",
		"busje, een witte, reed rondjes":              "wit",
		"auto kleur zwart":                            "zwart",
		"de auto is donkerblauw":                      "donkerblauw",
		"een donkerblauwe auto":                       "donkerblauw",
		"auto, volvo, rode":                           "rood",
		"scooter grijs kenteken onbekend":             "grijs",
		"a van, white, with two men":                  "white",
		"busje, witte schoenen bij de chauffeur":      "",
		"een auto met iemand in een rode jas ernaast": "",
		"bestelbus, zwarte man stapte uit":            "",
		"bestelbus":                                   "",
		"":                                            "",
	} {
		v, _ := civic.DescribeVehicle(text)
		if v.Colour != want {
			t.Errorf("%q: colour %q, want %q", text, v.Colour, want)
		}
	}
}

func TestColourOfClothesMayStandAfterThem(t *testing.T) {
	for text, want := range map[string]string{
		"jas, zwarte, en een rugzak":   "jas (zwart)",
		"zwarte jas":                   "zwarte jas",
		"hij droeg een jas, rood":      "jas (rood)",
		"jas en witte schoenen":        "jas",
		"jas, witte schoenen":          "jas",
		"zwarte jas, blauw van binnen": "zwarte jas",
	} {
		if p, _ := civic.Describe(text); p.Top != want {
			t.Errorf("%q: top %q, want %q", text, p.Top, want)
		}
	}
}
