package main

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
	"github.com/buurtbot/buurtbot/bot/matrix"
	"github.com/buurtbot/buurtbot/bot/sandbox"
	"github.com/buurtbot/buurtbot/bot/telegram"
	"github.com/buurtbot/buurtbot/storage"
	"github.com/buurtbot/buurtbot/storage/storagetest"
)

// An alert to everybody goes to the rooms of street groups and to the members who are told one by one, each counted once:
// on Matrix, and where they can be reached.
func TestRoomsOfAnAlertAreCounted(t *testing.T) {
	w := sandbox.Vlierdam(time.UTC)
	w.Citizens = append(w.Citizens, sandbox.Citizen{ID: "bo", Name: "Bo", Language: "nl", Role: civic.Resident, Group: "Kastanje"})
	told := 0
	for i, g := range w.Groups {
		if g.Name == "Kastanje" {
			w.Groups[i].Room = "" // told one by one
		} else if g.Room != "" {
			told++
		}
	}
	if told != 1 {
		t.Fatalf("%d other street groups have a room", told)
	}
	for _, c := range w.Citizens {
		if c.Group == "Kastanje" && c.Role == civic.Resident {
			told++
		}
	}
	if told < 3 {
		t.Fatalf("only %d would be told", told)
	}
	for platform, want := range map[string]int{matrix.Name: told, telegram.Name: 0} {
		store := seededStore(t, platform, w)
		if n := counted(t, store); n != want {
			t.Errorf("on %s: %d rooms, not %d", platform, n, want)
		}
		err := store.Do(t.Context(), func(tx bot.Tx) error {
			chat, err := tx.Enter(t.Context(), bot.ChatRef{Platform: platform, ID: "meidoorn", Kind: bot.Group}, time.Now())
			if err != nil {
				return err
			}
			return tx.Reach(t.Context(), chat.ID, false, "kicked", time.Now())
		})
		if err != nil {
			t.Fatal(err)
		}
		if n := counted(t, store); n != max(0, want-1) {
			t.Errorf("on %s: %d rooms after one was lost, of %d", platform, n, want)
		}
	}
}

func seededStore(t *testing.T, platform string, w sandbox.World) *storage.Store {
	t.Helper()
	store, err := storagetest.Open(t.Context(), storage.Options{Path: filepath.Join(t.TempDir(), "bin.db"), AuditKey: []byte("k")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	if err := sandbox.Seed(t.Context(), store, platform, w, time.Now()); err != nil {
		t.Fatal(err)
	}
	return store
}

func counted(t *testing.T, store *storage.Store) (n int) {
	t.Helper()
	err := store.View(t.Context(), func(tx bot.Tx) (err error) {
		n, err = alertRooms(t.Context(), tx)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}
