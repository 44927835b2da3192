package storage_test

import (
	"context"
	"testing"
	"time"

	"github.com/buurtbot/buurtbot/bot"
)

// After a clock that was a day ahead was set right, a chat, a platform and a letter that were told to wait half a minute wait
// minutes, and not a day; what somebody wants in the morning is kept until the morning.
func TestNothingWaitsForAClockThatWasWrong(t *testing.T) {
	s := fresh(t)
	busy, calm := room(t, s, "1", bot.Private), room(t, s, "2", bot.Private)
	tried := post(t, s, bot.Letter{Chat: busy})
	morning := noon.Add(19 * time.Hour)
	kept := post(t, s, bot.Letter{Chat: calm, Before: morning})
	claim(t, s, tried)
	third := room(t, s, "3", bot.Private)
	fresh := post(t, s, bot.Letter{Chat: third})
	wait := noon.Add(30 * time.Second)
	rewind := func(now time.Time) (back bool) {
		do(t, s, func(ctx context.Context, tx bot.Tx) (err error) {
			back, err = tx.Rewind(ctx, now, now.Add(time.Minute))
			return err
		})
		return back
	}
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		if _, err := tx.Settle(ctx, tried, bot.Fate{State: bot.LetterPending, At: noon, Before: wait}); err != nil {
			return err
		}
		if err := tx.BlockPlatform(ctx, "p", wait); err != nil {
			return err
		}
		if err := tx.SendErrand(ctx, bot.Errand{Kind: "k", Ref: "r", Platform: "p", Before: wait}); err != nil {
			return err
		}
		return tx.BlockChat(ctx, busy, wait)
	})
	if rewind(noon) || rewind(noon.Add(-time.Second)) {
		t.Error("a second is no step")
	}
	before := noon.Add(-24 * time.Hour)
	if !rewind(before) {
		t.Error("nobody notices that the clock was set back")
	}
	if rewind(before) {
		t.Error("it was set back once only")
	}
	soon := before.Add(time.Minute)
	same(t, "a minute later", []int64{tried, fresh}, candidates(t, s, bot.CandidateQuery{At: soon}))
	same(t, "at the old time", []int64{tried, kept, fresh}, candidates(t, s, bot.CandidateQuery{At: morning}))
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		until, err := tx.BlockedUntil(ctx, "p")
		if !until.Equal(soon) {
			t.Errorf("the platform is left alone until %v", until)
		}
		return err
	})
}
