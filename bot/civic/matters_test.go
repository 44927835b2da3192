package civic_test

import (
	"testing"

	"github.com/buurtbot/buurtbot/bot/civic"
)

// Two things that have nothing to do with each other are two reports; what belongs together stays one.
func TestTwoMattersInOneText(t *testing.T) {
	for text, want := range map[string][2]string{
		"er ligt grofvuil op de stoep, en gisteren is mijn fiets gestolen": {
			"er ligt grofvuil op de stoep", "gisteren is mijn fiets gestolen",
		},
		"De lantaarn op de hoek is kapot. Daarnaast is vorige week mijn fiets gestolen uit de schuur.": {
			"De lantaarn op de hoek is kapot.", "Daarnaast is vorige week mijn fiets gestolen uit de schuur.",
		},
		"Mijn fiets is gestolen. Trouwens, de lantaarnpaal voor de deur is ook kapot": {
			"Mijn fiets is gestolen.", "Trouwens, de lantaarnpaal voor de deur is ook kapot",
		},
		"there is rubbish dumped on the corner and yesterday my bike was stolen": {
			"there is rubbish dumped on the corner", "yesterday my bike was stolen",
		},
	} {
		first, second, two := civic.TwoMatters(text)
		if !two || first != want[0] || second != want[1] {
			t.Errorf("%s: %q and %q", text, first, second)
		}
	}
	for _, text := range []string{
		"mijn fiets is gestolen", "gisteren is mijn fiets gestolen", "er ligt grofvuil en gisteren lag het er ook al",
		"herrie van jongeren op het plein, en gisteren lagen er overal blikjes en afval",
		"er is ingebroken bij de buren. Ook is hun fiets gestolen",
		"de lantaarn is kapot en gisteren zag ik hem nog branden",
		"er ligt grofvuil, en nu klimt er iemand bij de buren naar binnen",
		"er ligt afval bij de buren en gisteren zei hij dat hij er niet meer wil zijn",
		"de lamp is kapot, verder niets",
		"de ruit van mijn auto is ingetikt en gisteren is mijn tas gestolen",
	} {
		if first, second, two := civic.TwoMatters(text); two {
			t.Errorf("%s: %q and %q", text, first, second)
		}
	}
}
