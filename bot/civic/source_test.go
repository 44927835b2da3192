package civic_test

import (
	"testing"

	"github.com/buurtbot/buurtbot/bot/civic"
)

func TestSourceIsNamedInAnAnswer(t *testing.T) {
	for answer, want := range map[string]civic.Source{
		"van mijn moeder":               civic.SourceTold,
		"de buurvrouw":                  civic.SourceTold,
		"mijn zus heeft ze zelf gezien": civic.SourceTold,
		"zelf":                          civic.SourceSeen,
		"zelf geroken":                  civic.SourceSeen,
		"van de buurtapp":               civic.SourceForwarded,
		"op de deurbelcamera":           civic.SourceCamera,
		"ja":                            "",
		"nee":                           "",
		"de man liep daarna hard weg richting het park": "",
	} {
		if got := civic.SourceAsked(answer); got != want {
			t.Errorf("%q: %q, want %q", answer, got, want)
		}
	}
}
