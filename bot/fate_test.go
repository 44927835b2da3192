package bot_test

import (
	"testing"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
	"github.com/buurtbot/buurtbot/bot/sandbox"
)

// lost is how many letters that were given up operators see.
func (p *post) lost(t *testing.T) int {
	t.Helper()
	g, err := p.store.Gauges(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return g.Dead
}

// try lets the next attempts come to this, an hour apart, and gives how many of them there were before nothing was tried any
// more.
func (p *post) try(t *testing.T, most int, with sandbox.Failure) int {
	t.Helper()
	for n := range most {
		p.platform.FailNext(with)
		more, err := p.courier.DeliverNext(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if !more {
			return n
		}
		p.now = p.now.Add(time.Hour)
	}
	return most
}

// A letter that fails by itself again and again is given up, sooner when it is worth less; operators see
// those that warn or tell of a report. An alert is tried until its own end. One whose markup was refused is sent plain once, and
// not a third time.
func TestALetterIsGivenUpInTheEnd(t *testing.T) {
	later := sandbox.Failure{Remedy: bot.Later}
	evening := newPost(t).now
	for name, c := range map[string]struct {
		letter bot.Letter
		with   sandbox.Failure
		tries  int
		shown  int // to operators
	}{
		"an alert":    {bot.Letter{Lane: bot.LaneUrgent}, later, 25, 1},
		"of a report": {bot.Letter{Lane: bot.LaneRoutine}, later, 25, 1},
		"an alert, until its end": {
			bot.Letter{Lane: bot.LaneUrgent, Report: "alert/1", Expires: evening.Add(30 * time.Hour)}, later, 30, 0,
		},
		"an alert that tells of no end": {bot.Letter{Lane: bot.LaneUrgent, Report: "alert/1"}, later, 25, 1},
		"a card with an end":            {bot.Letter{Lane: bot.LaneRoutine, Expires: evening.Add(30 * time.Hour)}, later, 25, 1},
		"an answer":                     {bot.Letter{Lane: bot.LaneAnswer}, later, 5, 0},
		"a digest":                      {bot.Letter{Lane: bot.LaneDigest}, later, 5, 0},
		"refused markup":                {bot.Letter{Lane: bot.LaneUrgent}, sandbox.Failure{Remedy: bot.Markup}, 2, 1},
		"refused for all":               {bot.Letter{Lane: bot.LaneUrgent}, sandbox.Failure{Remedy: bot.Never}, 1, 1},
		"a card forgotten": {
			bot.Letter{Lane: bot.LaneRoutine, Op: bot.OpEdit}, sandbox.Failure{Remedy: bot.Lost}, 1, 0,
		},
		"nobody there": {bot.Letter{Lane: bot.LaneUrgent}, sandbox.Failure{Remedy: bot.Gone}, 1, 1},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPost(t)
			if err := p.deliver(t.Context()); err != nil { // what waits for Ana
				t.Fatal(err)
			}
			c.letter.Text = "Hoi"
			p.enqueue(t, "bo", c.letter)
			if n := p.try(t, 40, c.with); n != c.tries || p.lost(t) != c.shown {
				t.Errorf("it was tried %d times, and operators see %d lost letters", n, p.lost(t))
			}
			if n := len(p.platform.Messages("bo")); n != 0 {
				t.Errorf("Bo reads %d messages", n)
			}
		})
	}
}

// A platform that asks for a very long pause gets it; it is looked at again each five minutes whether that still holds, because
// the clock may have been wrong.
func TestALongPauseIsKept(t *testing.T) {
	p := newPost(t)
	p.platform.FailNext(sandbox.Failure{Remedy: bot.Later, After: time.Hour, Global: true})
	if err := p.deliver(t.Context()); err != nil {
		t.Fatal(err)
	}
	p.courier = bot.NewCourier(p.store, p.platform, func() time.Time { return p.now })
	if err := p.courier.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	for minutes := range 59 {
		if err := p.deliver(t.Context()); err != nil {
			t.Fatal(err)
		}
		if n := len(p.platform.Messages("ana")); n != 0 {
			t.Fatalf("it was written to after %d minutes", minutes)
		}
		p.now = p.now.Add(time.Minute)
	}
	p.now = p.now.Add(6 * time.Minute)
	for range 2 {
		if err := p.deliver(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(p.platform.Messages("ana")); n != 1 {
		t.Errorf("Ana reads %d messages after the pause", n)
	}
}

// Whoever hides behind a group or a channel may do nothing, whatever roles stand beside it.
func TestNobodyMayDoAnythingAnonymously(t *testing.T) {
	now := time.Date(2026, 10, 14, 20, 15, 0, 0, time.UTC)
	actor := civic.Member{ID: 7, Network: 1, Grants: []civic.Grant{{Role: civic.Admin, Area: 1, From: now.Add(-time.Hour)}}}
	turn := &bot.Turn{Actor: actor, Now: now}
	scope := civic.Scope{Network: 1}
	if !turn.May(civic.Operate, scope) {
		t.Error("an administrator may not")
	}
	turn.From.Anonymous = true
	for p := range civic.Grants {
		if turn.May(p, scope) {
			t.Errorf("somebody anonymous may %s", p)
		}
	}
}
