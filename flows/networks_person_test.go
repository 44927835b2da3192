package flows_test

import (
	"strings"
	"testing"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
	"github.com/buurtbot/buurtbot/bot/sandbox"
)

// alsoThere gives a person of the first network a role in the second, or in both.
func alsoThere(p *player, who string, role civic.Role, sides ...int) {
	p.t.Helper()
	p.check(p.store.Do(p.ctx, func(tx bot.Tx) error {
		networks, err := tx.Networks(p.ctx)
		if err != nil {
			return err
		}
		m, err := tx.Identify(p.ctx, bot.UserRef{Platform: sandbox.Name, ID: who})
		if err != nil {
			return err
		}
		for _, side := range sides {
			if err := tx.Grant(p.ctx, m.ID, civic.Grant{Role: role, Area: networks[side].ID, From: p.now}, 0); err != nil {
				return err
			}
		}
		return nil
	}))
}

// says plays lines, the last of which must be answered with want, and with none of the words of not.
func says(p *player, want string, not []string, lines ...string) {
	p.t.Helper()
	var said string
	for _, line := range lines {
		said = strings.Join(p.line(line), "")
	}
	if !strings.Contains(said, want) {
		p.t.Errorf("%s: want %q in\n%s", lines[len(lines)-1], want, said)
	}
	for _, word := range not {
		if strings.Contains(said, word) {
			p.t.Errorf("%s: shows %q in\n%s", lines[len(lines)-1], word, said)
		}
	}
}

// That a member holds a role in another network stops no measure here, because being stopped would tell it. What a network
// decides ends nothing in another: the member is out of the one, and what they are in the other they stay.
func TestAMeasureTellsAndEndsNothingOfAnotherNetwork(t *testing.T) {
	p := openTwo(t)
	alsoThere(p, "ana", civic.Admin, 1)
	says(p, "Wat wil je doen?", []string{"rol", "Berk"}, "rachid > /aanspreken Ana")
	says(p, "Het lid is uit het netwerk", []string{"rol", "Berk"},
		"rachid > [Uit het netwerk zetten]", "rachid > [Grof of bedreigend zijn]", "rachid > [Overslaan]", "rachid > [Versturen]")
	says(p, "BIN De Berk", []string{"Vlier"}, "ana > /start")
	says(p, "Ana", nil, "ana > /rollen")
	says(p, "geen lid dat Ana heet", nil, "rachid > /aanspreken Ana")
	p.close()
}

// Who holds a role in this network loses that first, whatever they are elsewhere.
func TestAMeasureIsStillRefusedForWhoHoldsARoleHere(t *testing.T) {
	p := openTwo(t)
	alsoThere(p, "ana", civic.Housing, 0, 1)
	says(p, "Dit lid heeft een rol", []string{"Berk"}, "rachid > /aanspreken Ana")
	p.close()
}

// The end of a suspension is told in the name of the network that gave it.
func TestASuspensionEndsInItsOwnNetwork(t *testing.T) {
	p := openTwo(t)
	says(p, "Het lid is geschorst", []string{"Vlier"}, "kees > /aanspreken Bea", "kees > [Schorsen voor een tijd]",
		"kees > [Grof of bedreigend zijn]", "kees > [7 dagen]", "kees > [Overslaan]", "kees > [Versturen]")
	p.pass("8d later")
	if said := strings.Join(p.said(), ""); !strings.Contains(said, "De Berk") || strings.Contains(said, "Vlier") {
		t.Errorf("when the suspension ends: %s", said)
	}
	p.close()
}

// Who asked to be let in and takes it back is forgotten, unless they hold a role in another network.
func TestATakenBackRequestEndsNoRoleElsewhere(t *testing.T) {
	p := openTwo(t)
	alsoThere(p, "ana", civic.Admin, 1)
	p.check(p.store.Do(p.ctx, func(tx bot.Tx) error {
		m, err := tx.Identify(p.ctx, bot.UserRef{Platform: sandbox.Name, ID: "ana"})
		if err != nil {
			return err
		}
		m.Standing = civic.StandingPending
		return tx.SaveMember(p.ctx, m, p.now)
	}))
	says(p, "ingetrokken", nil, "ana > /start", "ana > [Aanvraag intrekken]")
	says(p, "Ana", []string{"Vlier"}, "ana > /rollen")
	p.close()
}

// A case about the police is kept from the police of its own network; who is police elsewhere and coordinates here reads
// it like other coordinators.
func TestAPartInAnotherNetworkKeepsNoCaseFromACoordinator(t *testing.T) {
	p := openTwo(t)
	alsoThere(p, "rachid", civic.Police, 1)
	p.line("ana > De wijkagent parkeert elke dag zijn auto op de stoep in de Kastanjelaan")
	p.line("ana > [Overslaan]")
	p.line("ana > [Politie]")
	said := p.line("ana > [Versturen]")
	if !strings.Contains(strings.Join(said, ""), "rachid < KAS-") {
		t.Errorf("the coordinator reads nothing of it: %q", said)
	}
	p.close()
}

// Who is away in two networks is away in each: cases of both go back to the queue, and who covers reads of their own.
func TestAnAbsenceIsCoveredInEachNetwork(t *testing.T) {
	p := openTwo(t)
	alsoThere(p, "dubbel", civic.NetworkCoordinator, 0, 1)
	tellOne(t, p, "bea")
	for _, line := range []string{"dubbel > /netwerk", "dubbel > [BIN De Berk]", "dubbel@berkdesk > [Opgepakt]"} {
		p.line(line)
	}
	p.line("dubbel > /vakantie 15-20 oktober")
	p.pass("24h later")
	said := p.said()
	for _, s := range said {
		if side, known := sides[chatOf(s)]; known && strings.Contains(s, marks[1-side][0]) {
			t.Errorf("a network hears of the other: %s", s)
		}
	}
	heard := strings.Join(said, "")
	if !strings.Contains(heard, "[Opgepakt]") {
		t.Errorf("the case is not given back: %s", heard)
	}
	p.close()
}

// What would be erased now is told of the network in which somebody asks.
func TestWhatWouldBeErasedIsToldOfOnesOwnNetwork(t *testing.T) {
	p := openTwo(t)
	defer p.close()
	alsoThere(p, "rachid", civic.Admin, 0)
	alsoThere(p, "kees", civic.Admin, 1)
	long := p.now.AddDate(-6, 0, 0)
	p.check(p.store.Do(p.ctx, func(tx bot.Tx) error {
		networks, err := tx.Networks(p.ctx)
		if err != nil {
			return err
		}
		return tx.CreateCase(p.ctx, &civic.Case{
			Ref: "BRK-AAAA", Network: networks[1].ID, Status: civic.Resolved, Category: civic.Other, Created: long, Changed: long,
		})
	}))
	const left = "Wat er van een zaak over is: 5 jaar na het einde. Nu: "
	says(p, left+"1.", []string{"BIN De Vlier"}, "kees > /bewaar")
	says(p, left+"0.", []string{"BIN De Berk"}, "rachid > /bewaar")
}
