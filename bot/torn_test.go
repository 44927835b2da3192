package bot_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/sandbox"
	"github.com/buurtbot/buurtbot/locales"
	"github.com/buurtbot/buurtbot/storage"
	"github.com/buurtbot/buurtbot/storage/storagetest"
)

// Where some bits of the file changed, what stood there is given up and told of: the letter to whoever waits to hear of it, the
// update to operators, the errand to its feature. What stands beside it is delivered and handled.
func TestADamagedRowHoldsUpNobody(t *testing.T) {
	r := &runner{post: &post{now: time.Date(2026, 10, 14, 20, 15, 0, 0, time.UTC)}, t: t}
	options := storage.Options{
		Path: filepath.Join(t.TempDir(), "torn.db"), AuditKey: []byte("k"), Now: func() time.Time { return r.now },
		ColumnKeys: [][]byte{bytes.Repeat([]byte{7}, 32)},
	}
	open := func() {
		var err error
		if r.store, err = storagetest.Open(t.Context(), options); err != nil {
			t.Fatal(err)
		}
	}
	open()
	var err error
	r.platform, err = sandbox.New(sandbox.Config{
		Now: options.Now, People: []sandbox.Person{{ID: "ana", Name: "Ana"}, {ID: "bo", Name: "Bo"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.platform.Close() })
	for _, who := range []string{"ana", "bo"} {
		r.enqueue(t, who, bot.Letter{Lane: bot.LaneUrgent, Report: "alert/1", Message: bot.Message{Text: "Let op"}})
		r.order(who)
		raw, err := r.platform.Say(who, who, "hoi", "")
		if err == nil {
			err = r.platform.Inject(t.Context(), r.store, raw)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := r.store.Close(); err != nil {
		t.Fatal(err)
	}
	damage(t, options.Path, "UPDATE outbox SET body = '{' WHERE id = 1; UPDATE inbox SET raw = x'7b7d' WHERE id = 1;")
	open()
	t.Cleanup(func() { _ = r.store.Close() })
	var handled []string
	r.restart()
	r.engine.Fallback = func(_ context.Context, turn *bot.Turn, in bot.Input) error {
		handled = append(handled, turn.From.ID+": "+in.Text)
		return nil
	}
	for range 4 {
		if err := r.deliver(t.Context()); err != nil {
			t.Fatal(err)
		}
		if _, err := r.engine.HandleNext(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if a, b := len(r.platform.Messages("ana")), len(r.platform.Messages("bo")); a != 1 || b != 2 { // what they said is among them
		t.Errorf("Ana reads %d messages and Bo %d", a, b)
	}
	if !slices.Equal(handled, []string{"bo: hoi"}) {
		t.Errorf("handled are %v", handled)
	}
	err = r.store.Do(t.Context(), func(tx bot.Tx) error {
		parked, err := tx.ParkedUpdates(t.Context(), 9)
		if len(parked) != 1 {
			t.Errorf("operators see %v", parked)
		}
		timers, err2 := tx.Timers(t.Context(), "alert", "")
		if len(timers) != 1 || timers[0].Ref != "1" {
			t.Errorf("who sent the alert hears of it through %v", timers)
		}
		return errors.Join(err, err2)
	})
	if err != nil {
		t.Error(err)
	}
}

// damage changes a database that nobody has open.
func damage(t *testing.T, path, statements string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.ExecContext(t.Context(), statements); err != nil {
		t.Fatal(err)
	}
}

// An errand that nobody can read any more fails for good at once, and its feature hears so.
func TestATornErrandFailsForGood(t *testing.T) {
	r := newRunner(t)
	r.engine = bot.New(tearing{r.store}, loadedTexts(t), []bot.Platform{r.platform}, bot.Feature{Name: "run", Tasks: []bot.Task{{
		Kind: "run", Run: r.attempt,
		Then: func(_ context.Context, _ *bot.Turn, d bot.Done) error {
			r.done = append(r.done, d)
			return nil
		},
	}}})
	r.engine.Now, r.engine.Rand = func() time.Time { return r.now }, zeros{}
	r.run()
	if len(r.tried) != 0 || len(r.done) != 1 || r.done[0].Err == "" {
		t.Errorf("%d attempts, ended as %+v", len(r.tried), r.done)
	}
}

// tearing is a store in which every errand is torn.
type tearing struct{ *storage.Store }

func (s tearing) Do(ctx context.Context, fn func(tx bot.Tx) error) error {
	return s.Store.Do(ctx, func(tx bot.Tx) error { return fn(tearingTx{tx}) })
}

type tearingTx struct{ bot.Tx }

func (t tearingTx) NextErrand(ctx context.Context, at time.Time) (bot.Errand, error) {
	e, err := t.Tx.NextErrand(ctx, at)
	e.Torn = true
	return e, err
}

func loadedTexts(t *testing.T) bot.Texts {
	t.Helper()
	texts, err := locales.Load()
	if err != nil {
		t.Fatal(err)
	}
	return texts
}
