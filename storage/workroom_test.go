package storage_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/buurtbot/buurtbot/storage"
)

// What a killed process left in its workroom goes; what a process works on stays.
func TestOnlyWorkroomsOfTheDeadAreSwept(t *testing.T) {
	dir := t.TempDir()
	room, leave, err := storage.Workroom(dir)
	if err != nil {
		t.Fatal(err)
	}
	dead := filepath.Join(dir, ".buurtbot-dead")
	if err := os.MkdirAll(dead, 0o700); err != nil {
		t.Fatal(err)
	}
	secret := filepath.Join(dead, "plain.db")
	for _, name := range []string{secret, filepath.Join(dead, "in-use.lock")} {
		if err := os.WriteFile(name, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	unlocked := filepath.Join(dir, ".buurtbot-young")
	if err := os.Mkdir(unlocked, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := storage.Sweep(dir); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]bool{room: true, dead: false, unlocked: true} {
		if _, err := os.Stat(path); (err == nil) != want {
			t.Errorf("%s is there: %t", filepath.Base(path), err == nil)
		}
	}
	if err := os.Chtimes(unlocked, time.Time{}, time.Now().Add(-time.Hour)); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(storage.Sweep(dir), leave()); err != nil {
		t.Fatal(err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("left: %v, %v", left, err)
	}
	if err := storage.Sweep(filepath.Join(dir, "none")); err != nil {
		t.Errorf("a folder that is not there: %v", err)
	}
}
