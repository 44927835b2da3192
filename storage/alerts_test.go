package storage_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

func alertIn(in town, ref string) civic.Alert {
	return civic.Alert{
		Ref: ref, Network: in.network, Kind: civic.UrgentAlert, Status: civic.AlertActive, Text: "Let op", Case: 0,
		Areas: []civic.AreaID{in.group, in.street}, Until: noon.Add(time.Hour), Issuer: 7, Issued: noon,
	}
}

func TestAnAlertComesBackAsItStands(t *testing.T) {
	s := fresh(t)
	in := build(t, s)
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		a := alertIn(in, "A-7F3K")
		if err := tx.CreateAlert(ctx, &a); err != nil {
			return err
		}
		if twin := alertIn(in, "A-7F3K"); !errors.Is(tx.CreateAlert(ctx, &twin), bot.ErrConflict) {
			t.Error("a reference was given twice")
		}
		stale := a
		a.Status, a.Text, a.Last, a.Until = civic.AlertCorrected, "Let goed op", "Een andere auto", noon.Add(2*time.Hour)
		a.Happened = noon.Add(-time.Hour)
		if err := tx.SaveAlert(ctx, &a); err != nil {
			return err
		}
		if err := tx.SaveAlert(ctx, &stale); !errors.Is(err, bot.ErrConflict) {
			t.Errorf("an old version saved: %v", err)
		}
		byID, err := tx.Alert(ctx, a.ID)
		byRef, failed := tx.AlertByRef(ctx, "A-7F3K")
		same(t, "by number", a, byID)
		same(t, "by reference", a, byRef)
		if _, err := tx.AlertByRef(ctx, "A-0000"); !errors.Is(err, bot.ErrNotFound) {
			t.Errorf("no alert: %v", err)
		}
		return errors.Join(err, failed)
	})
}

func TestOpenAlertsAreListedNewestFirst(t *testing.T) {
	s := fresh(t)
	in := build(t, s)
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		c := civic.Case{Ref: "KAS-7F3K", Network: in.network, Status: civic.InTriage, Created: noon, Changed: noon}
		if err := tx.CreateCase(ctx, &c); err != nil {
			return err
		}
		first, second, ended := alertIn(in, "A-1"), alertIn(in, "A-2"), alertIn(in, "A-3")
		first.Case, ended.Case, ended.Status = c.ID, c.ID, civic.AlertOutcome
		err := errors.Join(tx.CreateAlert(ctx, &first), tx.CreateAlert(ctx, &second), tx.CreateAlert(ctx, &ended))
		if err != nil {
			return err
		}
		open, err := tx.OpenAlerts(ctx, in.network)
		same(t, "open", []civic.Alert{second, first}, open)
		about, failed := tx.AlertsAbout(ctx, c.ID)
		same(t, "about the case", []civic.Alert{ended, first}, about)
		none, missed := tx.OpenAlerts(ctx, in.group)
		same(t, "of another network", 0, len(none))
		return errors.Join(err, failed, missed)
	})
}

// The world holds who is told: groups by their rooms, and active members of the groups that are told one by one, each in
// the chat in which they are best reached.
func TestTheWorldHoldsWhoIsTold(t *testing.T) {
	s := fresh(t)
	in := build(t, s)
	ana, first := adopt(t, s, "ana", in)
	bo, closed := adopt(t, s, "bo", in)
	cas, _ := adopt(t, s, "cas", in)
	group := room(t, s, "kas", bot.Group)
	second := room(t, s, "ana's second", bot.Private)
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		other := civic.Area{Parent: in.network, Network: in.network, Kind: civic.KindGroup, Name: "Meidoorn"}
		if err := tx.SaveArea(ctx, &other); err != nil {
			return err
		}
		ana.Urgent, cas.Standing = true, civic.StandingPending
		direct := civic.Target{Group: in.group, Kind: civic.TargetDirect}
		shown := civic.Target{Group: other.ID, Kind: civic.TargetGroup, Chat: group, Muted: true}
		err := errors.Join(
			tx.SaveMember(ctx, ana, noon), tx.SaveMember(ctx, cas, noon), tx.SaveTarget(ctx, &direct), tx.SaveTarget(ctx, &shown),
			tx.Reach(ctx, closed, false, "blocked", noon),
		)
		if err != nil {
			return err
		}
		w, err := tx.World(ctx, in.network, 0)
		if err != nil {
			return err
		}
		same(t, "targets", []civic.Target{direct, shown}, w.Targets)
		same(t, "listeners", []civic.Listener{
			{Person: ana.ID, Chat: first, Group: in.group, Street: in.street, Wishes: civic.Wishes{Urgent: true}},
			{Person: bo.ID, Chat: closed, Group: in.group, Street: in.street},
		}, w.Listeners)
		same(t, "unreachable", map[int64]bool{closed: true}, w.Unreachable)
		same(t, "areas", 4, len(w.Areas))

		targets, err := tx.Targets(ctx, in.network)
		same(t, "targets alone", w.Targets, targets)
		if err != nil {
			return err
		}
		shown.Muted = false
		again := civic.Target{Group: other.ID, Kind: civic.TargetGroup, Chat: group}
		if err := tx.SaveTarget(ctx, &again); err != nil {
			return err
		}
		same(t, "saved by its chat", shown, again)
		if _, err := tx.TargetOf(ctx, second); !errors.Is(err, bot.ErrNotFound) {
			t.Errorf("target of a private chat: %v", err)
		}
		return nil
	})
}

