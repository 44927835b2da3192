package main

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
	"github.com/buurtbot/buurtbot/bot/sandbox"
	"github.com/buurtbot/buurtbot/bot/telegram"
	"github.com/buurtbot/buurtbot/locales"
	"github.com/buurtbot/buurtbot/storage"
	"github.com/buurtbot/buurtbot/storage/storagetest"
)

// distant is a platform that is heard from when the test says so.
type distant struct {
	bot.Platform
	name    string
	heard   time.Time
	waiting int
	silent  error          // of who is asked what waits
	rival   time.Time      // when another program was last met there
	unread  [2]time.Time   // from when until when something could not be read
	fail    *bot.SendError // what is sent fails so; nil = it does not
	hangs   bool           // it answers nothing until it is told to leave off
	tells   bool           // its server tells the time only where the test says so; else it is ours
	now     func() time.Time
	bot.ClockHeard
}

// Testimony implements [bot.Witness].
func (d *distant) Testimony() bot.Testimony {
	if !d.tells && d.now != nil {
		return bot.Testimony{Said: d.now(), Heard: d.now()}
	}
	return d.ClockHeard.Testimony()
}

// Send implements [bot.Platform].
func (d *distant) Send(ctx context.Context, _ bot.Letter, _ [][]byte) (bot.MessageRef, error) {
	if d.hangs {
		<-ctx.Done()
		return "", &bot.SendError{Remedy: bot.Uncertain, Err: ctx.Err()}
	}
	if d.fail != nil {
		return "", d.fail
	}
	return "1", nil
}

// PollOnce implements [bot.Platform].
func (d *distant) PollOnce(ctx context.Context, in bot.Inbox) error {
	if d.hangs {
		<-ctx.Done()
		return ctx.Err()
	}
	return d.Platform.PollOnce(ctx, in)
}

func (d *distant) Name() string         { return d.name }
func (d *distant) LastHeard() time.Time { return d.heard }

func (d *distant) LastRival() time.Time { return d.rival }

func (d *distant) Unread() (from, until time.Time) { return d.unread[0], d.unread[1] }

func (d *distant) Behind(context.Context) (int, error) { return d.waiting, d.silent }

// observed is a town on two platforms, with an administrator on the second, and a clock of its own.
type observed struct {
	*town
	t       *testing.T
	at      time.Time
	far     *distant
	admin   *sandbox.Sandbox
	options storage.Options
}

func observe(t *testing.T) *observed {
	t.Helper()
	o := &observed{t: t, at: time.Date(2026, 10, 14, 20, 15, 0, 0, time.UTC)}
	w := townOf(0, 2)
	w.Citizens = []sandbox.Citizen{{ID: "bea", Name: "Bea", Language: "nl", Role: civic.Admin}}
	w.Rooms = map[civic.RoomKind]string{}
	now := func() time.Time { return o.at }
	o.options = storage.Options{Path: filepath.Join(t.TempDir(), "t.db"), AuditKey: []byte("watch"), Now: now}
	store, err := storagetest.Open(t.Context(), o.options)
	if err != nil {
		t.Fatal(err)
	}
	if err := sandbox.Seed(t.Context(), store, sandbox.Name, w, o.at); err != nil {
		t.Fatal(err)
	}
	o.admin, err = sandbox.New(sandbox.Config{Now: now, People: []sandbox.Person{{ID: "bea", Name: "Bea"}}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = o.admin.Close() })
	o.far = &distant{Platform: o.admin, name: telegram.Name, heard: o.at, now: now}
	o.begin(store)
	t.Cleanup(func() { _ = o.store.Close() }) // whichever is open then
	return o
}

// begin starts a program on the store.
func (o *observed) begin(store *storage.Store) {
	o.t.Helper()
	texts, err := locales.Load()
	if err != nil {
		o.t.Fatal(err)
	}
	var c Config
	c.Network.Zone, c.Schedules.DraftReminder = time.UTC, "0 * * * *"
	o.town = build(c, store, texts, o.options.Now, o.far, o.admin)
	o.upkeep = &upkeep{config: c, store: store, now: o.options.Now, sure: o.engine.Sure}
}

