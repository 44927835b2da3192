//go:build goolm

package matrix

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/rs/zerolog"
	"go.mau.fi/util/dbutil"
	"maunium.net/go/mautrix"
	"maunium.net/go/mautrix/crypto/cryptohelper"
	"maunium.net/go/mautrix/event"
	"maunium.net/go/mautrix/id"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/platformtest/homeserver"
)

// person is somebody with an ordinary client, which encrypts.
type person struct {
	t      *testing.T
	cli    *mautrix.Client
	helper *cryptohelper.CryptoHelper

	mu   sync.Mutex
	seen []*event.Event // decrypted
	bell chan struct{}
}

func newPerson(t *testing.T, hs *homeserver.Server, name string) *person {
	t.Helper()
	cli, err := mautrix.NewClient(hs.URL, "", "")
	if err != nil {
		t.Fatal(err)
	}
	cli.Log = zerolog.Nop()
	p := &person{t: t, cli: cli, bell: make(chan struct{}, 1)}
	raw, err := sql.Open("sqlite", "file:"+filepath.Join(t.TempDir(), name+".db")+keysPragmas)
	if err != nil {
		t.Fatal(err)
	}
	db, err := dbutil.NewWithDB(raw, "sqlite3")
	if err != nil {
		t.Fatal(err)
	}
	if p.helper, err = cryptohelper.NewCryptoHelper(cli, []byte("pickle of a person"), db); err != nil {
		t.Fatal(err)
	}
	p.helper.LoginAs = &mautrix.ReqLogin{
		Type: mautrix.AuthTypePassword, Password: "secret-" + name,
		Identifier: mautrix.UserIdentifier{Type: mautrix.IdentifierTypeUser, User: name},
	}
	if err := p.helper.Init(t.Context()); err != nil {
		t.Fatal(err)
	}
	cli.Crypto = p.helper
	p.listen()
	return p
}

// listen keeps what the client reads until the test ends.
func (p *person) listen() {
	syncer := p.cli.Syncer.(*mautrix.DefaultSyncer)
	note := func(_ context.Context, evt *event.Event) {
		p.mu.Lock()
		p.seen = append(p.seen, evt)
		p.mu.Unlock()
		select {
		case p.bell <- struct{}{}:
		default:
		}
	}
	syncer.OnEventType(event.EventMessage, note)
	syncer.OnEventType(event.EventReaction, note)
	syncer.OnEventType(event.StateMember, note)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = p.cli.SyncWithContext(ctx)
	}()
	p.t.Cleanup(func() {
		cancel()
		<-ended
		_ = p.helper.Close()
		p.cli.Client.CloseIdleConnections()
	})
}

// wait gives the first event that fits, once it is there.
func (p *person) wait(what string, fits func(*event.Event) bool) *event.Event {
	p.t.Helper()
	timeout := time.After(20 * time.Second)
	for {
		p.mu.Lock()
		for _, evt := range p.seen {
			if fits(evt) {
				p.mu.Unlock()
				return evt
			}
		}
		p.mu.Unlock()
		select {
		case <-p.bell:
		case <-timeout:
			p.t.Fatalf("%s: %s never came", p.cli.UserID, what)
		}
	}
}

// reads waits for a text of the bot's.
func (p *person) reads(body string) *event.Event {
	p.t.Helper()
	return p.wait(fmt.Sprintf("%q", body), func(evt *event.Event) bool {
		return evt.Type == event.EventMessage && evt.Content.AsMessage().Body == body && evt.Sender != p.cli.UserID
	})
}

// count is how many messages of the bot's have the body.
func (p *person) count(body string) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	n := 0
	for _, evt := range p.seen {
		if evt.Type == event.EventMessage && evt.Sender != p.cli.UserID && evt.Content.AsMessage().Body == body {
			n++
		}
	}
	return n
}

// meets opens a room with the bot and waits until the bot is in it.
func (p *person) meets(encrypted bool) string {
	p.t.Helper()
	req := &mautrix.ReqCreateRoom{Preset: "trusted_private_chat", IsDirect: true, Invite: []id.UserID{id.UserID(buurtbot)}}
	if encrypted {
		req.InitialState = []*event.Event{{
			Type:    event.StateEncryption,
			Content: event.Content{Parsed: &event.EncryptionEventContent{Algorithm: id.AlgorithmMegolmV1}},
		}}
	}
	got, err := p.cli.CreateRoom(p.t.Context(), req)
	if err != nil {
		p.t.Fatal(err)
	}
	return got.RoomID.String()
}

func (p *person) seesJoin(room string) {
	p.t.Helper()
	p.wait("the bot in the room", func(evt *event.Event) bool {
		return evt.Type == event.StateMember && evt.GetStateKey() == buurtbot && evt.RoomID.String() == room &&
			evt.Content.AsMember().Membership == event.MembershipJoin
	})
	// The keys go to whoever the client knows to be in the room.
	if _, err := p.cli.State(p.t.Context(), id.RoomID(room)); err != nil {
		p.t.Fatal(err)
	}
}

func (p *person) says(room, text string) {
	p.t.Helper()
	if _, err := p.cli.SendText(p.t.Context(), id.RoomID(room), text); err != nil {
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
}

func newReal(t *testing.T) *actual {
	t.Helper()
	hs := homeserver.Start(t)
	hs.Register("buurtbot", "ana", "bo")
	r := &actual{t: t, hs: hs, in: &box{}, dir: t.TempDir()}
	r.conf = Config{User: buurtbot, Password: "secret-buurtbot", Encryption: true, Passphrase: "vier woorden in volgorde"}
	r.start()
	t.Cleanup(func() { r.stop() })
	return r
}

// start runs the bot as the program does: a poll after the other.
func (r *actual) start() {
	r.t.Helper()
	r.conf.Homeserver, r.conf.Dir, r.conf.Log = r.hs.URL, r.dir, slog.New(slog.NewTextHandler(logWriter{r.t}, nil))
	r.m = New(r.conf)
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
