//go:build goolm

package matrix

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	mathrand "math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"maunium.net/go/mautrix/id"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/locales"
	"github.com/buurtbot/buurtbot/storage"
)

// The variables that turn this test's program into a bot that says back what it is told.
const (
	echoServer = "BUURTBOT_TEST_ECHO_SERVER"
	echoDir    = "BUURTBOT_TEST_ECHO_DIR"
)

// echo is a whole bot: storage, engine, courier and the adapter; it says back every text, once.
type echo struct {
	store   *storage.Store
	m       *Matrix
	engine  *bot.Engine
	courier *bot.Courier
}

func newEcho(ctx context.Context, server, dir string) (*echo, error) {
	texts, err := locales.Load()
	if err != nil {
		return nil, err
	}
	store, err := storage.Open(ctx, storage.Options{Path: filepath.Join(dir, "chat.db"), AuditKey: []byte("echo")})
	if err != nil {
		return nil, err
	}
	e := &echo{store: store, m: New(Config{
		Homeserver: server, User: buurtbot, Password: "secret-buurtbot", Encryption: true, Passphrase: "vier woorden",
		Dir: dir, Log: slog.New(slog.NewTextHandler(os.Stderr, nil)),
	})}
	e.engine = bot.New(store, texts, []bot.Platform{e.m})
	e.engine.Now, e.engine.Rand, e.engine.Share = time.Now, rand.Reader, 5*time.Millisecond
	e.engine.Log = slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	e.engine.Fallback = func(ctx context.Context, t *bot.Turn, in bot.Input) error {
		return t.Post(ctx, t.Chat.ID, bot.LaneAnswer, bot.Message{Text: "je zei " + in.Text})
	}
	e.courier = bot.NewCourier(store, e.m, time.Now)
	e.engine.Wake = e.courier.Wake
	return e, nil
}

// run serves until ctx ends. A chat is silent for a second after a crash, not for as long as one that may be throttled.
func (e *echo) run(ctx context.Context) error {
	err := e.store.Do(ctx, func(tx bot.Tx) error {
		_, err := tx.Recover(ctx, time.Now(), time.Now().Add(time.Second), Name)
		return err
	})
	if err := errors.Join(err, e.courier.Start(ctx), e.engine.Start(ctx)); err != nil {
		return err
	}
	var all sync.WaitGroup
	all.Go(func() { _ = e.engine.Run(ctx) })
	all.Go(func() { _ = e.courier.Run(ctx) })
	all.Go(func() { _ = e.engine.Poll(ctx, e.m, e.store) })
	all.Wait()
	return errors.Join(e.m.Close(), e.store.Close())
}

// beEcho runs the bot in this process, when the test started it for that.
func beEcho() bool {
	server := os.Getenv(echoServer)
	if server == "" {
		return false
	}
	ctx := context.Background()
	e, err := newEcho(ctx, server, os.Getenv(echoDir))
	if err == nil {
		err = e.run(ctx)
	}
	fmt.Fprintln(os.Stderr, "echo ended:", err)
	os.Exit(1)
	return true
}

// victim is a bot in a process of its own.
type victim struct {
	t   *testing.T
	cmd *exec.Cmd
	env []string
	log *os.File
}

func (v *victim) start() {
	v.t.Helper()
	v.cmd = exec.CommandContext(context.Background(), os.Args[0])
	v.cmd.Env = append(os.Environ(), v.env...)
	v.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	v.cmd.Stdout, v.cmd.Stderr = v.log, v.log
	if err := v.cmd.Start(); err != nil {
		v.t.Fatal(err)
	}
}

// kill ends the bot without a word.
func (v *victim) kill() {
	_ = v.cmd.Process.Kill()
	_ = v.cmd.Wait()
}

// way is what lies between the bot and its server, which goes on with what it was asked after whoever asked is no more. A bot is
// away for longer than that takes (bot.Silence); here it comes back as soon as the server is done.
type way struct {
	next http.RoundTripper
	busy sync.RWMutex
}

// newWay opens a way to a server, and gives it with its address.
func newWay(t *testing.T, server string) (w *way, address string) {
	t.Helper()
	there, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	w = &way{next: newTransport()}
	proxy := &httputil.ReverseProxy{
		Transport: w, Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(there) }, ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelError),
	}
	s := httptest.NewServer(proxy)
	t.Cleanup(s.Close)
	return w, s.URL
}

// RoundTrip carries a request; one that changes something is carried to its end.
func (w *way) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.Method != http.MethodGet {
		w.busy.RLock()
		defer w.busy.RUnlock()
		req = req.WithContext(context.WithoutCancel(req.Context()))
	}
	return w.next.RoundTrip(req)
}

// rest waits until nothing that changes something is under way.
func (w *way) rest() {
	w.busy.Lock()
	defer w.busy.Unlock()
}

// A bot that is killed again and again in the middle of an encrypted conversation answers every message once.
func TestRealKilledBotAnswersEveryMessageOnce(t *testing.T) {
	const messages, kills = 300, 20 // at least so many messages, and until the last kill
	r := newReal(t)
	r.stop() // only the server is wanted
	p := newPerson(t, r.hs, "ana")
	dir := t.TempDir()
	log, err := os.Create(filepath.Join(dir, "log"))
	if err != nil {
		t.Fatal(err)
	}
	w, server := newWay(t, r.hs.URL)
	v := &victim{t: t, env: []string{echoServer + "=" + server, echoDir + "=" + dir}, log: log}
	v.start()
	t.Cleanup(func() {
		v.kill()
		_ = log.Close()
		if t.Failed() {
			said, _ := os.ReadFile(log.Name())
			t.Logf("%.20000s", said)
		}
	})
	room := p.meets(true)
	p.seesJoin(room)
	spoken := make(chan int)
	var over atomic.Bool // the last kill
	go func() {
		said := 0
		defer func() { spoken <- said }()
		for i := 0; i < messages || !over.Load(); i++ { // until the last kill they keep coming
			said++
			if _, err := p.SendText(t.Context(), roomOf(room), fmt.Sprint("bericht ", i)); err != nil {
				t.Error(err)
			}
		}
	}()
	seed := time.Now().UnixNano()
	t.Log("seed", seed)
	dice := mathrand.New(mathrand.NewPCG(uint64(seed), 1))
	for range kills {
		time.Sleep(time.Duration(200+dice.IntN(1300)) * time.Millisecond)
		v.kill()
		w.rest()
		v.start()
	}
	over.Store(true)
	said := <-spoken
	t.Logf("%d messages during %d kills", said, kills)
	whole := func() bool { return len(p.Heard(id.UserID(buurtbot))) >= said && p.Unread() == 0 }
	for end := time.Now().Add(90 * time.Second); time.Now().Before(end) && !whole(); {
		time.Sleep(100 * time.Millisecond)
	}
	time.Sleep(2 * time.Second) // for what would come twice
	counts := p.Heard(id.UserID(buurtbot))
	for i := range said {
		if n := counts[fmt.Sprint("je zei bericht ", i)]; n != 1 {
			t.Errorf("message %d was answered %d times", i, n)
		}
	}
	if n := p.Unread(); n != 0 {
		t.Errorf("%d messages cannot be read", n)
	}
	if len(counts) != said {
		t.Errorf("%d different answers: %v", len(counts), strange(counts))
	}
}

func strange(counts map[string]int) []string {
	var all []string
	for words := range counts {
		if !strings.HasPrefix(words, "je zei bericht ") {
			all = append(all, words)
		}
	}
	slices.Sort(all)
	return all
}
