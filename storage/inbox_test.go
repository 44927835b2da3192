package storage_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/storage"
)

func receive(t *testing.T, s *storage.Store, account, checkpoint string, externals ...string) {
	t.Helper()
	rows := make([]bot.Raw, len(externals))
	for i, e := range externals {
		rows[i] = bot.Raw{External: e, Body: []byte("raw " + e)}
	}
	if err := s.Receive(t.Context(), "p", account, rows, checkpoint); err != nil {
		t.Fatal(err)
	}
}

// waiting are the external ids of what waits.
func waiting(t *testing.T, s *storage.Store) []string {
	t.Helper()
	var externals []string
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		externals = nil
		list, err := tx.Waiting(ctx, 100)
		for _, r := range list {
			if string(r.Raw) != "raw "+r.External || r.Platform != "p" {
				t.Errorf("row %d reads %q from %s", r.ID, r.Raw, r.Platform)
			}
			externals = append(externals, r.External)
		}
		return err
	})
	return externals
}

func TestUpdatesWaitInTheOrderInWhichTheyCame(t *testing.T) {
	s := fresh(t)
	receive(t, s, "bot", "1", "b", "a")
	receive(t, s, "bot", "2", "c")
	if diff := cmp.Diff([]string{"b", "a", "c"}, waiting(t, s)); diff != "" {
		t.Errorf("waiting (-want +got):\n%s", diff)
	}
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		list, err := tx.Waiting(ctx, 1)
		if err != nil || len(list) != 1 || list[0].External != "b" || !list[0].At.Equal(noon) {
			t.Errorf("the first is %+v, %v", list, err)
		}
		return tx.Apply(ctx, list[0].ID, list[0].ID)
	})
	if diff := cmp.Diff([]string{"a", "c"}, waiting(t, s)); diff != "" {
		t.Errorf("after one was applied (-want +got):\n%s", diff)
	}
}

// Those that were parked among them stay parked.
func TestUpdatesAreAppliedFromFirstToLast(t *testing.T) {
	s := fresh(t)
	receive(t, s, "bot", "1", "a", "b", "c", "d")
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		return errors.Join(tx.Park(ctx, 2, noon, "cannot be read"), tx.Apply(ctx, 1, 3))
	})
	if diff := cmp.Diff([]string{"d"}, waiting(t, s)); diff != "" {
		t.Errorf("waiting (-want +got):\n%s", diff)
	}
	receive(t, s, "bot", "2", "a", "b", "c")
	if diff := cmp.Diff([]string{"d"}, waiting(t, s)); diff != "" {
		t.Errorf("after they came again (-want +got):\n%s", diff)
	}
}

// The checkpoint goes with the rows: both are there, or neither.
func TestTheCheckpointGoesWithTheRows(t *testing.T) {
	s := fresh(t)
	for _, account := range []string{"bot", "other"} {
		if at, err := s.Checkpoint(t.Context(), "p", account); err != nil || at != "" {
			t.Errorf("at first the checkpoint of %s is %q, %v", account, at, err)
		}
	}
	receive(t, s, "bot", "7", "a")
	receive(t, s, "bot", "8")
	for account, want := range map[string]string{"bot": "8", "other": ""} {
		if at, err := s.Checkpoint(t.Context(), "p", account); err != nil || at != want {
			t.Errorf("the checkpoint of %s is %q, %v", account, at, err)
		}
	}
}

