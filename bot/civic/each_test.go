package civic_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/buurtbot/buurtbot/bot/civic"
)

func TestTwoPeopleAreKeptApart(t *testing.T) {
	for text, want := range map[string][]civic.Person{
		"twee mannen voelden aan deuren, de een had een rode jas en witte schoenen en de ander een blauwe trui en een pet": {
			{Gender: "man", Top: "rode jas", Shoes: "witte schoenen"},
			{Gender: "man", Top: "blauwe trui", Hair: "pet"},
		},
		"de eerste droeg een zwarte jas. De tweede had een baard, ze renden richting molenpad": {
			{Top: "zwarte jas", Direction: "richting molenpad"},
			{Face: "baard", Direction: "richting molenpad"},
		},
		"two boys, one had a red jacket and the other a black hoodie": {
			{Gender: "man", Top: "red jacket"},
			{Gender: "man", Top: "black hoodie"},
		},
		"een man met een rode jas, de ander zag ik niet": {{Gender: "man", Top: "rode jas"}},
		"de lamp is kapot": nil,
	} {
		if diff := cmp.Diff(want, civic.DescribeEach(text)); diff != "" {
			t.Errorf("%s (-want +got): %s", text, diff)
		}
	}
}

func TestAgeIsReadAsPeopleSayIt(t *testing.T) {
	for text, want := range map[string]string{
		"een man van een jaar of dertig": "26_40", "een jongen van 16 jaar": "12_17", "a man, about 50 years old": "41_60",
		"hij woont er al 30 jaar": "", "om 20 uur": "", "op nummer 12": "", "al een jaar of twee": "",
	} {
		if got := civic.AgeIn(text); got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
	for answer, want := range map[string]string{
		"30": "26_40", "ongeveer dertig": "26_40", "een jaar of 70": "60_up", "een tiener": "12_17", "rond de 20": "18_25", "nee": "",
	} {
		if got := civic.AgeAsked(answer); got != want {
			t.Errorf("asked, %s: %q, want %q", answer, got, want)
		}
	}
}
