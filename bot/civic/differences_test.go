package civic_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/buurtbot/buurtbot/bot/civic"
)

// Two accounts are compared in what both of them say, and in nothing else.
func TestDifferences(t *testing.T) {
	for name, tt := range map[string]struct {
		said []string
		want []civic.Difference
	}{
		"colour and number": {
			[]string{
				"3 jongens trappen het bushokje kapot, net weg op een zwarte scooter\ndrie jongens, zwarte scooter",
				"overal glas, zag een grijze scooter met 2 man",
			},
			[]civic.Difference{{About: "scooter", Said: []string{"zwart", "grijs"}}, {About: civic.DifferentPeople, Said: []string{"3", "2"}}},
		},
		"way":         {[]string{"ze renden richting de Marktstraat", "naar molenpad"}, []civic.Difference{{About: civic.DifferentWays, Said: []string{"marktstraat", "molenpad"}}}},
		"the same":    {[]string{"een witte bus richting Molenpad", "wit busje, naar het Molenpad, twee mannen"}, nil},
		"two at once": {[]string{"een rode auto en een blauwe auto", "een groene auto"}, nil},
		"other kinds": {[]string{"een rode fiets", "een blauwe auto"}, nil},
		"silence":     {[]string{"er is een ruit kapot", "een rode fiets, 4 jongens"}, nil},
		"not looks":   {[]string{"een zwarte jongen met een rode jas", "een blanke jongen met een blauwe jas"}, nil},
		"three": {
			[]string{"2 boys on a red bike", "three boys on a blue bike", "four boys, a red bike"},
			[]civic.Difference{{About: "bicycle", Said: []string{"red", "blue"}}, {About: civic.DifferentPeople, Said: []string{"2", "3", "4"}}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			var accounts []civic.Account
			for _, text := range tt.said {
				accounts = append(accounts, civic.Account{Text: text})
			}
			if diff := cmp.Diff(tt.want, civic.Differences(accounts)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	filled := []civic.Account{
		{Vehicles: []civic.Vehicle{{Kind: "van", Colour: "witte"}}}, {Text: "er stond een zwarte bestelbus"},
	}
	want := []civic.Difference{{About: "van", Said: []string{"wit", "zwart"}}}
	if diff := cmp.Diff(want, civic.Differences(filled)); diff != "" {
		t.Errorf("of a vehicle that was asked for (-want +got):\n%s", diff)
	}
}