// An update that comes again within 72 hours is dropped, whatever became of it; two accounts do not know each other's.
func TestRepeatsAreDroppedFor72Hours(t *testing.T) {
	at := noon
	s := openAt(t, &at)
	receive(t, s, "bot", "1", "a", "b", "a")
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		return errors.Join(tx.Apply(ctx, 1, 1), tx.Park(ctx, 2, at, "cannot be read"))
	})
	at = at.Add(71 * time.Hour)
	receive(t, s, "bot", "2", "a", "b")
	if got := waiting(t, s); len(got) != 0 {
		t.Errorf("repeats wait: %v", got)
	}
	receive(t, s, "second bot", "1", "a")
	if got := waiting(t, s); len(got) != 1 {
		t.Errorf("of another account there wait %v", got)
	}
	at = at.Add(2 * time.Hour)
	receive(t, s, "bot", "3", "b")
	if got := waiting(t, s); len(got) != 2 {
		t.Errorf("an old id that is used again is not taken in: %v wait", got)
	}
}

// An update that was not handled yet is never taken for an old one.
func TestAnUpdateThatWaitsLongIsNotDoubled(t *testing.T) {
	at := noon
	s := openAt(t, &at)
	receive(t, s, "bot", "1", "a")
	do(t, s, func(ctx context.Context, tx bot.Tx) error { return tx.CountTry(ctx, 1) })
	at = at.Add(100 * time.Hour)
	receive(t, s, "bot", "2", "a")
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		list, err := tx.Waiting(ctx, 9)
		if len(list) != 1 || list[0].ID != 1 || list[0].Tries != 1 {
			t.Errorf("waiting %+v", list)
		}
		return err
	})
	if diff := cmp.Diff([]string{"a"}, waiting(t, s)); diff != "" {
		t.Errorf("waiting (-want +got):\n%s", diff)
	}
}

func TestTriesAreCountedAndParkedRowsWaitForAHuman(t *testing.T) {
	s := fresh(t)
	receive(t, s, "bot", "1", "a", "b")
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		if err := errors.Join(tx.CountTry(ctx, 1), tx.CountTry(ctx, 1), tx.Park(ctx, 2, noon, "twice crashed")); err != nil {
			return err
		}
		list, err := tx.Waiting(ctx, 9)
		if err != nil || len(list) != 1 || list[0].Tries != 2 {
			t.Errorf("waiting %+v, %v", list, err)
		}
		for what, err := range map[string]error{
			"count": tx.CountTry(ctx, 99), "park": tx.Park(ctx, 99, noon, ""),
		} {
			if !errors.Is(err, bot.ErrNotFound) {
				t.Errorf("%s of nothing: %v", what, err)
			}
		}
		return nil
	})
}

// A program that ended by itself, or runs for the first time, stopped cleanly.
func TestAProgramThatEndedByItselfStoppedCleanly(t *testing.T) {
	path := t.TempDir() + "/bin.db"
	for i := range 2 {
		s := open(t, path)
		do(t, s, func(ctx context.Context, tx bot.Tx) error {
			if unclean, err := tx.UncleanStop(ctx); err != nil || unclean {
				t.Errorf("run %d begins after an unclean stop: %v", i, err)
			}
			return nil
		})
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestTimersRingOnceInOrder(t *testing.T) {
	s := fresh(t)
	minute := func(n int) time.Time { return noon.Add(time.Duration(n) * time.Minute) }
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		if next, err := tx.NextTimer(ctx); err != nil || !next.IsZero() {
			t.Errorf("without timers the next is %v, %v", next, err)
		}
		err := errors.Join(
			tx.Wake(ctx, bot.Timer{Kind: "case", Ref: "late", At: minute(3)}),
			tx.Wake(ctx, bot.Timer{Kind: "case", Ref: "moved", At: minute(9)}),
			tx.Wake(ctx, bot.Timer{Kind: "case", Ref: "moved", At: minute(2)}),
			tx.WakeBy(ctx, bot.Timer{Kind: "case", Ref: "early", At: minute(4)}),
			tx.WakeBy(ctx, bot.Timer{Kind: "case", Ref: "early", At: minute(8)}),
			tx.WakeBy(ctx, bot.Timer{Kind: "case", Ref: "earlier", At: minute(8)}),
			tx.WakeBy(ctx, bot.Timer{Kind: "case", Ref: "earlier", At: minute(1)}),
			tx.Wake(ctx, bot.Timer{Kind: "case", Ref: "off", At: minute(1)}),
			tx.Sleep(ctx, "case", "off"),
			tx.Sleep(ctx, "case", "never set"),
			tx.Wake(ctx, bot.Timer{Kind: "alert", Ref: "not yet", At: minute(30)}),
		)
		if err != nil {
			return err
		}
		if next, err := tx.NextTimer(ctx); err != nil || !next.Equal(minute(1)) {
			t.Errorf("the next is %v, %v", next, err)
		}
		var rang []string
		for range 3 {
			due, err := tx.DueTimers(ctx, minute(10), 2)
			if err != nil {
				return err
			}
			for _, timer := range due {
				rang = append(rang, fmt.Sprintf("%s %s %d", timer.Kind, timer.Ref, int(timer.At.Sub(noon).Minutes())))
			}
		}
		if diff := cmp.Diff([]string{"case earlier 1", "case moved 2", "case late 3", "case early 4"}, rang); diff != "" {
			t.Errorf("rang (-want +got):\n%s", diff)
		}
		return nil
	})
}