func TestAChatIsOneRoomAndARoomOneChat(t *testing.T) {
	s := fresh(t)
	in := build(t, s)
	desk, next := room(t, s, "desk", bot.Group), room(t, s, "next", bot.Group)
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		if _, _, err := tx.RoomOf(ctx, desk); !errors.Is(err, bot.ErrNotFound) {
			t.Errorf("a chat that is no room: %v", err)
		}
		rooms := func(coordinators, police int64) {
			for kind, want := range map[civic.RoomKind]int64{civic.RoomCoordinators: coordinators, civic.RoomPolice: police} {
				if got, err := tx.Room(ctx, in.network, kind); err != nil || got != want {
					t.Errorf("%s is chat %d, not %d, %v", kind, got, want, err)
				}
			}
		}
		rooms(0, 0)
		if err := tx.BindRoom(ctx, in.network, civic.RoomCoordinators, desk, noon); err != nil {
			return err
		}
		rooms(desk, 0)
		network, kind, err := tx.RoomOf(ctx, desk)
		if err != nil || network != in.network || kind != civic.RoomCoordinators {
			t.Errorf("the desk is %s of %d, %v", kind, network, err)
		}
		if err := tx.BindRoom(ctx, in.network, civic.RoomCoordinators, next, noon); err != nil {
			return err
		}
		rooms(next, 0)
		if err := tx.BindRoom(ctx, in.network, civic.RoomPolice, next, noon); err != nil {
			return err
		}
		rooms(0, next)
		return nil
	})
}

// A role is held by whom it was granted to, in the area, and for the time, for which it was.
func TestHoldersAreWhoHoldARoleThereAndThen(t *testing.T) {
	s := fresh(t)
	in := build(t, s)
	ana, _ := adopt(t, s, "ana", in)
	bo, _ := adopt(t, s, "bo", in)
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		err := errors.Join(
			tx.Grant(ctx, ana.ID, civic.Grant{Role: civic.StreetCoordinator, Area: in.group, From: noon}, 0),
			tx.Grant(ctx, bo.ID, civic.Grant{Role: civic.StreetCoordinator, Area: in.network, From: noon, Until: noon.Add(time.Hour)}, 0),
			tx.Grant(ctx, bo.ID, civic.Grant{Role: civic.Police, Area: in.network, From: noon}, 0),
		)
		if err != nil {
			return err
		}
		everywhere := civic.Scope{Network: in.network, Group: in.group, Street: in.street}
		for _, c := range []struct {
			what  string
			scope civic.Scope
			at    time.Time
			want  []int64
		}{
			{"in the street", everywhere, noon, []int64{ana.ID, bo.ID}},
			{"in the network", civic.Scope{Network: in.network}, noon, []int64{bo.ID}},
			{"an hour later", everywhere, noon.Add(time.Hour), []int64{ana.ID}},
			{"before", everywhere, noon.Add(-time.Second), nil},
		} {
			got, err := tx.Holders(ctx, civic.StreetCoordinator, c.scope, c.at)
			same(t, c.what, c.want, got)
			if err != nil {
				return err
			}
		}
		m, err := tx.Member(ctx, bo.ID)
		same(t, "roles of Bo", 2, len(m.Grants))
		if _, err := tx.Member(ctx, 99); !errors.Is(err, bot.ErrNotFound) {
			t.Errorf("nobody: %v", err)
		}
		return err
	})
}
