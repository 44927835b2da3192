package storage_test

import (
	"context"
	"runtime"
	"testing"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

const told = "Gisteren om 14.30 uur zag ik bij het bankje een man met een blauwe jas en een rode fiets."

// readings is how much is allocated to understand a story: next to nothing when it was read just now and is remembered.
func readings() uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	civic.Understand(told, nil)
	runtime.ReadMemStats(&after)
	return after.Mallocs - before.Mallocs
}

// What was erased is not remembered by the program either, whatever it was that was taken back.
func TestWhatIsErasedIsForgottenInMemory(t *testing.T) {
	readings()
	if n := readings(); n > 100 {
		t.Fatalf("the text is read anew each time, with %d allocations, so nothing is shown", n)
	}
	for name, erase := range map[string]func(ctx context.Context, tx bot.Tx) error{
		"a report":  func(ctx context.Context, tx bot.Tx) error { return tx.EraseReport(ctx, 7) },
		"a case":    func(ctx context.Context, tx bot.Tx) error { return tx.EraseReports(ctx, 7) },
		"an answer": func(ctx context.Context, tx bot.Tx) error { return tx.EraseAnswer(ctx, 7) },
		"a person":  func(ctx context.Context, tx bot.Tx) error { return tx.Forget(ctx, 7, noon) },
	} {
		t.Run(name, func(t *testing.T) {
			s := fresh(t)
			readings()
			do(t, s, erase)
			if n := readings(); n < 200 {
				t.Errorf("the text is still remembered: it was read with %d allocations", n)
			}
		})
	}
}
