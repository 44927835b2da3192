package storage_test

import (
	"flag"
	"fmt"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/storage"
)

var copies = flag.Int("copies", 2, "backups to make while others write 200 times a second")

// Backups are made while others write 200 times a second, and hold nobody up: 99 of a hundred writes take at most 50 ms. Each
// copy is whole, as of one moment, and what is put back is what was copied (reliability.md, M16).
func TestBackupsHoldNobodyUp(t *testing.T) {
	dir, people := t.TempDir(), 1_000
	if *copies > 2 {
		people = 20_000
	}
	s := populated(t, people)
	stop, ended := make(chan struct{}), make(chan []time.Duration, 1)
	go func() { ended <- pairs(t, s, stop) }()
	var names []string
	for n := range *copies {
		time.Sleep(200 * time.Millisecond)
		names = append(names, filepath.Join(dir, fmt.Sprint(n, ".db")))
		if err := s.Backup(t.Context(), names[n]); err != nil {
			t.Fatal(err)
		}
	}
	close(stop)
	waits := <-ended
	for _, name := range names {
		again, _, err := storage.Rehearse(t.Context(), name, options(name+".drill"), nil, noon)
		if err != nil {
			t.Fatal(err)
		}
		if n, err := again.VerifyAudit(t.Context()); err != nil || n%2 != 0 {
			t.Errorf("%s: %d entries, %v", filepath.Base(name), n, err)
		}
		if err := again.Close(); err != nil {
			t.Fatal(err)
		}
	}
	slices.Sort(waits)
	p99 := waits[(len(waits)-1)*99/100]
	t.Logf("%d copies, each came back; %d writes meanwhile, 99 %% of them within %v, all within %v", len(names), len(waits),
		p99.Round(100*time.Microsecond), waits[len(waits)-1].Round(100*time.Microsecond))
	if p99 > 50*time.Millisecond && *copies > 2 { // the usual few say little on a busy machine
		t.Error("writes are held up")
	}
}

// pairs writes two entries to the trail, 200 times a second, and gives how long each time took.
func pairs(t *testing.T, s *storage.Store, stop <-chan struct{}) (waits []time.Duration) {
	t.Helper()
	ticks := time.NewTicker(time.Second / 200)
	defer ticks.Stop()
	for {
		select {
		case <-stop:
			return waits
		case <-ticks.C:
		}
		began := time.Now()
		err := s.Do(t.Context(), func(tx bot.Tx) error {
			for _, ref := range []string{"a", "b"} {
				if err := tx.Audit(t.Context(), bot.AuditEntry{At: noon, Action: "pair", Object: ref}); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Error(err)
			return waits
		}
		waits = append(waits, time.Since(began))
	}
}