// letters puts so many letters to a group of the first platform into the outbox.
func (o *observed) letters(n int) {
	o.t.Helper()
	ctx := o.t.Context()
	err := o.store.Do(ctx, func(tx bot.Tx) error {
		c, err := tx.Enter(ctx, bot.ChatRef{Platform: telegram.Name, ID: "-1", Kind: bot.Group}, o.at)
		for range n {
			err = errors.Join(err, tx.Enqueue(ctx, &bot.Letter{
				Chat: c.ID, Op: bot.OpPost, Lane: bot.LaneRoutine, Expires: o.at.Add(time.Hour), Message: bot.Message{Text: "x"},
			}))
		}
		return err
	})
	if err != nil {
		o.t.Fatal(err)
	}
}

// deliver lets the courier of a platform deliver what may go.
func (o *observed) deliver(n int) {
	o.t.Helper()
	for more := true; more; {
		var err error
		if more, err = o.couriers[n].DeliverNext(context.Background()); err != nil {
			o.t.Fatal(err)
		}
	}
}

// reads lets what is due be told, and gives what the administrator has read so far.
func (o *observed) reads() string {
	o.t.Helper()
	if err := o.engine.Tick(context.Background()); err != nil {
		o.t.Fatal(err)
	}
	o.deliver(1)
	var all []string
	for _, m := range o.admin.Messages("bea") {
		all = append(all, m.Text)
	}
	return strings.Join(all, "\n")
}

// The operators hear within two minutes that a platform is deaf, once, and that it works again.
func TestOperatorsHearThatAPlatformIsDeaf(t *testing.T) {
	o := observe(t)
	l := newLookout(o.town)
	look := func(pause time.Duration) string {
		t.Helper()
		o.at = o.at.Add(pause)
		if err := l.look(t.Context()); err != nil {
			t.Fatal(err)
		}
		return o.reads()
	}
	if got := look(80 * time.Second); got != "" {
		t.Errorf("after 80 s: %s", got)
	}
	if got := look(15 * time.Second); strings.Count(got, "Ik hoor al anderhalve minuut niets van Telegram") != 1 {
		t.Errorf("after 95 s: %s", got)
	}
	if got := look(time.Hour); strings.Count(got, "Ik hoor") != 1 || strings.Contains(got, "werkt weer") {
		t.Errorf("an hour later: %s", got)
	}
	o.far.heard = o.at
	if got := look(time.Second); strings.Count(got, "Telegram werkt weer (21.16 uur)") != 1 {
		t.Errorf("after it was heard: %s", got)
	}
}

