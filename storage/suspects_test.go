package storage_test

import (
	"context"
	"errors"
	"testing"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/storage"
)

// What was counted stays under suspicion only when something of it was under way when the program ended.
func TestOnlyWhatWasUnderWayIsSuspected(t *testing.T) {
	s := fresh(t)
	receive(t, s, "bot", "1", "a", "b")
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		return tx.SendErrand(ctx, bot.Errand{Kind: "k", Platform: "sandbox", Before: noon})
	})
	errand := func(ctx context.Context, tx bot.Tx) int64 {
		e, err := tx.NextErrand(ctx, noon)
		if err != nil {
			t.Fatal(err)
		}
		return e.ID
	}
	// One step after the other; want is how often the two updates and the errand count after an unclean stop that follows.
	for _, step := range []struct {
		name string
		do   func(ctx context.Context, tx bot.Tx) error
		want [3]int
	}{
		{"an update is under way", func(ctx context.Context, tx bot.Tx) error { return tx.CountTry(ctx, 1) }, [3]int{1, 0, 0}},
		{"it is again", func(ctx context.Context, tx bot.Tx) error { return tx.CountTry(ctx, 1) }, [3]int{2, 0, 0}},
		{"an errand is", func(ctx context.Context, tx bot.Tx) error { return tx.CountErrand(ctx, errand(ctx, tx), 1) }, [3]int{2, 0, 1}},
		{"nothing is", func(context.Context, bot.Tx) error { return nil }, [3]int{}},
		{"an update was applied", func(ctx context.Context, tx bot.Tx) error {
			return errors.Join(tx.CountTry(ctx, 2), tx.CountTry(ctx, 1), tx.Apply(ctx, 1, 1))
		}, [3]int{}},
		{"an errand came back", func(ctx context.Context, tx bot.Tx) error {
			id := errand(ctx, tx)
			return errors.Join(tx.CountTry(ctx, 2), tx.CountErrand(ctx, id, 1), tx.RetryErrand(ctx, id, noon))
		}, [3]int{0, 1, 0}},
	} {
		do(t, s, step.do)
		do(t, s, func(ctx context.Context, tx bot.Tx) error { return tx.Acquit(ctx) })
		if got := suspicion(t, s); got != step.want {
			t.Errorf("%s: counted %v, want %v", step.name, got, step.want)
		}
	}
}

// suspicion is how often the updates and errands that wait are counted.
func suspicion(t *testing.T, s *storage.Store) (n [3]int) {
	t.Helper()
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		list, err := tx.Waiting(ctx, 9)
		for _, u := range list {
			n[u.ID-1] = u.Tries
		}
		e, missing := tx.NextErrand(ctx, noon)
		n[2] = e.Begun
		return errors.Join(err, missing)
	})
	return n
}
