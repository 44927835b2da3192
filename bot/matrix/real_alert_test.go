//go:build goolm

package matrix

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"maunium.net/go/mautrix"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/storage"
)

// weather is a network that refuses some requests and loses some answers after the request had its effect.
type weather struct {
	next http.RoundTripper
	mu   sync.Mutex
	dice *rand.Rand
	calm bool

	refused, lost int
}

var errCut = errors.New("connection cut")

func (w *weather) roll() (refuse int, lose bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.calm {
		return 0, false
	}
	switch n := w.dice.IntN(100); {
	case n < 5:
		w.refused++
		return http.StatusTooManyRequests, false
	case n < 10:
		w.refused++
		return http.StatusBadGateway, false
	case n < 13:
		w.lost++
		return 0, true
	}
	return 0, false
}

func (w *weather) RoundTrip(req *http.Request) (*http.Response, error) {
	refuse, lose := w.roll()
	if refuse != 0 {
		if req.Body != nil {
			_ = req.Body.Close()
		}
		body := `{"errcode":"M_LIMIT_EXCEEDED","retry_after_ms":150}`
		if refuse != http.StatusTooManyRequests {
			body = "bad gateway"
		}
		return &http.Response{StatusCode: refuse, Header: http.Header{}, Request: req, Body: io.NopCloser(strings.NewReader(body))}, nil
	}
	resp, err := w.next.RoundTrip(req)
	if err == nil && lose {
		_ = resp.Body.Close()
		return nil, errCut
	}
	return resp, err
}

// An alert to 200 rooms, own chats and street rooms mixed, in bad weather: once in each.
func TestRealAlertReachesEveryRoomOnce(t *testing.T) {
	const streets, chats = 170, 30
	r := newReal(t)
	device := r.m.login.link.Client
	rooms := openStreets(t, r, device, streets)
	var people []*person
	for i := range chats / doorsPerPerson { // the bot goes into so many rooms an hour for one person
		name := fmt.Sprint("buur", i)
		r.hs.Register(name)
		people = append(people, newPerson(t, r.hs, name))
	}
	for i := range chats {
		p := people[i%len(people)]
		room := p.meets(i%3 == 0)
		p.seesJoin(room)
		rooms[room] = bot.Private
	}
	w := &weather{next: newTransport(), dice: rand.New(rand.NewPCG(1, 2))}
	r.stop()
	r.conf.Transport = w
	w.calm = true
	r.start()
	w.mu.Lock()
	w.calm = false
	w.mu.Unlock()
	began := time.Now()
	deliver(t, r.m, rooms)
	t.Logf("%d rooms in %v, with %d refusals and %d lost answers; resident memory %s", len(rooms),
		time.Since(began).Round(time.Millisecond), w.refused, w.lost, resident())
	w.mu.Lock()
	w.calm = true
	w.mu.Unlock()
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end) && !shown(t, r.m, rooms); {
		time.Sleep(100 * time.Millisecond)
	}
	for room := range rooms {
		if n := alerts(t, r.m, room); n != 1 {
			t.Errorf("%d alerts in a room", n)
		}
	}
}

// shown reports whether every room's history tells of the alert: the server takes a message first, and shows it afterwards.
func shown(t *testing.T, m *Matrix, rooms map[string]bot.ChatKind) bool {
	t.Helper()
	for room := range rooms {
		if alerts(t, m, room) == 0 {
			return false
		}
	}
	return true
}

// openStreets makes public rooms with a name and puts the bot into them.
func openStreets(t *testing.T, r *actual, device *mautrix.Client, n int) map[string]bot.ChatKind {
	t.Helper()
	owner := newPerson(t, r.hs, "bo")
	rooms := map[string]bot.ChatKind{}
	for i := range n {
		got, err := owner.CreateRoom(t.Context(), &mautrix.ReqCreateRoom{Preset: "public_chat", Name: fmt.Sprint("Straat ", i)})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := device.JoinRoomByID(t.Context(), got.RoomID); err != nil {
			t.Fatal(err)
		}
		rooms[got.RoomID.String()] = bot.Group
	}
	return rooms
}

// deliver puts an alert into every room through storage and a courier, and waits until nothing is left to send.
func deliver(t *testing.T, m *Matrix, rooms map[string]bot.ChatKind) {
	t.Helper()
	store, err := storage.Open(t.Context(), storage.Options{Path: filepath.Join(t.TempDir(), "alert.db"), AuditKey: []byte("alert")})
	if err != nil {
		t.Fatal(err)
	}
	err = store.Do(t.Context(), func(tx bot.Tx) error {
		for room, kind := range rooms {
			chat, err := tx.Enter(t.Context(), bot.ChatRef{Platform: Name, ID: room, Kind: kind}, time.Now())
			if err != nil {
				return err
			}
			l := bot.Letter{Chat: chat.ID, Lane: bot.LaneUrgent, Expires: time.Now().Add(time.Hour), Message: bot.Message{Text: "<b>Alarm</b>"}}
			if err := tx.Enqueue(t.Context(), &l); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	end := time.Now().Add(3 * time.Minute)
	for more := true; more && time.Now().Before(end); more = !idle(t, store) { // what was under way may have to go again
		courier := bot.NewCourier(store, m, time.Now)
		courier.Log = slog.New(slog.DiscardHandler)
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			_ = courier.Run(ctx)
		}()
		for !idle(t, store) && time.Now().Before(end) {
			time.Sleep(50 * time.Millisecond)
		}
		stop()
		<-ended
	}
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
}

// idle reports whether no letter waits; some may be on their way.
func idle(t *testing.T, store *storage.Store) bool {
	t.Helper()
	done := false
	err := store.Do(t.Context(), func(tx bot.Tx) error {
		n, err := tx.NextLetter(t.Context(), Name)
		done = n.IsZero()
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return done
}

// alerts counts the bot's own messages in a room, encrypted or not.
func alerts(t *testing.T, m *Matrix, room string) int {
	t.Helper()
	got, err := m.messages(t.Context(), m.login.link, room, span{limit: 100})
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, raw := range got.Chunk {
		e, err := parse(raw)
		if err != nil || e.Sender != buurtbot {
			continue
		}
		var c map[string]any
		if json.Unmarshal(e.Content, &c) == nil && c[letterKey] != nil {
			n++
		}
	}
	return n
}

// resident is how much memory this process holds; the bot, two people and the test share it.
func resident() string {
	status, _ := os.ReadFile("/proc/self/status")
	for line := range strings.Lines(string(status)) {
		if rest, is := strings.CutPrefix(line, "VmRSS:"); is {
			return strings.TrimSpace(rest)
		}
	}
	return "unknown"
}
