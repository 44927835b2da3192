package sandbox_test

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
	"github.com/buurtbot/buurtbot/bot/sandbox"
	"github.com/buurtbot/buurtbot/storage"
)

func database(t *testing.T, box *sandbox.Sandbox) *storage.Store {
	t.Helper()
	store, err := storage.Open(t.Context(), storage.Options{
		Path: filepath.Join(t.TempDir(), "town.db"), AuditKey: []byte("key"), Now: box.Clock().Now,
	})
	check(t, err)
	t.Cleanup(func() { check(t, store.Close()) })
	return store
}

func TestSeedStoresTheTownOnce(t *testing.T) {
	box := open(t, town())
	store := database(t, box)
	world := sandbox.Vlierdam(time.UTC)
	for range 2 {
		check(t, sandbox.Seed(t.Context(), store, sandbox.Name, world, noon))
	}
	check(t, store.Do(t.Context(), func(tx bot.Tx) error {
		networks := must(tx.Networks(t.Context()))
		if len(networks) != 1 || networks[0].Name != world.Network.Name {
			t.Fatalf("networks: %+v", networks)
		}
		streets := 0
		for _, a := range must(tx.Areas(t.Context(), networks[0].ID)) {
			if a.Kind == civic.KindStreet {
				streets++
			}
		}
		if streets != 5 {
			t.Errorf("%d streets", streets)
		}
		return nil
	}))
}

// The sandbox and a real database ask each other for the time and for what is stored, and neither waits for the other.
func TestPollIntoARealDatabase(t *testing.T) {
	c := kept(t)
	box := open(t, c)
	store := database(t, box)
	check(t, last2(box.Say("ana", "ana", "een", "")))
	check(t, box.PollOnce(t.Context(), store))
	mark := must(store.Checkpoint(t.Context(), sandbox.Name, sandbox.Name))
	if mark == "" || len(box.Waiting()) != 0 {
		t.Errorf("checkpoint %q, %d wait", mark, len(box.Waiting()))
	}
	check(t, box.Close())
	again := open(t, c)
	check(t, last2(again.Say("ana", "ana", "twee", "")))
	check(t, again.PollOnce(t.Context(), store))
	if diff := cmp.Diff(0, len(again.Waiting())); diff != "" {
		t.Error(diff)
	}
}
