package bot_test

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/sandbox"
	"github.com/buurtbot/buurtbot/storage"
	"github.com/buurtbot/buurtbot/storage/storagetest"
)

// post is a store with one letter to Ana, and a courier to bring it.
type post struct {
	now      time.Time
	full     string                   // the label of commits for which the disk has no room
	strike   func(query string) error // fails statements; nil = none
	store    *storage.Store
	platform *sandbox.Sandbox
	courier  *bot.Courier
}

func newPost(t *testing.T) *post {
	t.Helper()
	p := &post{now: time.Date(2025, 10, 14, 20, 15, 0, 0, time.UTC)}
	now := func() time.Time { return p.now }
	var err error
	p.store, err = storagetest.Open(t.Context(), storage.Options{
		Path: filepath.Join(t.TempDir(), "chat.db"), AuditKey: []byte("post"), Now: now,
		Faults: storage.Faults{BeforeCommit: func(label string) error {
			if p.full != "" && label == p.full {
				return storage.FaultFull
			}
			return nil
		}, BeforeStatement: func(query string) error {
			if p.strike != nil {
				return p.strike(query)
			}
			return nil
		}},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.store.Close() })
	p.platform, err = sandbox.New(sandbox.Config{Now: now, People: []sandbox.Person{{ID: "ana", Name: "Ana"}, {ID: "bo", Name: "Bo"}}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.platform.Close() })
	p.courier = bot.NewCourier(p.store, p.platform, now)
	p.write(t, "ana")
	return p
}

func (p *post) write(t *testing.T, to string) {
	t.Helper()
	p.enqueue(t, to, bot.Letter{Lane: bot.LaneRoutine, Message: bot.Message{Text: "Hoi"}})
}

func (p *post) enqueue(t *testing.T, to string, l bot.Letter) {
	t.Helper()
	err := p.store.Do(t.Context(), func(tx bot.Tx) error {
		chat, err := tx.Enter(t.Context(), bot.ChatRef{Platform: sandbox.Name, ID: to, Kind: bot.Private}, p.now)
		if err != nil {
			return err
		}
		l.Chat = chat.ID
		return tx.Enqueue(t.Context(), &l)
	})
	if err != nil {
		t.Fatal(err)
	}
}

func (p *post) deliver(ctx context.Context) error {
	_, err := p.courier.DeliverNext(ctx)
	return err
}

