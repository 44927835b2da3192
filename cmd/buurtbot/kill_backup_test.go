package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// The built program is killed at random moments of a backup. No file ever has the backup's name that is not whole, and in a
// drill each comes back (reliability.md, M16).
func TestKilledBackups(t *testing.T) {
	if *kills == 0 {
		t.Skip("not asked for: go test -tags goolm ./cmd/buurtbot -run TestKilledBackups -v -args -kills 50")
	}
	program, home := filepath.Join(t.TempDir(), "buurtbot"), t.TempDir()
	compile(t, program, "goolm")
	inhabit(t, home, 1000)
	fill(t, home, filepath.Join(home, "town.db"), 10_000)
	did := func(wait time.Duration, args ...string) error {
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
	t.Logf("%d kills in the %v that a backup takes: %d copies had their name, each of them whole", *kills, usual.Round(time.Millisecond), whole)
}
