package storage_test

import (
	"context"
	"testing"
	"time"

	"github.com/buurtbot/buurtbot/bot"
)

// Who had all they told erased, and left after the clock was set back, is not told of again by a copy from before.
func TestWhatWasErasedBeforeSomebodyLeftStaysAwayThoughTheClockWasSetBack(t *testing.T) {
	l := begin(t)
	in := build(t, l.store)
	ana, chat := adopt(t, l.store, "ana", in)
	mine := in.told(t, l.store, ana.ID, chat, "zonnebloem")
	copied := l.backup("copy.db")
	l.clock = noon.Add(3 * time.Hour) // it is ahead
	do(t, l.store, func(ctx context.Context, tx bot.Tx) error { _, err := tx.EraseOwn(ctx, ana.ID); return err })
	l.clock = noon.Add(time.Hour) // it was set right
	do(t, l.store, func(ctx context.Context, tx bot.Tx) error { return tx.Forget(ctx, ana.ID, l.clock) })
	l.clock = noon.Add(4 * time.Hour)
	n := l.restore(copied)
	if text := l.told(mine); text != "" {
		t.Errorf("%q is back, though %d things were erased again", text, n)
	}
}
