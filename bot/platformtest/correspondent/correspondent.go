//go:build goolm

package correspondent

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/rs/zerolog"
	"go.mau.fi/util/dbutil"
	"maunium.net/go/mautrix"
	"maunium.net/go/mautrix/crypto/cryptohelper"
	"maunium.net/go/mautrix/event"
	"maunium.net/go/mautrix/id"
	_ "modernc.org/sqlite" // the driver of the file with the person's keys

	"github.com/buurtbot/buurtbot/bot/platformtest/homeserver"
)

// patience is how long a person waits for an event.
const patience = 20 * time.Second

// pragmas of the file with the keys: nobody pulls the plug on a person of a test.
const pragmas = "?_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=synchronous(OFF)&_txlock=immediate"

// Person is somebody with an ordinary client, which encrypts. It keeps everything that it reads.
type Person struct {
	*mautrix.Client

	t      testing.TB
	helper *cryptohelper.CryptoHelper

	mu     sync.Mutex
	seen   []*event.Event              // messages, reactions and memberships, decrypted
	sealed map[id.EventID]*event.Event // what came encrypted, as it came
	read   map[id.EventID]bool         // of those
	bell   chan struct{}
}

// New logs in to an account that [homeserver.Server.Register] made, and listens until the test ends; when it can't any more,
// the test fails.
func New(t testing.TB, hs *homeserver.Server, name string) *Person {
	t.Helper()
	cli, err := mautrix.NewClient(hs.URL, "", "")
	if err != nil {
		t.Fatal(err)
	}
	cli.Log = zerolog.Nop()
	p := &Person{
		Client: cli, t: t, sealed: map[id.EventID]*event.Event{}, read: map[id.EventID]bool{}, bell: make(chan struct{}, 1),
	}
	raw, err := sql.Open("sqlite", "file:"+filepath.Join(t.TempDir(), name+".db")+pragmas)
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
func (p *Person) listen() {
	syncer := p.Syncer.(*mautrix.DefaultSyncer) //nolint:forcetypeassert // NewClient makes one
	for _, kind := range []event.Type{event.EventMessage, event.EventReaction, event.StateMember} {
		syncer.OnEventType(kind, p.note)
	}
	syncer.OnEventType(event.EventEncrypted, func(_ context.Context, evt *event.Event) {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.sealed[evt.ID] = evt
	})
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		if err := p.SyncWithContext(ctx); ctx.Err() == nil { // whoever reads no more hears nothing, and would wait in vain
			p.t.Errorf("%s stopped reading: %v", p.UserID, err)
		}
	}()
	p.t.Cleanup(func() {
		cancel()
		<-ended
		_ = p.helper.Close()
		p.Client.Client.CloseIdleConnections()
	})
}

func (p *Person) note(_ context.Context, evt *event.Event) {
	p.mu.Lock()
	p.seen = append(p.seen, evt)
	if evt.Mautrix.WasEncrypted {
		p.read[evt.ID] = true
	}
	p.mu.Unlock()
	select {
	case p.bell <- struct{}{}:
	default:
	}
}

// Seen gives the messages, reactions and memberships that the client read, the oldest first; messages are decrypted.
func (p *Person) Seen() []*event.Event {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.seen)
}

// Envelopes gives the events that came encrypted, as they came, in no order.
func (p *Person) Envelopes() []*event.Event {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Collect(maps.Values(p.sealed))
}

// Unread counts the events that came encrypted and could not be read, or not yet.
func (p *Person) Unread() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	n := 0
	for name := range p.sealed {
		if !p.read[name] {
			n++
		}
	}
	return n
}

// Heard counts what somebody else said, by its words. An event that came twice counts once.
func (p *Person) Heard(who id.UserID) map[string]int {
	counts, known := map[string]int{}, map[id.EventID]bool{}
	for _, evt := range p.Seen() {
		if evt.Type == event.EventMessage && evt.Sender == who && !known[evt.ID] {
			known[evt.ID] = true
			counts[evt.Content.AsMessage().Body]++
		}
	}
	return counts
}

// Wait gives the first event that fits, once it is there; what says in a failure what was waited for.
func (p *Person) Wait(what string, fits func(*event.Event) bool) *event.Event {
	p.t.Helper()
	timeout := time.After(patience)
	for {
		seen := p.Seen()
		if i := slices.IndexFunc(seen, fits); i >= 0 {
			return seen[i]
		}
		select {
		case <-p.bell:
		case <-timeout:
			p.t.Fatalf("%s: %s never came", p.UserID, what)
		}
	}
}

// Meets opens a room for two, invites somebody and gives the room.
func (p *Person) Meets(who id.UserID, encrypted bool) id.RoomID {
	p.t.Helper()
	req := &mautrix.ReqCreateRoom{Preset: "trusted_private_chat", IsDirect: true, Invite: []id.UserID{who}}
	if encrypted {
		req.InitialState = []*event.Event{{
			Type:    event.StateEncryption,
			Content: event.Content{Parsed: &event.EncryptionEventContent{Algorithm: id.AlgorithmMegolmV1}},
		}}
	}
	got, err := p.CreateRoom(p.t.Context(), req)
	if err != nil {
		p.t.Fatal(err)
	}
	return got.RoomID
}

// SeesJoin waits until somebody is in a room, so that the key of what is said next goes to them as well.
func (p *Person) SeesJoin(who id.UserID, room id.RoomID) {
	p.t.Helper()
	p.Wait(fmt.Sprintf("%s in the room", who), func(evt *event.Event) bool {
		return evt.Type == event.StateMember && evt.GetStateKey() == who.String() && evt.RoomID == room &&
			evt.Content.AsMember().Membership == event.MembershipJoin
	})
	// The keys go to whoever the client knows to be in the room.
	if _, err := p.State(p.t.Context(), room); err != nil {
		p.t.Fatal(err)
	}
}