// More than a thousand updates that wait to be taken are told of once, and so is that they were.
func TestOperatorsHearThatMuchWaitsAtAPlatform(t *testing.T) {
	o := observe(t)
	l := newLookout(o.town)
	for _, c := range []struct {
		waiting int
		want    string
		times   int
		silent  error
	}{
		{1000, "wachten meer dan duizend berichten", 0, nil},
		{1001, "Bij Telegram wachten meer dan duizend berichten op mij", 1, nil},
		{5000, "wachten meer dan duizend berichten", 1, nil},
		{3, "Telegram werkt weer", 0, errors.New("no answer")}, // what was known last counts
		{3, "Telegram werkt weer", 1, nil},
	} {
		o.at = o.at.Add(behindEvery)
		o.far.heard, o.far.waiting = o.at, c.waiting
		o.far.silent = c.silent
		if err := l.look(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := o.reads(); strings.Count(got, c.want) != c.times {
			t.Errorf("%d wait: %s", c.waiting, got)
		}
	}
}

// A platform to which nothing can be delivered is mute; one on which a busy group's letters wait their turn is not.
func TestOperatorsHearThatAPlatformIsMute(t *testing.T) {
	o := observe(t)
	l := newLookout(o.town)
	o.letters(1)
	o.at = time.Now().Add(2 * time.Minute) // letters are stamped by the store's clock
	o.far.heard = o.at
	if err := l.look(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := o.reads(); strings.Count(got, "niets bezorgen via Telegram") != 1 {
		t.Errorf("with a letter that waits: %s", got)
	}
}

// A platform that is away puts off what goes there again and again; the operators hear of it although no letter is overdue, and
// once it takes one that it speaks again. One that puts off a single chat, as a mail server that greylists does, is not mute.
func TestAPlatformThatPutsOffEverythingIsMute(t *testing.T) {
	for name, c := range map[string]struct {
		fail *bot.SendError
		told int
	}{
		"away":      {&bot.SendError{Remedy: bot.Later, After: time.Minute, Global: true, Err: errors.New("421")}, 1},
		"greylists": {&bot.SendError{Remedy: bot.Later, After: 5 * time.Minute, Err: errors.New("451")}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			o := observe(t)
			o.at = time.Now() // letters are stamped by the store's clock
			o.far.fail = c.fail
			l := newLookout(o.town)
			o.letters(2)
			for range 10 {
				o.at = o.at.Add(30 * time.Second)
				o.far.heard = o.at
				o.deliver(0)
				if err := l.look(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			if got := o.reads(); strings.Count(got, "niets bezorgen via Telegram") != c.told {
				t.Errorf("told: %s", got)
			}
			o.far.fail = nil
			o.at = o.at.Add(10 * time.Minute)
			o.far.heard = o.at
			o.deliver(0)
			if err := l.look(t.Context()); err != nil {
				t.Fatal(err)
			}
			if got := o.reads(); strings.Count(got, "Telegram werkt weer") != c.told {
				t.Errorf("afterwards: %s", got)
			}
		})
	}
}

// Where the operators have a room of their own, it is told, and nobody in private; unless the room is on the very platform
// that is deaf.
func TestOperatorsMayHaveARoom(t *testing.T) {
	for where, c := range map[string]struct {
		room    string
		private int
	}{
		"on the platform that is deaf": {"telegram:-100777", 1},
		"on another":                   {"sandbox:-100777", 0},
	} {
		t.Run(where, func(t *testing.T) {
			o := observe(t)
			if err := bindOps(t.Context(), o.store, c.room, o.at); err != nil {
				t.Fatal(err)
			}
			l := newLookout(o.town)
			o.at = o.at.Add(2 * time.Minute)
			if err := l.look(t.Context()); err != nil {
				t.Fatal(err)
			}
			if err := o.engine.Tick(t.Context()); err != nil {
				t.Fatal(err)
			}
			platform, _, _ := strings.Cut(c.room, ":")
			if got := o.waiting(platform); got != 1-c.private {
				t.Errorf("the room gets %d letters", got)
			}
			if got := o.reads(); strings.Count(got, "Ik hoor") != c.private {
				t.Errorf("the administrator reads in private: %s", got)
			}
		})
	}
}

// waiting counts the letters to groups of a platform.
func (o *observed) waiting(platform string) (n int) {
	o.t.Helper()
	err := o.store.Do(o.t.Context(), func(tx bot.Tx) error {
		list, err := tx.Candidates(o.t.Context(), bot.CandidateQuery{Platform: platform, At: o.at, Limit: 9})
		for _, l := range list {
			if l.Kind == bot.Group {
				n++
			}
		}
		return err
	})
	if err != nil {
		o.t.Fatal(err)
	}
	return n
}

// A second program with the same token is told of at once, and so is that it went away.
func TestOperatorsHearOfASecondProgram(t *testing.T) {
	o := observe(t)
	l := newLookout(o.town)
	o.far.rival = o.at
	for _, c := range []struct {
		pause time.Duration
		want  string
	}{
		{time.Second, "Een ander programma haalt bij Telegram de berichten op"},
		{time.Minute, "Een ander programma haalt bij Telegram de berichten op"},
		{time.Minute, "Telegram werkt weer"},
	} {
		o.at = o.at.Add(c.pause)
		o.far.heard = o.at
		if err := l.look(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := o.reads(); strings.Count(got, c.want) != 1 {
			t.Errorf("after %s: %s", c.pause, got)
		}
	}
}

// What lies aside is told of, at most once an hour, and so is what fails in the background.
func TestOperatorsHearThatSomethingLiesAside(t *testing.T) {
	o := observe(t)
	l := newLookout(o.town)
	park := func(key string) {
		err := o.store.Receive(t.Context(), telegram.Name, "bot", []bot.Raw{{External: key, Body: []byte("{")}}, key)
		for n := 1; err == nil && n > 0; {
			n, err = o.engine.HandleNext(t.Context())
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		key   string
		pause time.Duration
		times int
	}{{"1", time.Second, 1}, {"2", time.Minute, 1}, {"", 2 * time.Hour, 1}, {"3", time.Second, 2}} {
		if c.key != "" {
			park(c.key)
		}
		o.at = o.at.Add(c.pause)
		o.far.heard = o.at
		if err := l.look(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := o.reads(); strings.Count(got, "Typ /ops om te zien") != c.times {
			t.Errorf("after %q: %s", c.key, got)
		}
	}
}
