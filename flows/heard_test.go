package flows_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
	"github.com/buurtbot/buurtbot/bot/platformtest/botapi"
	"github.com/buurtbot/buurtbot/flows"
)

// called finds an area of the example network by its name.
func called(ctx context.Context, tx bot.Tx, name string) (civic.Area, error) {
	networks, err := tx.Networks(ctx)
	if err != nil {
		return civic.Area{}, err
	}
	areas, err := tx.Areas(ctx, networks[0].ID)
	i := slices.IndexFunc(areas, func(a civic.Area) bool { return a.Name == name })
	if i < 0 {
		return civic.Area{}, errors.Join(err, bot.ErrNotFound)
	}
	return areas[i], err
}

// livesIn lets a person of the cast live in a street.
func livesIn(ctx context.Context, tx bot.Tx, who bot.UserRef, name string) error {
	m, err := tx.Identify(ctx, who)
	if err != nil {
		return err
	}
	street, err := called(ctx, tx, name)
	if err != nil {
		return err
	}
	m.Street, m.Group = street.ID, street.Parent
	return tx.SaveMember(ctx, m, invitedAt)
}

// An import that puts a street into another street group tells those who live there, puts them out of the chat of the one
// and lets them into that of the other.
func TestAStreetBringsItsPeopleToAnotherGroup(t *testing.T) {
	d := newDoor(t, botapi.AllRights())
	d.asks("ana")
	d.isInside("ana")
	d.check(d.store.Do(d.ctx, func(tx bot.Tx) error {
		who := bot.UserRef{Platform: d.home("ana"), ID: d.stage.account("ana")}
		if err := livesIn(d.ctx, tx, who, "Kastanjelaan"); err != nil {
			return err
		}
		street, err := called(d.ctx, tx, "Kastanjelaan")
		if err != nil {
			return err
		}
		group, err := called(d.ctx, tx, "Meidoorn")
		if err != nil {
			return err
		}
		street.Parent = group.ID
		n, err := flows.PlaceArea(d.ctx, tx, &street, d.now)
		if n != 1 {
			t.Errorf("%d members come along", n)
		}
		return err
	}))
	said := d.work()
	d.heard(said, "ana", "hoort nu bij straatgroep Meidoorn")
	d.heard(said, "ana", "Alarmen voor jouw straat lees je in")
	d.isInside("")
}

// A street group that had no members yet, and nowhere to tell them of alerts, gets that with the first who come.
func TestAStreetIsHeardInAGroupThatHadNoTarget(t *testing.T) {
	in := town(t)
	err := in(func(ctx context.Context, tx bot.Tx) error {
		street, err := called(ctx, tx, "Kastanjelaan")
		if err != nil {
			return err
		}
		group := civic.Area{Parent: street.Network, Network: street.Network, Kind: civic.KindGroup, Name: "Nieuw", Prefix: "NIE"}
		if _, err := flows.PlaceArea(ctx, tx, &group, invitedAt); err != nil {
			return err
		}
		m, err := tx.Adopt(ctx, bot.UserRef{Platform: "sandbox", ID: "sanne"}, 0, street.Network, invitedAt)
		if err != nil {
			return err
		}
		m.Standing, m.Street, m.Group = civic.StandingActive, street.ID, street.Parent
		if err := tx.SaveMember(ctx, m, invitedAt); err != nil {
			return err
		}
		street.Parent = group.ID
		if _, err := flows.PlaceArea(ctx, tx, &street, invitedAt); err != nil {
			return err
		}
		targets, err := tx.Targets(ctx, street.Network)
		if !slices.ContainsFunc(targets, func(a civic.Target) bool {
			return a.Group == group.ID && a.Kind == civic.TargetDirect
		}) {
			t.Errorf("nobody in %s hears of an alert: %+v", group.Name, targets)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// Whose role ends goes out of the room that is for it, and the coordinators look whether that was done.
func TestWhoseRoleEndsGoesOutOfTheRoomForIt(t *testing.T) {
	p := open(t, transcript{
		about: "# cast: wim street_coordinator Kastanje; els street_coordinator Kastanje; rachid network_coordinator\n",
	}, mode{telegram: true})
	t.Cleanup(p.close)
	p.lacks = nil
	p.restart()
	s := p.stage.(*telegramStage)
	d := door{p, s, s.ids["desk"]}
	s.server.Promote(s.ids["rachid"], d.group, botapi.AllRights())
	d.work()
	if !s.server.Inside(s.ids["wim"], d.group) {
		t.Fatal("wim does not begin in the room")
	}
	p.line("rachid > /rollen")
	p.line("rachid > [Een rol beëindigen]")
	p.line("rachid > [Wim: straatcoördinator, Kastanje]")
	d.heard(append(p.line("rachid > [Ja, beëindigen]"), d.work()...), "desk", "Ik haal de persoon uit")
	if s.server.Inside(s.ids["wim"], d.group) {
		t.Error("wim is still in the room of the coordinators")
	}
	if !s.server.Inside(s.ids["els"], d.group) {
		t.Error("els went, too")
	}
}
