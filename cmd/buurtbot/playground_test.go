package main

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
	"github.com/buurtbot/buurtbot/bot/sandbox"
	"github.com/buurtbot/buurtbot/storage"
	"github.com/buurtbot/buurtbot/storage/storagetest"
)

var evening = time.Date(2026, 11, 28, 20, 15, 0, 0, time.UTC)

// playBox is the program's sandbox with a journal at a path.
func playBox(t *testing.T, journal string) *sandbox.Sandbox {
	t.Helper()
	world := sandbox.Vlierdam(time.UTC)
	box, err := sandbox.New(sandbox.Config{
		People: people(world), Panes: panes(world), Map: streets(world), Journal: journal,
		Now: func() time.Time { return evening }, Zone: time.UTC,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = box.Close() })
	return box
}

func playStore(t *testing.T, now func() time.Time) *storage.Store {
	t.Helper()
	store, err := storagetest.Open(t.Context(), storage.Options{
		Path: filepath.Join(t.TempDir(), "town.db"), AuditKey: []byte("key"), Now: now,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	return store
}

func TestSeedStoresTheTownOnce(t *testing.T) {
	store := playStore(t, func() time.Time { return evening })
	world := sandbox.Vlierdam(time.UTC)
	for range 2 {
		if err := sandbox.Seed(t.Context(), store, sandbox.Name, world, evening); err != nil {
			t.Fatal(err)
		}
	}
	err := store.Do(t.Context(), func(tx bot.Tx) error {
		networks, err := tx.Networks(t.Context())
		if err != nil {
			return err
		}
		if len(networks) != 1 || networks[0].Name != world.Network.Name {
			t.Fatalf("networks: %+v", networks)
		}
		areas, err := tx.Areas(t.Context(), networks[0].ID)
		streets := 0
		for _, a := range areas {
			if a.Kind == civic.KindStreet {
				streets++
			}
		}
		if streets != 5 {
			t.Errorf("%d streets", streets)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// The sandbox and a real database ask each other for the time and for what is stored, and neither waits for the other.
func TestPollIntoARealDatabase(t *testing.T) {
	journal := filepath.Join(t.TempDir(), "journal")
	box := playBox(t, journal)
	store := playStore(t, box.Clock().Now)
	hears := func(box *sandbox.Sandbox, words string) {
		t.Helper()
		if _, err := box.Say("ana", "ana", words, ""); err != nil {
			t.Fatal(err)
		}
		if err := box.PollOnce(t.Context(), store); err != nil {
			t.Fatal(err)
		}
		if n := len(box.Waiting()); n != 0 {
			t.Errorf("%d wait after %q", n, words)
		}
	}
	hears(box, "een")
	if mark, err := store.Checkpoint(t.Context(), sandbox.Name, sandbox.Name); mark == "" || err != nil {
		t.Errorf("checkpoint %q, %v", mark, err)
	}
	if err := box.Close(); err != nil {
		t.Fatal(err)
	}
	hears(playBox(t, journal), "twee")
}
