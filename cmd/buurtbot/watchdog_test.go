package main

import (
	"context"
	"net"
	"path/filepath"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/storage"
	"github.com/buurtbot/buurtbot/storage/storagetest"
)

// listenAsSupervisor is a socket as systemd has it, with what was said to it.
func listenAsSupervisor(t *testing.T) <-chan string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "notify")
	conn, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: path, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	said := make(chan string, 1000)
	go func() {
		defer close(said)
		buffer := make([]byte, 100)
		for {
			n, err := conn.Read(buffer)
			if err != nil {
				return
			}
			said <- string(buffer[:n])
		}
	}()
	t.Setenv("NOTIFY_SOCKET", path)
	t.Setenv("WATCHDOG_USEC", "2000")
	return said
}

// A program that is stuck in a turn gives no sign of life until it goes on (reliability.md, I2).
func TestAStuckProgramFallsSilent(t *testing.T) {
	store, err := storagetest.Open(t.Context(), storage.Options{Path: filepath.Join(t.TempDir(), "t.db"), AuditKey: []byte("dog")})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	said := listenAsSupervisor(t)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	d := deployment{towns: []*town{{store: store}}}
	go func() { ended <- d.watchdog(ctx) }()
	for _, want := range []string{"READY=1", "WATCHDOG=1", "WATCHDOG=1"} {
		if got := <-said; got != want {
			t.Fatalf("said %s, not %s", got, want)
		}
	}
	err = store.Do(t.Context(), func(bot.Tx) error {
		for quiet := false; !quiet; { // what was said before the turn began is still to be read
			select {
			case <-said:
			case <-time.After(200 * time.Millisecond): // a hundred times as long as a sign takes
				quiet = true
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := <-said; got != "WATCHDOG=1" {
		t.Errorf("after the turn: %s", got)
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	last := ""
	for last != "STOPPING=1" {
		last = <-said
	}
}

func TestNobodyNeedsToHearThatTheProgramLives(t *testing.T) {
	t.Setenv("NOTIFY_SOCKET", "")
	t.Setenv("WATCHDOG_USEC", "")
	if err := (&deployment{}).watchdog(t.Context()); err != nil {
		t.Error(err)
	}
}

// One loop that is stuck in one step is enough to fall silent, though the database takes what is written to it.
func TestALoopThatIsStuckIsNoticed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := observe(t)
		o.far.hangs = true
		d := deployment{towns: []*town{o.town}}
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- o.engine.Poll(ctx, o.far, o.store) }()
		for _, c := range []struct {
			wait  time.Duration
			alive bool
		}{{5 * time.Minute, true}, {6 * time.Minute, false}} {
			time.Sleep(c.wait)
			if got := d.alive(t.Context()); got != c.alive {
				t.Errorf("alive: %t, stuck: %v", got, o.stuck())
			}
		}
		if got := o.stuck(); !slices.Equal(got, []string{"poll of telegram"}) {
			t.Errorf("stuck: %v", got)
		}
		stop()
		if err := <-ended; err != nil || !d.alive(t.Context()) {
			t.Errorf("at the end: %v, stuck: %v", err, o.stuck())
		}
	})
}

// A loop that comes round gives signs of life, also when there is nothing to do.
func TestLoopsThatIdleAreNotStuck(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := observe(t)
		ctx, stop := context.WithCancel(t.Context())
		var g errgroup.Group
		for _, run := range []func(context.Context) error{
			o.engine.Run, o.engine.RunErrands, o.engine.RunClock, o.couriers[0].Run, o.couriers[1].Run,
		} {
			g.Go(func() error { return run(ctx) })
		}
		for range 10 {
			time.Sleep(7 * time.Minute)
			if got := o.stuck(); len(got) > 0 {
				t.Errorf("stuck: %v", got)
			}
		}
		stop()
		if err := g.Wait(); err != nil {
			t.Error(err)
		}
	})
}