func TestASlotIsTakenOnce(t *testing.T) {
	s := fresh(t)
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		if last, err := tx.LastSlots(ctx); err != nil || len(last) > 0 {
			t.Errorf("the last slots before any job ran are %v, %v", last, err)
		}
		for _, c := range []struct {
			job, slot string
			mine      bool
		}{
			{"digest", "monday", true},
			{"digest", "monday", false},
			{"digest", "tuesday", true},
			{"drafts", "monday", true},
		} {
			if mine, err := tx.RunSlot(ctx, c.job, c.slot, noon); err != nil || mine != c.mine {
				t.Errorf("%s of %s: %v, %v", c.slot, c.job, mine, err)
			}
			if taken, err := tx.SlotTaken(ctx, c.job, c.slot); err != nil || !taken {
				t.Errorf("%s of %s is not known as taken: %v", c.slot, c.job, err)
			}
		}
		if taken, err := tx.SlotTaken(ctx, "drafts", "tuesday"); err != nil || taken {
			t.Errorf("a slot that nobody took is taken: %v", err)
		}
		want := map[string]time.Time{"digest": noon, "drafts": noon}
		if last, err := tx.LastSlots(ctx); err != nil || !maps.EqualFunc(last, want, time.Time.Equal) {
			t.Errorf("the last slots are %v, %v", last, err)
		}
		return nil
	})
}

func TestErrandsOfOnePlatformAreHeldWithoutATry(t *testing.T) {
	s := fresh(t)
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		err := errors.Join(
			tx.SendErrand(ctx, bot.Errand{Kind: "photo", Ref: "1", Platform: "p"}),
			tx.SendErrand(ctx, bot.Errand{Kind: "photo", Ref: "2", Platform: "p", Before: noon.Add(time.Hour)}),
			tx.SendErrand(ctx, bot.Errand{Kind: "photo", Ref: "3", Platform: "q"}),
			tx.HoldErrands(ctx, "p", noon.Add(time.Minute)),
		)
		if err != nil {
			return err
		}
		var order []string
		for _, at := range []time.Time{noon, noon.Add(59 * time.Second), noon.Add(time.Minute), noon.Add(time.Hour)} {
			e, err := tx.NextErrand(ctx, at)
			if errors.Is(err, bot.ErrNotFound) {
				order = append(order, "none")
				continue
			}
			if err != nil || e.Tries != 0 {
				t.Errorf("%+v, %v", e, err)
			}
			order = append(order, e.Ref)
			if err := tx.EndErrand(ctx, e.ID); err != nil {
				return err
			}
		}
		if diff := cmp.Diff([]string{"3", "none", "1", "2"}, order); diff != "" {
			t.Error(diff)
		}
		return nil
	})
}

