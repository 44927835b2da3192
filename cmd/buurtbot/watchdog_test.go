package main

import (
	"context"
	"net"
	"path/filepath"
	"testing"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/storage"
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
	store, err := storage.Open(t.Context(), storage.Options{Path: filepath.Join(t.TempDir(), "t.db"), AuditKey: []byte("dog")})
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
