package flows_test

import (
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// besides gives the second network a street that the first has not, with a line on the map, and lets Ana live in both.
func besides(p *player) {
	p.t.Helper()
	p.check(p.store.Do(p.ctx, func(tx bot.Tx) error {
		networks, err := tx.Networks(p.ctx)
		if err != nil {
			return err
		}
		group, err := tx.AreaByCode(p.ctx, "BERK1")
		if err != nil {
			return err
		}
		return tx.SaveArea(p.ctx, &civic.Area{
			Parent: group.ID, Network: networks[1].ID, Kind: civic.KindStreet, Name: "Sparrendreef",
			Lines: orb.MultiLineString{{{4.3, 51.2}, {4.31, 51.2}}},
		})
	}))
	inBothNetworks(p)
	says(p, "Vanaf nu gaat het over BIN De Vlier", nil, "ana > /netwerk", "ana > [BIN De Vlier]")
}

// Who lives in two networks and tells of a street of the other is asked whether the report goes there, and types nothing again:
// when the story names it, when it is typed where it is asked for, and when a pin is there. The other network gets the report.
func TestAReportGoesOnInTheOtherNetwork(t *testing.T) {
	const offer = "Sparrendreef ligt in BIN De Berk. Daar hoor je ook bij."
	for name, lines := range map[string][]string{
		"story": {"ana > De lantaarn in de Sparrendreef is al een week kapot"},
		"typed": {"ana > De lantaarn is al een week kapot", "ana > Sparrendreef 12"},
		"slip":  {"ana > De lantaarn is al een week kapot", "ana > Sparendreef"},
		"pin":   {"ana > De lantaarn is al een week kapot", "ana > @51.2001,4.305"},
		"first": {"ana > @51.2001,4.305", "ana > De lantaarn is al een week kapot"},
	} {
		t.Run(name, func(t *testing.T) {
			p := openTwo(t)
			besides(p)
			says(p, offer, nil, lines...)
			says(p, "Vanaf nu gaat het over BIN De Berk", nil, "ana > [Ja, meld het in BIN De Berk]")
			says(p, "Waar: Sparrendreef", nil, "ana > [Overslaan]")
			heard := byChat(p.line("ana > [Versturen]"))
			if said := heard["berkdesk"]; !strings.Contains(said, "De lantaarn") || !strings.Contains(said, "Sparrendreef") || heard["desk"] != "" {
				t.Errorf("%v", heard)
			}
			p.close()
		})
	}
}

// Who means this network after all is asked where it is, and is not asked again; danger is told to whom to call first.
func TestAReportStaysHereWhenThatIsSaid(t *testing.T) {
	p := openTwo(t)
	besides(p)
	says(p, "Waar is het?", []string{"Berk"}, "ana > De lantaarn bij de Sparrendreef is al een week kapot", "ana > [Nee, het is in BIN De Vlier]")
	says(p, "Die straat ken ik niet", []string{"Berk"}, "ana > Sparrendreef")
	says(p, "Heb je foto’s?", nil, "ana > [Kastanjelaan]")
	p.close()
}

// Of a network in which somebody has no part nothing is offered, and a press that was made up leads nowhere.
func TestNobodyIsSentToANetworkInWhichTheyHaveNoPart(t *testing.T) {
	p := openTwo(t)
	besides(p)
	says(p, "Waar is het?", []string{"Berk"}, "wim > De lantaarn in de Sparrendreef is al een week kapot")
	says(p, "Die straat ken ik niet", []string{"Berk"}, "wim > Sparrendreef")
	p.close()
}
