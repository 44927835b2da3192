package matrix

import (
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/platformtest/matrixfake"
	"github.com/buurtbot/buurtbot/storage"
	"github.com/buurtbot/buurtbot/storage/storagetest"
)

// A homeserver that asks the account to wait is left alone for that long, in every room, by the program that is started
// again meanwhile as well.
func TestLimitOfTheServerOutlivesARestart(t *testing.T) {
	w := newWorld(t)
	rooms := []string{w.private()}
	rooms = append(rooms, w.hs.CreateRoom(bo, matrixfake.Room{Direct: true}, buurtbot))
	w.poll()
	now := func() time.Time { return w.now }
	store, err := storagetest.Open(t.Context(), storage.Options{Path: filepath.Join(w.dir, "chat.db"), AuditKey: []byte("k"), Now: now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	err = store.Do(t.Context(), func(tx bot.Tx) error {
		for _, room := range rooms {
			chat, err := tx.Enter(t.Context(), bot.ChatRef{Platform: Name, ID: room, Kind: bot.Private}, w.now)
			if err != nil {
				return err
			}
			l := bot.Letter{Chat: chat.ID, Lane: bot.LaneUrgent, Message: bot.Message{Text: "Let op"}}
			if err := tx.Enqueue(t.Context(), &l); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	var courier *bot.Courier
	start := func() {
		w.start()
		w.poll()
		courier = bot.NewCourier(store, w.m, now)
		if err := courier.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	asked, full := 0, true
	w.hs.Refuse = func(r *http.Request) (int, string) {
		switch {
		case !strings.Contains(r.URL.Path, "/send/m.room.message/"):
			return 0, ""
		case full:
			asked++
			return http.StatusTooManyRequests, `{"errcode":"M_LIMIT_EXCEEDED","retry_after_ms":90000}`
		}
		asked++
		return 0, ""
	}
	deliver := func() int {
		asked = 0
		for range 4 {
			if _, err := courier.DeliverNext(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		return asked
	}
	start()
	got := []int{deliver()}
	full = false
	for _, later := range []time.Duration{30 * time.Second, 59 * time.Second, 2 * time.Second} {
		w.now = w.now.Add(later)
		start()
		got = append(got, deliver())
	}
	if want := []int{1, 0, 0, 2}; !slices.Equal(got, want) {
		t.Errorf("the server was asked %v times, not %v", got, want)
	}
}