// An outcome that the disk had no room for is stored as soon as it has; the letter is not sent again.
func TestOutcomeIsKept(t *testing.T) {
	p := newPost(t)
	p.full = "settle"
	for range 3 {
		if err := p.deliver(t.Context()); !errors.Is(err, storage.FaultFull) {
			t.Fatalf("with a full disk: %v", err)
		}
	}
	p.full = ""
	p.write(t, "ana")
	for range 3 {
		if err := p.deliver(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(p.platform.Messages("ana")); n != 2 {
		t.Errorf("Ana reads %d messages of two letters", n)
	}
}

// A platform that wants to be left alone is left alone after a restart, too, in chats that were met since as well.
func TestSilenceOutlivesARestart(t *testing.T) {
	p := newPost(t)
	p.platform.FailNext(sandbox.Failure{Remedy: bot.Later, After: 20 * time.Second, Global: true})
	if err := p.deliver(t.Context()); err != nil {
		t.Fatal(err)
	}
	p.courier = bot.NewCourier(p.store, p.platform, func() time.Time { return p.now })
	if err := p.courier.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	p.write(t, "bo")
	for _, want := range []int{0, 1} {
		if err := p.deliver(t.Context()); err != nil {
			t.Fatal(err)
		}
		if n := len(p.platform.Messages("bo")) + len(p.platform.Messages("ana")); n != want {
			t.Errorf("at %v, %d messages were shown, not %d", p.now, n, want)
		}
		p.now = p.now.Add(21 * time.Second)
	}
}

// rivalled is a platform on which another program was noticed.
type rivalled struct {
	*sandbox.Sandbox
	rival time.Time
}

func (r rivalled) LastRival() time.Time { return r.rival }

// While another program takes what people say here, it may answer them as well: answers and digests wait, and what warns or
// tells of a report does not.
func TestAnswersWaitWhileAnotherProgramListens(t *testing.T) {
	p := newPost(t)
	p.courier = bot.NewCourier(p.store, rivalled{p.platform, p.now}, func() time.Time { return p.now })
	for _, l := range []bot.Letter{
		{Lane: bot.LaneAnswer, Message: bot.Message{Text: "answer"}},
		{Lane: bot.LaneDigest, Message: bot.Message{Text: "digest"}},
		{Lane: bot.LaneUrgent, Message: bot.Message{Text: "alert"}},
		{Lane: bot.LaneUrgent, First: true, Message: bot.Message{Text: "112"}},
	} {
		p.enqueue(t, "bo", l)
	}
	for _, c := range []struct {
		after time.Duration
		want  string
	}{{0, "112 alert"}, {89 * time.Second, "112 alert"}, {2 * time.Second, "112 alert answer digest"}} {
		p.now = p.now.Add(c.after)
		for range 6 {
			if err := p.deliver(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		var read []string
		for _, m := range p.platform.Messages("bo") {
			read = append(read, m.Text)
		}
		if got := strings.Join(read, " "); got != c.want {
			t.Errorf("after %s more: %q, want %q", c.after, got, c.want)
		}
	}
	if n := len(p.platform.Messages("ana")); n != 1 {
		t.Errorf("Ana reads %d messages of what tells her of a report", n)
	}
}

// A platform that is out of reach for long uses up no letter's tries, so an alert goes out as soon as it is back.
func TestOutageUsesUpNoTries(t *testing.T) {
	p := newPost(t)
	for range 40 {
		p.platform.FailNext(sandbox.Failure{Remedy: bot.Later, After: 20 * time.Second, Global: true})
		if err := p.deliver(t.Context()); err != nil {
			t.Fatal(err)
		}
		p.now = p.now.Add(21 * time.Second)
	}
	if err := p.deliver(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := len(p.platform.Messages("ana")); n != 1 {
		t.Errorf("Ana reads %d messages after the outage", n)
	}
}

// After a crash an answer that was under way goes again only where the platform recognises it.
func TestAnswerUnderwayGoesAgainWhereItIsRecognised(t *testing.T) {
	for name, once := range map[string][]string{"recognised": {sandbox.Name}, "not recognised": nil, "another platform": {"sand"}} {
		t.Run(name, func(t *testing.T) {
			p := newPost(t)
			if err := p.deliver(t.Context()); err != nil {
				t.Fatal(err)
			}
			var again []bot.Candidate
			err := p.store.Do(t.Context(), func(tx bot.Tx) error {
				chat, err := tx.Enter(t.Context(), bot.ChatRef{Platform: sandbox.Name, ID: "ana", Kind: bot.Private}, p.now)
				if err != nil {
					return err
				}
				l := bot.Letter{Chat: chat.ID, Lane: bot.LaneAnswer, Expires: p.now.Add(time.Hour), Message: bot.Message{Text: "Waar?"}}
				if err := tx.Enqueue(t.Context(), &l); err != nil {
					return err
				}
				if _, err := tx.Claim(t.Context(), []int64{l.ID}, p.now); err != nil {
					return err
				}
				later := p.now.Add(bot.Silence)
				if _, err := tx.Recover(t.Context(), p.now, later, once...); err != nil {
					return err
				}
				again, err = tx.Candidates(t.Context(), bot.CandidateQuery{Platform: sandbox.Name, At: later, Limit: 9})
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			if want := name == "recognised"; (len(again) == 1) != want {
				t.Errorf("%d letters go again", len(again))
			}
		})
	}
}
