package storage_test

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/storage"
)

// copiedTown makes a copy of a town, and a town that somebody has joined since.
func copiedTown(t *testing.T, path string) (copied string) {
	t.Helper()
	copied = filepath.Join(t.TempDir(), "copy.db")
	s := open(t, path)
	in := build(t, s)
	if err := s.Backup(t.Context(), copied); err != nil {
		t.Fatal(err)
	}
	adopt(t, s, "ana", in)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return copied
}

// joined reports whether somebody is in the town at path who joined after the copy was made.
func joined(t *testing.T, path string) (yes bool, err error) {
	t.Helper()
	s, err := storage.Open(t.Context(), options(path))
	if err != nil {
		return false, err
	}
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		who, err := tx.Identify(ctx, bot.UserRef{Platform: "p", ID: "ana"})
		yes = !who.Guest()
		return err
	})
	return yes, s.Close()
}

// unfolded leaves the last commits of the database at path in its log, as a program that is killed does.
func unfolded(t *testing.T, path string) {
	t.Helper()
	folder := t.TempDir()
	db, err := sql.Open("sqlite", path+"?_pragma=journal_mode(wal)&_pragma=wal_autocheckpoint(0)")
	if err != nil {
		t.Fatal(err)
	}
	for range 20 {
		if _, err := db.Exec("UPDATE persons SET name = name || 'x'"); err != nil {
			t.Fatal(err)
		}
	}
	for _, end := range []string{"", "-wal", "-shm"} {
		carry(t, path+end, filepath.Join(folder, "db"+end))
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	for _, end := range []string{"", "-wal", "-shm"} {
		carry(t, filepath.Join(folder, "db"+end), path+end)
	}
}

func carry(t *testing.T, from, to string) {
	t.Helper()
	data, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(to, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

// The database is lost and its log is not. SQLite would play that into the copy that takes its place.
func TestALogThatStayedIsNotPlayedIntoTheCopy(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bin.db")
	copied := copiedTown(t, path)
	for name, lose := range map[string]func() error{
		"gone":  func() error { return os.Remove(path) },
		"empty": func() error { return os.Truncate(path, 0) },
	} {
		unfolded(t, path)
		if err := lose(); err != nil {
			t.Fatal(err)
		}
		if _, err := storage.Restore(t.Context(), copied, options(path), nil, noon); err != nil {
			t.Fatal(err)
		}
		if _, err := os.Stat(path + "-wal"); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%s: the log is still there: %v", name, err)
		}
		if is, err := joined(t, path); is || err != nil {
			t.Errorf("%s: the restored database: %t, %v", name, is, err)
		}
	}
}

// A restore that was killed left a database with a log; the next makes its own.
func TestWhatAnEarlierRestoreLeftIsNoPartOfTheNext(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bin.db")
	copied := copiedTown(t, path)
	carry(t, path, path+".restore")
	unfolded(t, path+".restore")
	if _, err := storage.Restore(t.Context(), copied, options(path), nil, noon); err != nil {
		t.Fatal(err)
	}
	if is, err := joined(t, path); is || err != nil {
		t.Errorf("the restored database: %t, %v", is, err)
	}
	left, err := filepath.Glob(path + ".restore*")
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

// killed is what a hook panics with, so that nothing is tidied up.
type killed struct{}

// killedAt restores and is killed at the nth step with whole files; false when it came through.
func killedAt(t *testing.T, n int, copied, path string) (was bool) {
	t.Helper()
	o := options(path)
	o.Faults.File = func(storage.FileStep) error {
		if n--; n == 0 {
			panic(killed{})
		}
		return nil
	}
	defer func() {
		if p := recover(); p != nil {
			if _, is := p.(killed); !is {
				panic(p)
			}
			was = true
		}
	}()
	if _, err := storage.Restore(t.Context(), copied, o, nil, noon); err != nil {
		t.Fatal(err)
	}
	return false
}

// Wherever a restore is killed, the next start finds the former database, or the restored one, or refuses; it never begins
// with an empty one. And the next restore goes through.
func TestARestoreThatIsKilledNeverLeavesAnEmptyBot(t *testing.T) {
	for name, damage := range map[string]func(t *testing.T, path string){
		"at rest":   func(*testing.T, string) {},
		"with log":  unfolded,
		"gone":      func(t *testing.T, path string) { t.Helper(); _ = os.Remove(path) },
		"no header": scribble,
	} {
		t.Run(name, func(t *testing.T) {
			steps := 0
			for n := 1; ; n++ {
				path := filepath.Join(t.TempDir(), "bin.db")
				copied := copiedTown(t, path)
				damage(t, path)
				was := killedAt(t, n, copied, path)
				startsAs(t, path, name)
				if _, err := storage.Restore(t.Context(), copied, options(path), nil, noon); err != nil {
					t.Fatalf("the next restore after step %d: %v", n, err)
				}
				if is, err := joined(t, path); is || err != nil {
					t.Errorf("step %d: the restored database: %t, %v", n, is, err)
				}
				if !was {
					break
				}
				steps++
			}
			if steps < 3 {
				t.Errorf("it was killed at %d steps only", steps)
			}
		})
	}
}

// startsAs starts what a killed restore left: an empty town is never among it.
func startsAs(t *testing.T, path, name string) {
	t.Helper()
	s, err := storage.Open(t.Context(), options(path))
	switch {
	case errors.Is(err, storage.ErrUnfinished), errors.Is(err, storage.ErrCorrupt) && name == "no header":
		return
	case err != nil:
		t.Fatal(err)
	}
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		networks, err := tx.Networks(ctx)
		if len(networks) == 0 {
			t.Error("the program began anew, with nothing in it")
		}
		return err
	})
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

// scribble makes a database unreadable, with a log beside it that cannot be written into it.
func scribble(t *testing.T, path string) {
	t.Helper()
	unfolded(t, path)
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.WriteAt([]byte("this was a database once, and is not one any more"), 0); err != nil {
		t.Fatal(err)
	}
	w, err := os.OpenFile(path+"-wal", os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	if _, err := w.WriteAt([]byte("no log"), 0); err != nil {
		t.Fatal(err)
	}
}

// Two restores in one second put two databases aside.
func TestADatabaseThatWasPutAsideIsNotOverwritten(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bin.db")
	copied := copiedTown(t, path)
	seen := map[string]bool{}
	for range 3 {
		r, err := storage.Restore(t.Context(), copied, options(path), nil, noon)
		if err != nil || seen[r.Aside] {
			t.Fatalf("%+v, %v", r, err)
		}
		seen[r.Aside] = true
	}
}
