package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The keys are made beside the database, for this user only, and stand in no backup. Without the right one the program
// says what to do, and changes nothing.
func TestADatabaseIsOpenedWithItsOwnKeyOnly(t *testing.T) {
	home := t.TempDir()
	t.Chdir(home)
	key := filepath.Join("keys", "columns.key")
	environ := []string{"BUURTBOT_STORAGE_PATH=bin.db"}
	if got := play(t, environ, "invite", "--role", "admin"); got.code != exitFine {
		t.Fatalf("%+v", got)
	}
	right, err := os.ReadFile(key)
	if err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(key); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	if got := play(t, environ, "backup", "copy.db"); got.code != exitFine {
		t.Fatalf("%+v", got)
	}
	for _, file := range []string{"bin.db", "copy.db"} {
		if data, err := os.ReadFile(file); err != nil || bytes.Contains(data, right) {
			t.Errorf("the key stands in %s, %v", file, err)
		}
	}
	for name, spoil := range map[string]func() error{
		"missing":   func() error { return os.Remove(key) },
		"another":   func() error { return os.WriteFile(key, bytes.Repeat([]byte{7}, 32), 0o600) },
		"too short": func() error { return os.WriteFile(key, right[:31], 0o600) },
		"empty":     func() error { return os.WriteFile(key, nil, 0o600) },
	} {
		t.Run(name, func(t *testing.T) {
			if err := spoil(); err != nil {
				t.Fatal(err)
			}
			got := play(t, environ, "invite", "--role", "admin")
			if got.code != exitConfig || !strings.Contains(got.err, "keys/columns.key") || !strings.Contains(got.err, "Put back") {
				t.Errorf("%+v", got)
			}
			if err := os.WriteFile(key, right, 0o600); err != nil {
				t.Fatal(err)
			}
		})
	}
	if got := play(t, environ, "invite", "--role", "admin"); got.code != exitFine {
		t.Errorf("with its key put back: %+v", got)
	}
}

// A key that is put behind the old one takes over, and the old one may go.
func TestAKeyCanBeChanged(t *testing.T) {
	t.Chdir(t.TempDir())
	key := filepath.Join("keys", "columns.key")
	environ := []string{"BUURTBOT_STORAGE_PATH=bin.db"}
	run := func() {
		t.Helper()
		if got := play(t, environ, "invite", "--role", "admin"); got.code != exitFine {
			t.Fatalf("%+v", got)
		}
	}
	run()
	old, err := os.ReadFile(key)
	if err != nil {
		t.Fatal(err)
	}
	next := bytes.Repeat([]byte{9}, 32)
	for _, keys := range [][]byte{append(old, next...), next} {
		if err := os.WriteFile(key, keys, 0o600); err != nil {
			t.Fatal(err)
		}
		run()
	}
}

// The audit trail is proven with its own key only. Without it the program does not start, and says how to go on.
func TestATrailIsProvenWithItsOwnKeyOnly(t *testing.T) {
	t.Chdir(t.TempDir())
	key := filepath.Join("keys", "audit.key")
	environ := []string{"BUURTBOT_STORAGE_PATH=bin.db"}
	if got := play(t, environ, "check", "--new-trail"); got.code != exitUse {
		t.Errorf("no database yet: %+v", got)
	}
	if got := play(t, environ, "invite", "--role", "admin"); got.code != exitFine {
		t.Fatalf("%+v", got)
	}
	right, err := os.ReadFile(key)
	if err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func() error{
		"missing":   func() error { return os.Remove(key) },
		"another":   func() error { return os.WriteFile(key, bytes.Repeat([]byte{7}, 32), 0o600) },
		"too short": func() error { return os.WriteFile(key, right[:31], 0o600) },
	} {
		if err := spoil(); err != nil {
			t.Fatal(err)
		}
		got := play(t, environ, "invite", "--role", "admin")
		if got.code != exitConfig || !strings.Contains(got.err, "keys/audit.key") || !strings.Contains(got.err, "Put back") {
			t.Errorf("%s: %+v", name, got)
		}
		if err := os.WriteFile(key, right, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Remove(key); err != nil {
		t.Fatal(err)
	}
	got := play(t, environ, "check", "--new-trail")
	if !strings.Contains(got.out, "begins anew") || !strings.Contains(got.out, "the audit trail holds with 1 entries") {
		t.Errorf("begun anew: %+v", got)
	}
	if got := play(t, environ, "invite", "--role", "admin"); got.code != exitFine {
		t.Errorf("with the new key: %+v", got)
	}
}
