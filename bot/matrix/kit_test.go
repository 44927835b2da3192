package matrix

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/platformtest/matrixfake"
	"github.com/buurtbot/buurtbot/locales"
)

func TestMain(m *testing.M) {
	if beEcho() {
		return
	}
	goleak.VerifyTestMain(m)
}

var (
	buurtbot = matrixfake.User("buurtbot")
	ana      = matrixfake.User("ana")
	bo       = matrixfake.User("bo")
)

// world is a homeserver, the bot on it, and the bot's inbox.
type world struct {
	t   *testing.T
	hs  *matrixfake.Server
	m   *Matrix
	in  *box
	dir string
	now time.Time
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{
		t: t, hs: matrixfake.New("buurtbot", "ana", "bo", "cas"), in: &box{}, dir: t.TempDir(),
		now: time.Date(2026, 10, 14, 20, 15, 0, 0, time.UTC),
	}
	w.start()
	return w
}

// start makes the bot anew, as after a restart.
func (w *world) start() {
	w.t.Helper()
	if w.m != nil {
		_ = w.m.Close()
	}
	w.m = w.bot(Config{User: buurtbot, Password: "secret-buurtbot"})
}

func (w *world) bot(c Config) *Matrix {
	w.t.Helper()
	c.Homeserver, c.Dir, c.Transport = "http://hs.test", w.dir, w.hs
	c.Now, c.Log = func() time.Time { return w.now }, slog.New(slog.DiscardHandler)
	texts, err := locales.Load()
	if err != nil {
		w.t.Fatal(err)
	}
	c.Texts, c.Language = texts, "nl"
	m := New(c)
	w.t.Cleanup(func() { _ = m.Close() })
	return m
}

// poll takes batches in until the server has nothing new.
func (w *world) poll() {
	w.t.Helper()
	for range 6 {
		if err := w.pollOnce(); err != nil {
			w.t.Fatal(err)
		}
	}
}

// pollOnce polls without waiting: a server that has nothing is asked to answer at once.
func (w *world) pollOnce() error {
	ctx, cancel := context.WithCancel(w.t.Context())
	defer cancel()
	w.hs.Wait = -1
	return w.m.PollOnce(ctx, w.in)
}

// private is a room of Ana and the bot, in which the bot is.
func (w *world) private() string {
	w.t.Helper()
	w.poll()
	room := w.hs.CreateRoom(ana, matrixfake.Room{Direct: true}, buurtbot)
	w.poll()
	if is := w.hs.Membership(room, buurtbot); is != "join" {
		w.t.Fatalf("the bot's membership is %q", is)
	}
	w.in.empty()
	return room
}

// updates decodes what the inbox holds and empties it.
func (w *world) updates() []bot.Update {
	w.t.Helper()
	var all []bot.Update
	for _, row := range w.in.empty() {
		u, err := w.m.Decode(row.Body)
		if err != nil {
			w.t.Fatal(err)
		}
		all = append(all, u)
	}
	return all
}

func (w *world) events() []bot.Event {
	w.t.Helper()
	var all []bot.Event
	for _, u := range w.updates() {
		all = append(all, u.Event)
	}
	return all
}

func letter(id int64, room, text string) bot.Letter {
	return bot.Letter{
		ID: id, Chat: 1, Op: bot.OpPost, Lane: bot.LaneRoutine, Tries: 1,
		To:      bot.ChatRef{Platform: Name, ID: room, Kind: bot.Private},
		Message: bot.Message{Text: text},
	}
}

func (w *world) send(l bot.Letter) bot.MessageRef {
	w.t.Helper()
	ref, err := w.m.Send(w.t.Context(), l, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	return ref
}

// box is an inbox in memory, which knows what it was given before.
type box struct {
	mu   sync.Mutex
	rows []bot.Raw
	seen map[string]bool
	mark string
	fail error
	held []bot.Chat
}

func (b *box) Held(context.Context, string) ([]bot.Chat, error) { return b.held, nil }

func (b *box) Checkpoint(context.Context, string, string) (string, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.mark, nil
}

func (b *box) Receive(_ context.Context, _, _ string, rows []bot.Raw, mark string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.fail != nil {
		return b.fail
	}
	if b.seen == nil {
		b.seen = map[string]bool{}
	}
	b.mark = mark
	for _, row := range rows {
		if !b.seen[row.External] {
			b.seen[row.External] = true
			b.rows = append(b.rows, row)
		}
	}
	return nil
}

// forget drops what the box knows of what it was given, as an inbox does after three days.
func (b *box) forget() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.seen = nil
}

func (b *box) empty() []bot.Raw {
	b.mu.Lock()
	defer b.mu.Unlock()
	rows := b.rows
	b.rows = nil
	return rows
}

func remedy(t *testing.T, err error) *bot.SendError {
	t.Helper()
	var e *bot.SendError
	if !errors.As(err, &e) {
		t.Fatalf("no *bot.SendError: %v", err)
	}
	return e
}

// refusing answers requests whose path ends in one of the parts with a status and a code.
func refusing(part string, status int, body string) func(*http.Request) (int, string) {
	return func(r *http.Request) (int, string) {
		if containsPart(r.URL.Path, part) {
			return status, body
		}
		return 0, ""
	}
}

func containsPart(path, part string) bool { return part == "" || strings.Contains(path, part) }
