package storage_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
	"github.com/buurtbot/buurtbot/storage"
)

// leaked stores a leak in a town.
func leaked(t *testing.T, s *storage.Store, in town, found time.Time) civic.Leak {
	t.Helper()
	l := civic.Leak{
		Network: in.network, Area: in.group, Kind: "device", Data: "names", Found: found, Noted: found.Add(time.Hour),
		Words: "De telefoon van een coördinator is weg.", Halt: civic.HaltAll,
	}
	do(t, s, func(ctx context.Context, tx bot.Tx) error { return tx.AddLeak(ctx, &l) })
	return l
}

func openLeaks(t *testing.T, s *storage.Store, network civic.AreaID) []civic.Leak {
	t.Helper()
	var open []civic.Leak
	do(t, s, func(ctx context.Context, tx bot.Tx) (err error) {
		open, err = tx.OpenLeaks(ctx, network)
		return err
	})
	return open
}

func TestALeakIsOpenUntilItIsDecidedAbout(t *testing.T) {
	s := fresh(t)
	in := build(t, s)
	first, second := leaked(t, s, in, noon), leaked(t, s, in, noon)
	same(t, "open", []civic.Leak{first, second}, openLeaks(t, s, in.network))
	same(t, "of another network", []civic.Leak(nil), openLeaks(t, s, in.network+90))
	old := first
	first.Halt, first.Verdict, first.Told = civic.HaltNone, civic.LeakReported, "told"
	first.Done, first.Decided = "De rol is beëindigd.", noon.Add(day)
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		if err := tx.SaveLeak(ctx, &first); err != nil {
			return err
		}
		if err := tx.SaveLeak(ctx, &old); !errors.Is(err, bot.ErrConflict) {
			t.Errorf("an old version was saved: %v", err)
		}
		got, err := tx.Leak(ctx, first.ID)
		same(t, "leak", first, got)
		if _, err := tx.Leak(ctx, 99); !errors.Is(err, bot.ErrNotFound) {
			t.Errorf("a leak that is not there: %v", err)
		}
		return err
	})
	same(t, "open afterwards", []civic.Leak{second}, openLeaks(t, s, in.network))
}

func TestWhatWasDecidedAboutALeakIsKeptForAYear(t *testing.T) {
	s := fresh(t)
	in := build(t, s)
	over, kept, open := leaked(t, s, in, noon), leaked(t, s, in, noon), leaked(t, s, in, noon)
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		over.Decided, kept.Decided = noon, noon.Add(2*day)
		return errors.Join(tx.SaveLeak(ctx, &over), tx.SaveLeak(ctx, &kept))
	})
	if _, err := s.Prune(t.Context(), noon.Add(366*day)); err != nil {
		t.Fatal(err)
	}
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		if _, err := tx.Leak(ctx, over.ID); !errors.Is(err, bot.ErrNotFound) {
			t.Errorf("after a year and a day: %v", err)
		}
		_, still := tx.Leak(ctx, kept.ID)
		_, waits := tx.Leak(ctx, open.ID)
		return errors.Join(still, waits)
	})
}

func TestReachedAreCountedWhereTheyWouldBeWrittenTo(t *testing.T) {
	s := fresh(t)
	in := build(t, s)
	adopt(t, s, "ana", in)
	_, gone := adopt(t, s, "bo", in)
	two, _ := adopt(t, s, "cor", in)
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		// Cor goes on elsewhere as well, Dirk asked to join and lives in no street group, and nobody reaches Bo.
		c, err := tx.Enter(ctx, bot.ChatRef{Platform: "q", ID: "cor", Kind: bot.Private}, noon)
		if err != nil {
			return err
		}
		if err := tx.Attach(ctx, bot.UserRef{Platform: "q", ID: "cor"}, c.ID, two.ID, noon.Add(time.Hour)); err != nil {
			return err
		}
		d, err := tx.Enter(ctx, bot.ChatRef{Platform: "q", ID: "dirk", Kind: bot.Private}, noon)
		if err != nil {
			return err
		}
		m, err := tx.Adopt(ctx, bot.UserRef{Platform: "q", ID: "dirk"}, d.ID, in.network, noon)
		if err != nil {
			return err
		}
		m.Standing = civic.StandingPending
		return errors.Join(tx.SaveMember(ctx, m, noon), tx.Reach(ctx, gone, false, "blocked", noon))
	})
	for _, c := range []struct {
		scope civic.Scope
		want  []bot.Reached
	}{
		{civic.Scope{Network: in.network}, []bot.Reached{{Platform: "", Members: 1}, {Platform: "p", Members: 1}, {Platform: "q", Members: 2}}},
		{civic.Scope{Network: in.network, Group: in.group}, []bot.Reached{{Platform: "", Members: 1}, {Platform: "p", Members: 1}, {Platform: "q", Members: 1}}},
		{civic.Scope{Network: in.network + 90}, []bot.Reached(nil)},
	} {
		do(t, s, func(ctx context.Context, tx bot.Tx) error {
			got, err := tx.Reached(ctx, c.scope)
			same(t, "reached", c.want, got)
			return err
		})
	}
}