func TestErrandsAreRunOldestFirstUntilTheyEnd(t *testing.T) {
	s := fresh(t)
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		if _, err := tx.NextErrand(ctx, noon); !errors.Is(err, bot.ErrNotFound) {
			t.Errorf("without errands: %v", err)
		}
		err := errors.Join(
			tx.SendErrand(ctx, bot.Errand{Kind: "photo", Ref: "1", Platform: "p", Payload: []byte("file")}),
			tx.SendErrand(ctx, bot.Errand{Kind: "photo", Ref: "2", Platform: "p"}),
		)
		if err != nil {
			return err
		}
		first, err := tx.NextErrand(ctx, noon)
		if err != nil {
			return err
		}
		want := bot.Errand{ID: first.ID, Kind: "photo", Ref: "1", Platform: "p", Payload: []byte("file")}
		if diff := cmp.Diff(want, first); diff != "" {
			t.Errorf("the first (-want +got):\n%s", diff)
		}
		if err := tx.RetryErrand(ctx, first.ID, noon.Add(time.Minute)); err != nil {
			return err
		}
		second, err := tx.NextErrand(ctx, noon)
		if err != nil || second.Ref != "2" {
			t.Errorf("while the first waits: %+v, %v", second, err)
		}
		if err := tx.EndErrand(ctx, second.ID); err != nil {
			return err
		}
		if _, err := tx.NextErrand(ctx, noon); !errors.Is(err, bot.ErrNotFound) {
			t.Errorf("nothing may run, but %v", err)
		}
		again, err := tx.NextErrand(ctx, noon.Add(time.Minute))
		if err != nil || again.ID != first.ID || again.Tries != 1 || !again.Before.Equal(noon.Add(time.Minute)) {
			t.Errorf("the first again: %+v, %v", again, err)
		}
		if err := tx.CountErrand(ctx, first.ID, 3); err != nil {
			return err
		}
		if again, err = tx.NextErrand(ctx, noon.Add(time.Minute)); err != nil || again.Begun != 3 || again.Tries != 1 {
			t.Errorf("begun three times: %+v, %v", again, err)
		}
		if err := tx.RetryErrand(ctx, first.ID, noon); err != nil {
			return err
		}
		if again, err = tx.NextErrand(ctx, noon); err != nil || again.Begun != 0 || again.Tries != 2 {
			t.Errorf("after somebody heard of it: %+v, %v", again, err)
		}
		if err := tx.CountErrand(ctx, second.ID, 1); !errors.Is(err, bot.ErrNotFound) {
			t.Errorf("count of one that ended: %v", err)
		}
		if err := tx.RetryErrand(ctx, second.ID, noon); !errors.Is(err, bot.ErrNotFound) {
			t.Errorf("retry of one that ended: %v", err)
		}
		return nil
	})
}

// A list of timers holds those of one kind whose ref begins so, to the letter, and takes none of them out.
func TestTimersAreListedByHowTheirRefBegins(t *testing.T) {
	s := fresh(t)
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		for i, ref := range []string{"1/2/", "1/2/7", "1/2/5", "1/20/3", "1/_/9"} {
			for _, kind := range []string{"calls", "other"} {
				if err := tx.Wake(ctx, bot.Timer{Kind: kind, Ref: ref, At: noon.Add(-time.Duration(i) * time.Minute)}); err != nil {
					return err
				}
			}
		}
		for prefix, want := range map[string]string{"1/2/": "1/2/5 1/2/7 1/2/", "1/_/": "1/_/9", "2": "", "%": ""} {
			for range 2 {
				list, err := tx.Timers(ctx, "calls", prefix)
				if err != nil {
					return err
				}
				var refs []string
				for _, timer := range list {
					refs = append(refs, timer.Ref)
				}
				if got := strings.Join(refs, " "); got != want {
					t.Errorf("refs that begin with %q: %q, want %q", prefix, got, want)
				}
			}
		}
		return nil
	})
}
