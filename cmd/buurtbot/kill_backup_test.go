package main

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// The built program is killed at random moments of a backup. No file ever has the backup's name that is not whole, and in a
// drill each comes back (reliability.md, M16). The next backup removes what the killed ones left.
func TestKilledBackups(t *testing.T) {
	if *kills == 0 {
		t.Skip("not asked for: go test -tags goolm ./cmd/buurtbot -run TestKilledBackups -v -args -kills 50")
	}
	program, home := townToKill(t)
	did := runs(t, program, home)
	began := time.Now()
	if err := did(0, "backup", "first.db"); err != nil {
		t.Fatal(err)
	}
	usual, whole := time.Since(began), 0
	for n := range *kills {
		name := fmt.Sprintf("copy-%d.db", n)
		err := did(1+time.Duration(rand.Int64N(int64(usual*5/4))), "backup", name)
		_, none := os.Stat(filepath.Join(home, name))
		switch {
		case none != nil && err == nil:
			t.Errorf("%s was promised, and is not there", name)
		case none == nil:
			whole++
			if err := did(0, "restore", name, "--drill"); err != nil {
				t.Errorf("%s does not come back: %v", name, err)
			}
		}
	}
	if err := did(0, "backup", "last.db"); err != nil {
		t.Fatal(err)
	}
	tidy(t, home)
	t.Logf("%d kills in the %v that a backup takes: %d copies had their name, each of them whole", *kills, usual.Round(time.Millisecond), whole)
}

// Killed at any moment, a restore leaves a whole database or a program that refuses to begin anew, and the next one goes
// through.
func TestKilledRestores(t *testing.T) {
	if *kills == 0 {
		t.Skip("not asked for: go test -tags goolm ./cmd/buurtbot -run TestKilledRestores -v -args -kills 50")
	}
	program, home := townToKill(t)
	did := runs(t, program, home)
	if err := did(0, "backup", "copy.db"); err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	if err := did(0, "restore", "copy.db"); err != nil {
		t.Fatal(err)
	}
	usual, cut, refused := time.Since(began), 0, 0
	for range *kills {
		if err := did(1+time.Duration(rand.Int64N(int64(usual*5/4))), "restore", "copy.db"); err != nil {
			cut++
		}
		err := did(0, "retention", "--dry-run") // opens the database
		if exit, is := errors.AsType[*exec.ExitError](err); is && exit.ExitCode() == exitConfig {
			refused++
			err = did(0, "restore", "copy.db")
		}
		if err != nil {
			t.Fatalf("after a kill: %v", err)
		}
		if asides, err := filepath.Glob(filepath.Join(home, "town.db.before-restore-*")); err == nil {
			for _, aside := range asides {
				_ = os.Remove(aside)
			}
		}
	}
	if err := did(0, "restore", "copy.db"); err != nil {
		t.Fatal(err)
	}
	tidy(t, home)
	t.Logf("%d kills in the %v that a restore takes: %d cut it short, %d of them left none", *kills, usual.Round(time.Millisecond), cut, refused)
}

// townToKill is the built program, and a home for it with a town in it.
func townToKill(t *testing.T) (program, home string) {
	t.Helper()
	program, home = filepath.Join(t.TempDir(), "buurtbot"), t.TempDir()
	compile(t, program, "goolm")
	inhabit(t, home, 1000)
	fill(t, home, filepath.Join(home, "town.db"), 10_000)
	return program, home
}

// runs gives what runs a command of the program, and kills it after a while if it is to.
func runs(t *testing.T, program, home string) func(wait time.Duration, args ...string) error {
	t.Helper()
	return func(wait time.Duration, args ...string) error {
		run := exec.Command(program, args...)
		run.Dir = home
		run.Env = append(os.Environ(), "BUURTBOT_STORAGE_PATH="+filepath.Join(home, "town.db"),
			"BUURTBOT_KEYS_DIR="+filepath.Join(home, "keys"))
		if err := run.Start(); err != nil {
			t.Fatal(err)
		}
		if wait > 0 {
			defer time.AfterFunc(wait, func() { _ = run.Process.Kill() }).Stop()
		}
		return run.Wait()
	}
}

// tidy looks that nothing half made is left beside the database and the copies.
func tidy(t *testing.T, home string) {
	t.Helper()
	for _, pattern := range []string{".buurtbot-*", "*.part*", "*.plain*", "*.restore", "*.restore-*"} {
		if left, err := filepath.Glob(filepath.Join(home, pattern)); err != nil || len(left) > 0 {
			t.Errorf("left behind: %v, %v", left, err)
		}
	}
}
