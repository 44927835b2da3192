package bot_test

import (
	"context"
	"errors"
	"path/filepath"
	"testing"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/sandbox"
	"github.com/buurtbot/buurtbot/storage"
	"github.com/buurtbot/buurtbot/storage/storagetest"
)

// What came while the clock was ahead, and is handled once it was set back, is of now: else what a turn sets a timer for would
// come as much too late as the clock was wrong.
func TestWhatCameByAClockThatWasAheadIsOfNow(t *testing.T) {
	right := time.Date(2026, 10, 14, 20, 15, 0, 0, time.UTC)
	for name, c := range map[string]struct{ came, want time.Time }{
		"by a clock that was ahead": {right.Add(44 * time.Minute), right},
		"before the program ended":  {right.Add(-3 * time.Minute), right.Add(-3 * time.Minute)},
	} {
		t.Run(name, func(t *testing.T) {
			r := &runner{post: &post{now: c.came}, t: t}
			now := func() time.Time { return r.now }
			var err error
			r.store, err = storagetest.Open(t.Context(), storage.Options{
				Path: filepath.Join(t.TempDir(), "ahead.db"), AuditKey: []byte("k"), Now: now,
			})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = r.store.Close() })
			r.platform, err = sandbox.New(sandbox.Config{Now: now, People: []sandbox.Person{{ID: "ana", Name: "Ana"}}})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = r.platform.Close() })
			raw, err := r.platform.Say("ana", "ana", "hoi", "")
			if err == nil {
				err = r.platform.Inject(t.Context(), r.store, raw)
			}
			if err != nil {
				t.Fatal(err)
			}
			r.now = right
			r.restart()
			var handled time.Time
			r.engine.Fallback = func(_ context.Context, turn *bot.Turn, _ bot.Input) error {
				handled = turn.Now
				return nil
			}
			if _, err := r.engine.HandleNext(t.Context()); err != nil || !handled.Equal(c.want) {
				t.Errorf("%v, it is handled as of %v, not of %v", err, handled, c.want)
			}
		})
	}
}

// A network wants to be left alone for a while, as a clock says that is a day ahead. Once that is set back, the courier that
// was told so is not silent for a day.
func TestACourierIsNotSilentForAsLongAsTheClockWasWrong(t *testing.T) {
	for _, pause := range []time.Duration{time.Minute, 30 * time.Minute} {
		r := newRunner(t)
		tick := func(set time.Duration) {
			t.Helper()
			r.now = r.now.Add(set)
			if err := errors.Join(r.engine.Tick(t.Context()), r.deliver(t.Context())); err != nil {
				t.Fatal(err)
			}
		}
		err := r.store.Do(t.Context(), func(tx bot.Tx) error {
			return tx.BlockPlatform(t.Context(), sandbox.Name, r.now.Add(pause))
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, set := range []time.Duration{0, -24 * time.Hour, 30 * time.Second} {
			tick(set)
			if n := len(r.platform.Messages("ana")); n != 0 {
				t.Errorf("for %v, after %v: Ana reads %d messages", pause, set, n)
			}
		}
		tick(4*time.Minute + 30*time.Second)
		if n := len(r.platform.Messages("ana")); n != 1 {
			t.Errorf("for %v: Ana reads %d messages five minutes later", pause, n)
		}
	}
}

// told is a platform whose server says the time.
type told struct {
	*sandbox.Sandbox
	testimony bot.Testimony
}

func (p *told) Testimony() bot.Testimony { return p.testimony }

// A machine that starts with a clock that is wrong by a year, before any server said so, moves nothing that is to come: once
// the clock is set right, what waited waits as it did, and nothing rings before its time. What was told to wait while it was
// ahead does not wait for a year.
func TestAClockThatIsWrongMovesNothingBeforeSomebodyVouchesForIt(t *testing.T) {
	const stretch = 20 * time.Minute
	for name, c := range map[string]struct {
		wrong   time.Duration
		ordered bool          // while it was wrong
		rings   time.Duration // after it was set right
		blocked time.Duration
	}{
		"behind": {wrong: -365 * 24 * time.Hour, rings: 9 * time.Minute, blocked: 9 * time.Minute},
		"ahead":  {wrong: 365 * 24 * time.Hour, ordered: true, rings: stretch, blocked: 5 * time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			r := &runner{post: newPost(t), t: t}
			server := &told{Sandbox: r.platform}
			r.engine = bot.New(r.store, loadedTexts(t), []bot.Platform{server}, bot.Feature{})
			r.engine.Now = func() time.Time { return r.now }
			right := r.now
			tick := func(now time.Time, said bot.Testimony) {
				t.Helper()
				r.now, server.testimony = now, said
				if err := r.engine.Tick(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			do := func(what func(tx bot.Tx) error) {
				t.Helper()
				if err := r.store.Do(t.Context(), what); err != nil {
					t.Fatal(err)
				}
			}
			order := func(now time.Time) {
				do(func(tx bot.Tx) error {
					_, err := tx.RunSlot(t.Context(), "digest", now.Format(time.RFC3339), now)
					return errors.Join(err,
						tx.Wake(t.Context(), bot.Timer{Kind: "k", Ref: "r", At: now.Add(10 * time.Minute), Stretch: stretch}),
						tx.BlockPlatform(t.Context(), sandbox.Name, now.Add(10*time.Minute)))
				})
			}
			tick(right, bot.Testimony{Said: right, Heard: right})
			order(right)
			tick(right.Add(c.wrong), bot.Testimony{})
			if c.ordered {
				order(r.now)
			}
			set := right.Add(time.Minute)
			tick(set, bot.Testimony{Said: set, Heard: set})
			do(func(tx bot.Tx) error {
				timers, err := tx.Timers(t.Context(), "k", "")
				if len(timers) != 1 || !timers[0].At.Equal(set.Add(c.rings)) {
					t.Errorf("at %v the timers are %v", set, timers)
				}
				until, err2 := tx.BlockedUntil(t.Context(), sandbox.Name)
				if !until.Equal(set.Add(c.blocked)) {
					t.Errorf("the platform is left alone until %v", until)
				}
				slots, err3 := tx.LastSlots(t.Context())
				if last := slots["digest"]; !c.ordered && !last.Equal(right) || last.After(set) {
					t.Errorf("the digest ran last at %v", last)
				}
				return errors.Join(err, err2, err3)
			})
		})
	}
}
