package flows_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
	"github.com/buurtbot/buurtbot/bot/sandbox"
)

// inBothNetworks lets a member of the first network join the second as well.
func inBothNetworks(p *player) {
	p.t.Helper()
	says(p, "Welkom bij BIN De Berk", []string{"Vlier"}, "ana > /start BERKLAAN")
	says(p, "Ben je 18 jaar of ouder?", nil, "ana > [Ja, ik doe mee]")
	says(p, "de naam die ik al ken", nil, "ana > [Ja]")
	says(p, "[Toelaten] [Vraag stellen] [Afwijzen]", []string{"Vlier"}, "ana > [Overslaan]")
	says(p, "Welkom, je doet mee met BIN De Berk", []string{"Vlier"}, "rob@berkdesk > [Toelaten]")
}

// standing is what Ana is in each of the two networks.
func standing(p *player) (in []civic.Standing) {
	p.t.Helper()
	p.check(p.store.Do(p.ctx, func(tx bot.Tx) error {
		in = nil
		networks, err := tx.Networks(p.ctx)
		if err != nil {
			return err
		}
		person, err := tx.Identify(p.ctx, bot.UserRef{Platform: sandbox.Name, ID: "ana"})
		if err != nil {
			return err
		}
		for _, n := range networks {
			m, err := tx.MemberIn(p.ctx, person.ID, n.ID)
			if err != nil {
				return err
			}
			in = append(in, m.Standing)
		}
		return nil
	}))
	return in
}

// Somebody lives in one network and joins another as well: each knows them by what they are in it, they choose which one is
// meant, what they report goes to that one, and they leave one without leaving the other.
func TestAMemberOfTwoNetworks(t *testing.T) {
	p := openTwo(t)
	inBothNetworks(p)
	if got := standing(p); !slices.Equal(got, []civic.Standing{civic.StandingActive, civic.StandingActive}) {
		t.Fatalf("ana is %v", got)
	}
	says(p, "Vanaf nu gaat het over BIN De Vlier", nil, "ana > /netwerk", "ana > [BIN De Vlier]")
	says(p, "", []string{"Berk", "BRK-"}, "ana > Er is ingebroken in de schuur op de Kastanjelaan, ik zag het vanmorgen")
	says(p, "", nil, "ana > /stop", "ana > [Melding stoppen]")

	// Wishes are of one network, a holiday is of all.
	says(p, "", nil, "ana > /pauze 14")
	p.check(p.store.Do(p.ctx, func(tx bot.Tx) error {
		person, err := tx.Identify(p.ctx, bot.UserRef{Platform: sandbox.Name, ID: "ana"})
		if err != nil {
			return err
		}
		networks, err := tx.Networks(p.ctx)
		for _, n := range networks {
			m, failed := tx.MemberIn(p.ctx, person.ID, n.ID)
			if failed != nil || !m.AwayAt(p.now) {
				t.Errorf("in %s: %+v, %v", n.Name, m, failed)
			}
		}
		return err
	}))

	says(p, "[Alleen uit BIN De Vlier]", []string{"Berk"}, "ana > /stop")
	says(p, "Je hoort niet meer bij BIN De Vlier", []string{"Berk"}, "ana > [Alleen uit BIN De Vlier]")
	if got := standing(p); !slices.Equal(got, []civic.Standing{civic.StandingNone, civic.StandingActive}) {
		t.Fatalf("ana is %v", got)
	}
	says(p, "BIN De Berk", []string{"Vlier"}, "ana > /start")
	p.close()
}

// What one network decides about a request ends nothing in the other, and neither reads of the other's.
func TestARequestToAnotherNetworkTouchesNothingOfTheFirst(t *testing.T) {
	p := openTwo(t)
	asks := []string{"ana > /start BERKLAAN", "ana > [Ja, ik doe mee]", "ana > [Ja]", "ana > [Overslaan]"}
	says(p, "Dank je wel", []string{"Vlier"}, asks...)
	says(p, "Voor de rest blijft alles zoals het was.", []string{"Vlier"}, "ana > [Aanvraag intrekken]")
	says(p, "Dank je wel", []string{"Vlier"}, asks...)
	says(p, "", []string{"Vlier", "\ndesk"}, "rob@berkdesk > [Afwijzen]", "rob > [Eerst even praten]")
	if got := standing(p); !slices.Equal(got, []civic.Standing{civic.StandingActive, civic.StandingNone}) {
		t.Fatalf("ana is %v", got)
	}
	says(p, "BIN De Vlier", []string{"Berk"}, "ana > /start")
	p.close()
}

// Who leaves everywhere, or has everything erased, is gone from both.
func TestWhoLeavesEverywhereIsGoneFromBoth(t *testing.T) {
	for name, lines := range map[string][]string{
		"stop":      {"ana > /stop", "ana > [Uit alle netwerken]"},
		"verwijder": {"ana > /verwijder", "ana > [Verder]", "ana > [Ja, wis alles]"}, // each says from where
	} {
		t.Run(name, func(t *testing.T) {
			p := openTwo(t)
			inBothNetworks(p)
			says(p, "BIN De Vlier, BIN De Berk", nil, lines...)
			if said := strings.Join(p.line("ana > /mijngegevens"), ""); !strings.Contains(said, "Ik bewaar niets van je") {
				t.Errorf("ana reads\n%s", said)
			}
			p.close()
		})
	}
}

// Who was removed from one network and is a member of another appeals against the removal, before people of the first, who
// read nothing of the other.
func TestWhoWasRemovedAppealsFromAnotherNetwork(t *testing.T) {
	p := openTwo(t)
	inBothNetworks(p)
	says(p, "Ana leest dit", []string{"Berk"}, "rachid > /aanspreken Ana", "rachid > [Uit het netwerk zetten]",
		"rachid > [Grof of bedreigend zijn]", "rachid > [Overslaan]")
	says(p, "Je doet niet meer mee met BIN De Vlier", []string{"Berk"}, "rachid > [Versturen]")
	if got := standing(p); !slices.Equal(got, []civic.Standing{civic.StandingNone, civic.StandingActive}) {
		t.Fatalf("ana is %v", got)
	}
	says(p, "BIN De Berk", []string{"Vlier"}, "ana > /start")
	says(p, "Waarom ben je het er niet mee eens?", []string{"Berk"}, "ana > /bezwaar")
	says(p, "", []string{"\nkees", "\nberkdesk", "De Berk"}, "ana > Het was een misverstand.")
	says(p, "BIN De Berk", []string{"Vlier"}, "ana > /start")
	p.close()
}
