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

// A timer that waits for a stretch waits for no more than that after the clock was set right; one that rings at an hour of
// somebody's choice keeps it, and so does one that was set before the clock went wrong.
func TestTimersOfAWrongClockCountTheirStretchAnew(t *testing.T) {
	s := fresh(t)
	before := noon.Add(-24 * time.Hour)
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		for _, timer := range []bot.Timer{
			{Kind: "claim", Ref: "1", At: noon.Add(2 * time.Hour), Stretch: 2 * time.Hour},
			{Kind: "rung", Ref: "1", At: noon.Add(10 * time.Minute), Stretch: 10 * time.Minute},
			{Kind: "rung", Ref: "old", At: before.Add(5 * time.Minute), Stretch: time.Hour},
			{Kind: "morning", Ref: "1", At: noon.Add(20 * time.Hour)},
		} {
			if err := tx.Wake(ctx, timer); err != nil {
				return err
			}
		}
		_, err := tx.Rewind(ctx, noon, noon)
		return err
	})
	rings := func(at time.Time) (names []string) {
		do(t, s, func(ctx context.Context, tx bot.Tx) error {
			due, err := tx.DueTimers(ctx, at, 9)
			names = nil
			for _, timer := range due {
				names = append(names, timer.Kind+" "+timer.Ref)
			}
			return err
		})
		return names
	}
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		if back, err := tx.Rewind(ctx, before, before); !back || err != nil {
			t.Errorf("nobody notices: %v", err)
		}
		return nil
	})
	same(t, "at once", []string(nil), rings(before))
	same(t, "what was set before", []string{"rung old"}, rings(before.Add(6*time.Minute)))
	same(t, "the rung", []string{"rung 1"}, rings(before.Add(10*time.Minute)))
	same(t, "the claim", []string{"claim 1"}, rings(before.Add(2*time.Hour)))
	same(t, "before the morning", []string(nil), rings(noon.Add(19*time.Hour)))
	same(t, "the morning", []string{"morning 1"}, rings(noon.Add(20*time.Hour)))
}

// Jobs go on after a clock that was a day ahead was set right: the slots that come next are free.
func TestJobsOfAWrongClockGoOn(t *testing.T) {
	s := fresh(t)
	before := noon.Add(-24 * time.Hour)
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		if _, err := tx.Rewind(ctx, noon, noon); err != nil {
			return err
		}
		if _, err := tx.RunSlot(ctx, "digest", "tomorrow", noon); err != nil {
			return err
		}
		if back, err := tx.Rewind(ctx, before, before); !back || err != nil {
			t.Errorf("set back: %t, %v", back, err)
		}
		last, err := tx.LastSlots(ctx)
		if !last["digest"].Equal(before) {
			t.Errorf("the digest ran last at %v", last["digest"])
		}
		if mine, err := tx.RunSlot(ctx, "digest", "tomorrow", noon); err != nil || mine {
			t.Errorf("a slot was taken twice: %t, %v", mine, err)
		}
		return err
	})
}

// A clock that nobody vouches for is remembered while it is ahead, so that it is noticed when it is set back, and moves nothing
// while it is behind.
func TestAClockThatNobodyVouchesForIsRememberedOnlyAhead(t *testing.T) {
	s := fresh(t)
	year := 365 * 24 * time.Hour
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		if err := tx.NoteClock(ctx, noon); err != nil {
			return err
		}
		if err := tx.NoteClock(ctx, noon.Add(-year)); err != nil {
			return err
		}
		if back, err := tx.Rewind(ctx, noon.Add(time.Second), noon); back || err != nil {
			t.Errorf("after a clock that was behind: %t, %v", back, err)
		}
		if err := tx.NoteClock(ctx, noon.Add(year)); err != nil {
			return err
		}
		if back, err := tx.Rewind(ctx, noon, noon); !back || err != nil {
			t.Errorf("after a clock that was ahead: %t, %v", back, err)
		}
		return nil
	})
}
