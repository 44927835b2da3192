//go:build goolm

package matrix

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"time"

	"maunium.net/go/mautrix/event"
	"maunium.net/go/mautrix/id"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/platformtest/correspondent"
	"github.com/buurtbot/buurtbot/bot/platformtest/homeserver"
)

// person is somebody with an ordinary client, which encrypts.
type person struct {
	*correspondent.Person
	t *testing.T
}

func newPerson(t *testing.T, hs *homeserver.Server, name string) *person {
	t.Helper()
	return &person{correspondent.New(t, hs, name), t}
}

// reads waits for a text of the bot's.
func (p *person) reads(body string) *event.Event {
	p.t.Helper()
	return p.Wait(fmt.Sprintf("%q", body), func(evt *event.Event) bool {
		return evt.Type == event.EventMessage && evt.Content.AsMessage().Body == body && evt.Sender != p.UserID
	})
}

// count is how many messages of the bot's have the body.
func (p *person) count(body string) int { return p.Heard(id.UserID(buurtbot))[body] }

// meets opens a room with the bot.
func (p *person) meets(encrypted bool) string {
	return p.Meets(id.UserID(buurtbot), encrypted).String()
}

func (p *person) seesJoin(room string) {
	p.t.Helper()
	p.SeesJoin(id.UserID(buurtbot), id.RoomID(room))
}

func (p *person) says(room, text string) {
	p.t.Helper()
	if _, err := p.SendText(p.t.Context(), id.RoomID(room), text); err != nil {
		p.t.Fatal(err)
	}
}

// actual is the bot on a real homeserver, polling until the test ends.
type actual struct {
	t    *testing.T
	hs   *homeserver.Server
	in   *box
	dir  string
	m    *Matrix
	stop func()
	conf Config

	pages int // of the past that a poll reads; 0 = as many as usual
}

func newReal(t *testing.T) *actual {
	t.Helper()
	r := installed(t)
	r.start()
	t.Cleanup(func() { r.stop() })
	return r
}

// installed is the bot on a real homeserver before its first start.
func installed(t *testing.T) *actual {
	t.Helper()
	hs := homeserver.Start(t)
	hs.Register("buurtbot", "ana", "bo")
	r := &actual{t: t, hs: hs, in: &box{}, dir: t.TempDir()}
	r.conf = Config{User: buurtbot, Password: "secret-buurtbot", Encryption: true, Passphrase: "vier woorden in volgorde"}
	return r
}

// start runs the bot as the program does: a poll after the other.
func (r *actual) start() {
	r.t.Helper()
	r.conf.Homeserver, r.conf.Dir, r.conf.Log = r.hs.URL, r.dir, slog.New(slog.NewTextHandler(logWriter{r.t}, nil))
	r.m = New(r.conf)
	if r.pages > 0 {
		r.m.pages = r.pages
	}
	m := r.m
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	first := make(chan struct{})
	go func() {
		defer close(ended)
		opened := false
		for ctx.Err() == nil {
			err := m.PollOnce(ctx, r.in)
			if err == nil && !opened {
				opened = true
				close(first)
			}
			if err != nil && ctx.Err() == nil {
				r.t.Log("poll:", err)
				time.Sleep(100 * time.Millisecond)
			}
		}
	}()
	r.stop = sync.OnceFunc(func() {
		cancel()
		<-ended
		_ = m.Close()
	})
	select {
	case <-first:
	case <-time.After(20 * time.Second):
		r.t.Fatal("the first poll does not end")
	}
}

func (r *actual) restart() {
	r.t.Helper()
	r.stop()
	r.start()
}

func roomOf(room string) id.RoomID { return id.RoomID(room) }

type logWriter struct{ t *testing.T }

func (w logWriter) Write(p []byte) (int, error) {
	w.t.Log(string(p))
	return len(p), nil
}

// gets waits for an event in the inbox, in order; events before it are dropped.
func (r *actual) gets(fits func(bot.Update) bool) bot.Update {
	r.t.Helper()
	for end := time.Now().Add(25 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		r.in.mu.Lock()
		for i, row := range r.in.rows {
			u, err := r.m.Decode(row.Body)
			if err != nil {
				r.t.Error(err)
			}
			if err == nil && fits(u) {
				r.in.rows = r.in.rows[i+1:]
				r.in.mu.Unlock()
				return u
			}
		}
		r.in.mu.Unlock()
	}
	r.t.Fatal("the event never came to the inbox")
	return bot.Update{}
}

func (r *actual) hears(text string) bot.Update {
	r.t.Helper()
	return r.gets(func(u bot.Update) bool {
		said, is := u.Event.(bot.Text)
		return is && said.Body == text
	})
}

func (r *actual) send(l bot.Letter) bot.MessageRef {
	r.t.Helper()
	ref, err := r.m.Send(r.t.Context(), l, nil)
	if err != nil {
		r.t.Fatal(err)
	}
	return ref
}
