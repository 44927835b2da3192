package matrix

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"path/filepath"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/platformtest/matrixfake"
	"github.com/buurtbot/buurtbot/locales"
	"github.com/buurtbot/buurtbot/storage"
	"github.com/buurtbot/buurtbot/storage/storagetest"
)

// The loop of the program goes on while nobody answers, with pauses that grow to half a minute, and is there as soon as the
// homeserver is.
func TestLoopOutlivesAnHourWithoutAHomeserver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		texts, err := locales.Load()
		if err != nil {
			t.Fatal(err)
		}
		store, err := storagetest.Open(t.Context(), storage.Options{Path: filepath.Join(t.TempDir(), "chat.db"), AuditKey: []byte("loop")})
		if err != nil {
			t.Fatal(err)
		}
		hs, asked, up := matrixfake.New("buurtbot", "ana"), atomic.Int32{}, atomic.Bool{}
		hs.Refuse = func(*http.Request) (int, string) {
			if up.Load() {
				return 0, ""
			}
			asked.Add(1)
			return http.StatusBadGateway, "<html>502</html>"
		}
		quiet := slog.New(slog.DiscardHandler)
		m := New(Config{Homeserver: "http://hs.test", User: buurtbot, Password: "secret-buurtbot", Dir: t.TempDir(), Transport: hs, Log: quiet})
		engine := bot.New(store, texts, []bot.Platform{m})
		engine.Now, engine.Log = time.Now, quiet
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- engine.Poll(ctx, m, store) }()
		time.Sleep(time.Hour)
		if n := asked.Load(); n < 120 || n > 130 {
			t.Errorf("it asked %d times in an hour", n)
		}
		up.Store(true)
		room := hs.CreateRoom(ana, matrixfake.Room{Direct: true}, buurtbot)
		time.Sleep(time.Minute)
		if is := hs.Membership(room, buurtbot); is != "join" {
			t.Errorf("once it is back, the bot's membership is %q", is)
		}
		stop()
		if err := errors.Join(<-ended, m.Close(), store.Close()); err != nil {
			t.Error(err)
		}
	})
}
