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
