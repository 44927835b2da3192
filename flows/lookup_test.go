package flows_test

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// filed stores so many cases in a network, each with the words that story makes of its number; the first of them may be about
// somebody of it.
func filed(p *player, network string, many int, story func(i int) string, about ...civic.Subject) {
	p.t.Helper()
	p.check(p.store.Do(p.ctx, func(tx bot.Tx) error {
		networks, err := tx.Networks(p.ctx)
		if err != nil {
			return err
		}
		for _, n := range networks {
			for i := range many {
				if n.Name != network {
					continue
				}
				c := civic.Case{
					Ref: fmt.Sprintf("X%d-%04d", n.ID, i), Network: n.ID, Status: civic.Received, Category: civic.Other,
					Urgency: civic.Normal, Created: p.now, Changed: p.now,
				}
				if i < len(about) {
					c.Subject = about[i]
				}
				if err := tx.CreateCase(p.ctx, &c); err != nil {
					return err
				}
				r := civic.Report{Case: c.ID, Alias: 1, Text: story(i), When: civic.Earlier, Filed: p.now}
				if err := tx.AddReport(p.ctx, &r); err != nil {
					return err
				}
			}
		}
		return nil
	}))
}

// ask plays how an officer writes down a lookup of a name, and how somebody agrees.
func ask(p *player, officer, agrees string, lines ...string) {
	p.t.Helper()
	p.lines(append(append([]string{officer + " > /inzage"}, lines...), officer+" > [Een naam]", officer+" > Kanarie de Piet",
		officer+" > Brief 7", officer+" > [Akkoord vragen]", agrees+" > [Akkoord]")...)
}

// A large network is looked through in turns, and everything is found once, as far as it can be shown.
func TestALookupGoesThroughEveryCase(t *testing.T) {
	p := open(t, transcript{about: "# cast: els dpo; rachid network_coordinator\n"}, mode{})
	filed(p, "BIN De Vlier", 130, func(i int) string {
		if i%10 == 9 {
			return fmt.Sprintf("Verhaal %d: het was kanarie de piet.", i)
		}
		return "Het was de Piet."
	})
	ask(p, "els", "rachid")
	said := strings.Join(p.line("els > [Zoeken]"), "") + strings.Join(p.line("… 5s later"), "") + strings.Join(p.line("… 5s later"), "") +
		strings.Join(p.line("… 5s later"), "")
	for i := 9; i < 130; i += 10 {
		if n := strings.Count(said, fmt.Sprintf("Verhaal %d:", i)); n != 1 {
			t.Errorf("story %d: %d times", i, n)
		}
	}
	if !strings.Contains(said, "Ik vond 13 plekken") || strings.Count(said, "Hier weghalen") != 13 {
		t.Error(said)
	}
	p.close()
}

// Of another network nothing is found, and who has left takes nothing out: the lookup went with them.
func TestALookupSeesOneNetworkAlone(t *testing.T) {
	p := openTwo(t)
	alsoThere(p, "dubbel", civic.DPO, 0, 1)
	story := func(int) string { return "Het was Kanarie de Piet." }
	filed(p, "BIN De Vlier", 1, story)
	filed(p, "BIN De Berk", 2, story)
	ask(p, "dubbel", "rachid", "dubbel > [BIN De Vlier]")
	says(p, "Ik vond 1 plek", []string{"Berk"}, "dubbel > [Zoeken]")
	p.check(p.store.Do(p.ctx, func(tx bot.Tx) error {
		who, err := tx.Identify(p.ctx, bot.UserRef{Platform: "sandbox", ID: "dubbel"})
		if err != nil {
			return err
		}
		networks, err := tx.Networks(p.ctx)
		if err != nil {
			return err
		}
		return tx.Depart(p.ctx, who.ID, networks[0].ID)
	}))
	says(p, "Dit inzageverzoek is al afgerond", nil, "dubbel > [Hier weghalen]")
	p.close()
}

