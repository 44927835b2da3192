package flows_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// noteLeak plays how a coordinator of both networks notes a leak, with this answer to where it holds and what follows from it.
func noteLeak(p *player, where ...string) map[string]string {
	p.t.Helper()
	alsoThere(p, "rachid", civic.NetworkCoordinator, 1)
	p.lines("rachid > /netwerk", "rachid > [BIN De Vlier]", "rachid > /lek", "rachid > [Iemand kon bij de server of back-up]",
		"rachid > [Net]", "rachid > [Alles wat ik bewaar]")
	for _, answer := range where {
		p.lines("rachid > [" + answer + "]")
	}
	p.lines("rachid > [Ja, alles staat stil]", "rachid > [Overslaan]")
	return byChat(p.line("rachid > [Vastleggen]"))
}

// Whoever answers for several networks notes at once what concerns all of them. Each network has a leak of its own, which is
// decided about there, and no room reads of the other network.
func TestALeakIsNotedInAllNetworksOfWhoNotesIt(t *testing.T) {
	p := openTwo(t)
	heard := noteLeak(p, "Al mijn netwerken")
	for room, names := range map[string][2]string{
		"bureau": {"BIN De Vlier", "BIN De Berk"}, "berkbureau": {"BIN De Berk", "BIN De Vlier"},
	} {
		if said := heard[room]; !strings.Contains(said, "in "+names[0]+" staan stil") || strings.Contains(said, names[1]) {
			t.Errorf("%s hears\n%s", room, said)
		}
	}
	if said := heard["rachid"]; !strings.Contains(said, "Datalek in BIN De Vlier") || !strings.Contains(said, "Datalek in BIN De Berk") {
		t.Errorf("rachid reads\n%s", said)
	}
	says(p, "berichten aan de buurt staan stil", []string{"Vlier"}, "lien > /alarm Er is brand op het Berkenplein.")
	says(p, "berichten aan de buurt staan stil", []string{"Berk"}, "mirjam > /alarm Er is brand op de Kastanjelaan.")
	p.close()
}

// What concerns one network halts nothing in another, and nobody there hears of it.
func TestALeakOfOneNetworkHaltsNothingInAnother(t *testing.T) {
	p := openTwo(t)
	heard := noteLeak(p, "Alleen dit netwerk", "Iedereen in BIN De Vlier")
	for _, chat := range []string{"berkbureau", "lien", "berklaan"} {
		if heard[chat] != "" {
			t.Errorf("%s hears\n%s", chat, heard[chat])
		}
	}
	says(p, "Zal ik dit aan de buurt vertellen?", []string{"stil"}, "lien > /alarm Er is brand op het Berkenplein.")
	says(p, "berichten aan de buurt staan stil", nil, "mirjam > /alarm Er is brand op de Kastanjelaan.")
	p.close()
}

// peopleOn lets so many people of a street group be reached on a platform, or on one where nobody is reached any more.
func peopleOn(p *player, platform string, many int, gone bool) {
	p.t.Helper()
	p.check(p.store.Do(p.ctx, func(tx bot.Tx) error {
		street, err := tx.AreaByCode(p.ctx, "KASTANJE1")
		if err != nil {
			return err
		}
		for i := range many {
			id := fmt.Sprintf("%s %d %t", platform, i, gone)
			chat, err := tx.Enter(p.ctx, bot.ChatRef{Platform: platform, ID: id, Kind: bot.Private}, p.now)
			if err != nil {
				return err
			}
			m, err := tx.Adopt(p.ctx, bot.UserRef{Platform: platform, ID: id}, chat.ID, street.Network, p.now)
			if err != nil {
				return err
			}
			m.Standing, m.Group = civic.StandingActive, street.Scope().Group
			if err := errors.Join(tx.SaveMember(p.ctx, m, p.now), tx.Reach(p.ctx, chat.ID, !gone, "", p.now)); err != nil {
				return err
			}
		}
		return nil
	}))
}

// Whom a leak concerns is counted by how they are reached, and nothing is said of few people.
func TestALeakTellsHowPeopleAreReached(t *testing.T) {
	for _, c := range []struct {
		telegram, matrix, gone int
		want                   string
	}{
		{5, 0, 0, "Het gaat om Kastanje: 5 leden.\n      Ik kan hen allemaal bereiken.\n"},
		{7, 6, 0, "13 leden.\n      Ik kan hen allemaal bereiken. Dat gaat via Matrix (6) en Telegram (7).\n"},
		{7, 6, 2, "15 leden.\n      Ik kan hen niet allemaal bereiken: spreek de anderen zelf aan. Dat gaat via Matrix en Telegram.\n"},
		{7, 3, 0, "10 leden.\n      Ik kan hen allemaal bereiken. Dat gaat via Matrix en Telegram.\n"},
		{0, 0, 6, "6 leden.\n      Niemand van hen kan ik bereiken. Spreek hen zelf aan.\n"},
	} {
		p := open(t, transcript{about: "# cast: bea admin; rachid network_coordinator\n"}, mode{})
		peopleOn(p, "telegram", c.telegram, false)
		peopleOn(p, "matrix", c.matrix, false)
		peopleOn(p, "telegram", c.gone, true)
		says(p, c.want, nil, "bea > /lek", "bea > [Telefoon of computer kwijt]", "bea > [Net]", "bea > [Namen en straten van leden]",
			"bea > [Kastanje]", "bea > [Nee, laat alles doorgaan]", "bea > [Overslaan]")
		p.close()
	}
}
