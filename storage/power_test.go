package storage_test

import (
	"database/sql"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/storage"
)

// images is how many power cuts each piece of work goes through.
var images = flag.Int("images", 12, "power cuts in each test of them")

// work is something that a power cut may come into.
type work struct {
	sync storage.Sync
	kill bool // only the program ends, and the power stays
	// before makes the files, in a folder; during does the work and calls promise whenever something was promised.
	before func(t *testing.T, path string)
	during func(t *testing.T, path string, sync storage.Sync, promise func())
	// holds looks at what a start after the cut finds; so many promises were given before.
	holds func(t *testing.T, path string, db *sql.DB, promises int) error
}

// ends cuts the power so many times at places spread over the work, and gives what did not hold.
func (w work) ends(t *testing.T, cuts int) (broken []error) {
	t.Helper()
	folder := filepath.Join(t.TempDir(), "disk")
	if err := os.MkdirAll(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(folder, "bin.db")
	w.before(t, path)
	p := newPlatter(t, folder)
	stop := record(t, folder)
	given := 0
	w.during(t, path, w.sync, func() {
		given++
		jot(change{what: promised, note: given})
	})
	changes := stop()
	if len(changes) < 10 || given == 0 {
		t.Fatalf("%d changes and %d promises were written down", len(changes), given)
	}
	r := rand.New(rand.NewPCG(1, uint64(cuts)))
	due := 0
	for i, c := range changes {
		p.take(c)
		for ; due < cuts*(i+1)/len(changes); due++ {
			if err := w.after(t, folder, path, p, r); err != nil {
				broken = append(broken, fmt.Errorf("after change %d of %d: %w", i+1, len(changes), err))
			}
		}
	}
	return broken
}

// after writes what the disk holds to another folder and starts there.
func (w work) after(t *testing.T, folder, path string, p *platter, r *rand.Rand) error {
	t.Helper()
	there := folder + "-after"
	defer os.RemoveAll(there)
	left := p.cut(r)
	if w.kill {
		left = p.killed()
	}
	for name, content := range left {
		name = strings.Replace(name, folder, there, 1)
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	moved := strings.Replace(path, folder, there, 1)
	s, err := storage.Open(t.Context(), storage.Options{Path: moved, AuditKey: []byte("key"), Sync: storage.SyncOff})
	if err != nil {
		return err
	}
	if _, err := s.VerifyAudit(t.Context()); err != nil {
		return fmt.Errorf("audit trail: %w", err)
	}
	if err := s.Close(); err != nil {
		return err
	}
	db, err := sql.Open("sqlite", moved)
	if err != nil {
		return err
	}
	defer db.Close()
	return w.holds(t, moved, db, p.kept)
}

// empty makes a database with a town in it.
func empty(t *testing.T, path string) {
	t.Helper()
	s := open(t, path)
	build(t, s)
	room(t, s, "1", bot.Private)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

// works opens the database for fn and closes it.
func works(fn func(t *testing.T, s *storage.Store, promise func())) func(*testing.T, string, storage.Sync, func()) {
	return func(t *testing.T, path string, sync storage.Sync, promise func()) {
		t.Helper()
		s, err := storage.Open(t.Context(), storage.Options{
			Path: path, AuditKey: []byte("key"), Now: func() time.Time { return noon }, Sync: sync,
			Faults: storage.Faults{File: jotFile},
		})
		if err != nil {
			t.Fatal(err)
		}
		fn(t, s, promise)
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// jotFile writes down what a backup does to whole files.
func jotFile(step storage.FileStep) error {
	switch step.Name {
	case "copy":
		content, err := os.ReadFile(step.Path)
		if err != nil {
			return err
		}
		jot(change{file: step.Path, what: written, data: content})
		jot(change{file: step.Path, what: synced})
	case "sync":
		jot(change{file: step.Path, what: synced})
	case "aside": // which comes after the folder was synced
		jot(change{file: filepath.Dir(step.Path), what: synced})
	case "rename":
		jot(change{file: step.Path, what: renamed, to: step.To})
	}
	return nil
}

// Whatever a network, a person or an operator was told is there after the power failed at any moment, and nothing is
// half there. What the file system promises is what SQLite asks of it: what was synced stays, and of the rest anything
// may be there, sector by sector.
func TestPowerCut(t *testing.T) {
	for name, w := range map[string]work{
		"accept":  {before: empty, during: works(accepting), holds: accepted},
		"apply":   {before: received, during: works(applying), holds: applied},
		"send":    {before: queued, during: works(sending), holds: sent},
		"backup":  {before: empty, during: works(backing), holds: backed},
		"restore": {before: gone, during: restoring, holds: restored},
		"migrate": {before: old, holds: migrated, during: works(func(_ *testing.T, _ *storage.Store, promise func()) {
			promise()
		})},
	} {
		t.Run(name, func(t *testing.T) {
			broken := w.ends(t, *images)
			for _, err := range broken {
				t.Error(err)
			}
			t.Logf("%d power cuts, %d of them broke something", *images, len(broken))
		})
	}
}

// A program that is killed anywhere in its migrations leaves a database that the next start brings up to date, with everybody
// in it. -images 10000 kills it 200 times for each migration (reliability.md, M17).
func TestKilledMigrationsAreFinished(t *testing.T) {
	w := work{kill: true, before: old, holds: migrated, during: works(func(_ *testing.T, _ *storage.Store, promise func()) { promise() })}
	broken := w.ends(t, *images)
	for _, err := range broken {
		t.Error(err)
	}
	t.Logf("%d kills, %d of them broke something", *images, len(broken))
}

// The test finds what it is for: without a sync at each commit, promises are lost.
func TestPowerCutFindsMissingSync(t *testing.T) {
	w := work{sync: storage.SyncNormal, before: empty, during: works(accepting), holds: accepted}
	broken := w.ends(t, max(*images, 60))
	if len(broken) == 0 {
		t.Fatal("no promise was lost with synchronous=NORMAL")
	}
	t.Logf("%d of %d cuts lose promises with synchronous=NORMAL", len(broken), max(*images, 60))
}