// What was looked for is in no byte of the database once it is over, nor in the audit trail at any time.
func TestWhatWasLookedForIsForgotten(t *testing.T) {
	p := open(t, transcript{about: "# cast: els dpo; rachid network_coordinator; wim street_coordinator Kastanje\n"}, mode{searched: true})
	filed(p, "BIN De Vlier", 1, func(int) string { return "Het was Kanarie de Piet, bij de brug." })
	ask(p, "els", "rachid")
	if found := inFiles(t, p.dir, []string{"kanarie"}); len(found) == 0 {
		t.Fatal("the words were never stored, so nothing is shown")
	}
	p.lines("els > [Zoeken]", "els > [Hier weghalen]", "els > [Klaar: vergeet het]", "… 3h later")
	p.check(p.store.Scrub(p.ctx))
	p.check(p.store.Backup(p.ctx, filepath.Join(p.dir, "backup.db")))
	if found := inFiles(t, p.dir, []string{"kanarie"}); len(found) > 0 {
		t.Errorf("still there: %v", found)
	}
	entries := map[string]int{}
	p.check(p.store.Do(p.ctx, func(tx bot.Tx) error {
		sections, err := tx.Own(p.ctx, personOf(p.ctx, tx, "els"))
		for _, s := range sections {
			for _, row := range s.Rows {
				if action, is := row["action"].(string); is && strings.HasPrefix(action, "lookup.") {
					entries[action]++
				}
			}
		}
		return err
	}))
	for _, action := range []string{"lookup.made", "lookup.searched", "lookup.redacted", "lookup.ended"} {
		if entries[action] != 1 {
			t.Errorf("the trail has %d of %s", entries[action], action)
		}
	}
	p.close()
}

func personOf(ctx context.Context, tx bot.Tx, who string) int64 {
	m, err := tx.Identify(ctx, bot.UserRef{Platform: "sandbox", ID: who})
	if err != nil {
		return 0
	}
	return m.ID
}

// Without a second person nothing is stored, and what was typed is not sent anywhere.
func TestNobodyLooksAlone(t *testing.T) {
	p := open(t, transcript{about: "# cast: els dpo\n"}, mode{})
	says(p, "Er is nog niemand die mee kan kijken", nil, "els > /inzage", "els > [Een naam]", "els > Kanarie de Piet", "els > Brief 7",
		"els > [Akkoord vragen]")
	alsoThere(p, "els", civic.Admin, 0)
	says(p, "Er is nog niemand die mee kan kijken", nil, "els > /inzage", "els > [Een naam]", "els > Kanarie de Piet", "els > Brief 7",
		"els > [Akkoord vragen]")
	p.close()
}

// An officer is somebody of the network, too: a report that may be about them is neither found nor taken out by them, and they do
// not learn whether there is one.
func TestALookupShowsNoCaseThatMayBeAboutTheOfficer(t *testing.T) {
	p := open(t, transcript{about: "# cast: els dpo; bea admin\n"}, mode{})
	filed(p, "BIN De Vlier", 3, func(i int) string { return fmt.Sprintf("Verhaal %d: het was Kanarie de Piet.", i) },
		civic.SubjectAnyone, civic.SubjectPolice, civic.SubjectStreet)
	ask(p, "els", "bea")
	const apart = "Meldingen die over iemand van het netwerk kunnen gaan, laat ik je niet zien"
	says(p, apart, []string{"Verhaal 0"}, "els > [Zoeken]")
	says(p, "Ik vond 2 plekken", []string{"Verhaal 0"}, "els > [Nog eens zoeken]")
	alsoThere(p, "els", civic.Deputy, 0) // and now the last one may be about them
	says(p, "Deze knop werkt niet meer", nil, "els > [Hier weghalen]")
	says(p, "Ik vond 1 plek", []string{"Verhaal 0", "Verhaal 2"}, "els > [Nog eens zoeken]")
	p.close()
}
