package storage_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/storage"
)

func TestParkedUpdateIsTriedAgainOrGivenUp(t *testing.T) {
	s := fresh(t)
	receive(t, s, "bot", "1", "a", "b", "c")
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		return errors.Join(tx.Park(ctx, 1, noon, "cannot be read"), tx.Park(ctx, 2, noon, "nor this"))
	})
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		list, err := tx.ParkedUpdates(ctx, 9)
		same(t, "parked", []bot.ParkedUpdate{
			{ID: 1, Platform: "p", At: noon, Why: "cannot be read"}, {ID: 2, Platform: "p", At: noon, Why: "nor this"},
		}, list)
		return errors.Join(err, tx.RetryUpdate(ctx, 1), tx.DropUpdate(ctx, 2))
	})
	same(t, "waiting", []string{"a", "c"}, waiting(t, s))
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		for _, id := range []int64{1, 2, 3, 99} {
			if err := tx.RetryUpdate(ctx, id); !errors.Is(err, bot.ErrNotFound) {
				t.Errorf("update %d is tried again: %v", id, err)
			}
			if err := tx.DropUpdate(ctx, id); !errors.Is(err, bot.ErrNotFound) {
				t.Errorf("update %d is given up: %v", id, err)
			}
		}
		list, err := tx.ParkedUpdates(ctx, 9)
		if len(list) > 0 {
			t.Errorf("still parked: %v", list)
		}
		return err
	})
}

func TestDeadLetterIsTriedAgainOrGivenUp(t *testing.T) {
	s := fresh(t)
	chat := room(t, s, "1", bot.Group)
	var ids []int64
	for _, lane := range []bot.Lane{bot.LaneUrgent, bot.LaneRoutine, bot.LaneAnswer} {
		l := bot.Letter{Chat: chat, Op: bot.OpPost, Lane: lane, Message: bot.Message{Text: "stays whole"}}
		ids = append(ids, post(t, s, l))
	}
	// Who sent an alert tries it again; an operator might send it after its end.
	ids = append(ids, post(t, s, bot.Letter{Chat: chat, Op: bot.OpPost, Lane: bot.LaneUrgent, Report: "alert/1"}))
	for _, id := range ids {
		claim(t, s, id)
		settle(t, s, id, bot.Fate{State: bot.LetterDead, At: noon, Why: "no rights"})
	}
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		list, err := tx.DeadLetters(ctx, 9)
		same(t, "dead", []bot.DeadLetter{
			{ID: ids[1], Chat: chat, Lane: bot.LaneRoutine, Made: noon, Why: "no rights"},
			{ID: ids[0], Chat: chat, Lane: bot.LaneUrgent, Made: noon, Why: "no rights"},
		}, list)
		return errors.Join(err, tx.RetryLetter(ctx, ids[0], noon.Add(time.Hour)), tx.DropLetter(ctx, ids[1]))
	})
	got := claim(t, s, ids...)
	if len(got) != 1 || got[0].ID != ids[0] || got[0].Text != "stays whole" || got[0].Tries != 1 {
		t.Errorf("claimed %+v", got)
	}
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		for _, id := range append(ids, 99) {
			if err := tx.RetryLetter(ctx, id, noon); !errors.Is(err, bot.ErrNotFound) {
				t.Errorf("letter %d is tried again: %v", id, err)
			}
			if err := tx.DropLetter(ctx, id); !errors.Is(err, bot.ErrNotFound) {
				t.Errorf("letter %d is given up: %v", id, err)
			}
		}
		return nil
	})
}

// What could be tried again is blanked after three days.
func TestDeadLettersAreBlankedInTheEnd(t *testing.T) {
	s := fresh(t)
	id := post(t, s, bot.Letter{Chat: room(t, s, "1", bot.Group), Op: bot.OpPost, Lane: bot.LaneUrgent, Message: bot.Message{Text: "x"}})
	claim(t, s, id)
	settle(t, s, id, bot.Fate{State: bot.LetterDead, At: noon, Why: "no rights"})
	for _, c := range []struct {
		after time.Duration
		dead  int
	}{{71 * time.Hour, 1}, {73 * time.Hour, 0}} {
		if _, err := s.Prune(t.Context(), noon.Add(c.after)); err != nil {
			t.Fatal(err)
		}
		do(t, s, func(ctx context.Context, tx bot.Tx) error {
			list, err := tx.DeadLetters(ctx, 9)
			if len(list) != c.dead {
				t.Errorf("after %s: %v", c.after, list)
			}
			return err
		})
	}
}

func TestGaugesTellWhatWaits(t *testing.T) {
	s := fresh(t)
	receive(t, s, "bot", "1", "a", "b", "c")
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		return errors.Join(tx.Park(ctx, 1, noon, "?"), tx.Audit(ctx, bot.AuditEntry{At: noon, Action: "x"}))
	})
	chat := room(t, s, "1", bot.Group)
	for _, l := range []bot.Letter{{Lane: bot.LaneUrgent}, {Lane: bot.LaneUrgent, Report: "alert/1"}} { // which its sender retries
		l.Chat, l.Op = chat, bot.OpPost
		dead := post(t, s, l)
		claim(t, s, dead)
		settle(t, s, dead, bot.Fate{State: bot.LetterDead, At: noon})
	}
	post(t, s, bot.Letter{Chat: chat, Op: bot.OpPost, Lane: bot.LaneRoutine, Before: noon.Add(time.Minute)})
	post(t, s, bot.Letter{Chat: chat, Op: bot.OpPost, Lane: bot.LaneRoutine})
	g, err := s.Gauges(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if g.Log == 0 {
		t.Error("the log is empty")
	}
	if g.Commit <= 0 {
		t.Error("no commit took any time")
	}
	g.Log, g.Commit = 0, 0
	same(t, "gauges", storage.Gauges{
		Waiting: 2, Oldest: noon, Parked: 1, Dead: 2, Aside: 1, Audit: 1,
		Lines: []storage.Line{{Platform: "p", Lane: bot.LaneRoutine, Letters: 2, Oldest: noon}},
	}, g)
}

// What waits behind a letter that a chat's server put off, as one that greylists does, is not late.
func TestWhatAChatPutsOffIsNotLate(t *testing.T) {
	s := fresh(t)
	chat := room(t, s, "1", bot.Group)
	first := post(t, s, bot.Letter{Chat: chat, Op: bot.OpPost, Lane: bot.LaneRoutine})
	post(t, s, bot.Letter{Chat: chat, Op: bot.OpPost, Lane: bot.LaneRoutine})
	claim(t, s, first)
	until := noon.Add(5 * time.Minute)
	settle(t, s, first, bot.Fate{State: bot.LetterPending, At: noon, Before: until})
	do(t, s, func(ctx context.Context, tx bot.Tx) error { return tx.BlockChat(ctx, chat, until) })
	g, err := s.Gauges(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	same(t, "lines", []storage.Line{{Platform: "p", Lane: bot.LaneRoutine, Letters: 2, Oldest: until}}, g.Lines)
}

func TestTheNextStartKnowsOfTheRunBefore(t *testing.T) {
	s := fresh(t)
	if p, err := past(t, s); err != nil || p != (storage.Past{}) {
		t.Errorf("at first: %+v, %v", p, err)
	}
	if err := s.Beat(t.Context(), noon); err != nil {
		t.Fatal(err)
	}
	if p, err := past(t, s); err != nil || !p.Beat.Equal(noon) || p.Restored {
		t.Errorf("after a beat: %+v, %v", p, err)
	}
}
