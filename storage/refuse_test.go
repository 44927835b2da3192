package storage_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
	"github.com/buurtbot/buurtbot/storage"
)

// peopled lets some hundred people into a network.
func peopled(t *testing.T, s *storage.Store, network civic.AreaID) {
	t.Helper()
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		for i := range 300 {
			name := fmt.Sprintf("person-%d", i)
			if _, err := tx.Adopt(ctx, bot.UserRef{Platform: "p", ID: name, Name: name}, 0, network, noon); err != nil {
				return err
			}
		}
		return nil
	})
}

// filled is the path of a database with some hundred people, closed.
func filled(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "bin.db")
	s := open(t, path)
	in := build(t, s)
	peopled(t, s, in.network)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

// A damaged file is refused before anything is done with it, and stays as it is for whoever wants to save it.
func TestADamagedFileIsRefusedAndLeftAlone(t *testing.T) {
	whole, err := os.ReadFile(filled(t))
	if err != nil {
		t.Fatal(err)
	}
	dice := rand.New(rand.NewPCG(1, 2))
	damages := map[string]func() []byte{
		"half of it": func() []byte { return whole[:len(whole)/2] },
		"3000 bytes": func() []byte {
			torn := bytes.Clone(whole)
			for range 3000 {
				torn[100+dice.IntN(len(torn)-100)] ^= byte(1 + dice.IntN(255))
			}
			return torn
		},
		"a page of noughts": func() []byte {
			torn := bytes.Clone(whole)
			clear(torn[8192:12288])
			return torn
		},
		"its head": func() []byte { return append([]byte("not SQLite format 3"), whole[19:]...) },
	}
	for name, damage := range damages {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "bin.db")
			torn := damage()
			if err := os.WriteFile(path, torn, 0o600); err != nil {
				t.Fatal(err)
			}
			if _, err := storage.Open(t.Context(), storage.Options{Path: path}); !errors.Is(err, storage.ErrCorrupt) {
				t.Errorf("got %v", err)
			}
			left, err := os.ReadFile(path)
			if err != nil || !bytes.Equal(left, torn) {
				t.Errorf("the file was changed, %v", err)
			}
		})
	}
}

// forbidden is a place in which nobody may write, not even root.
func forbidden(t *testing.T) string {
	t.Helper()
	if os.Geteuid() != 0 {
		dir := t.TempDir()
		if err := os.Chmod(dir, 0o500); err != nil {
			t.Fatal(err)
		}
		return dir
	}
	if runtime.GOOS != "linux" {
		t.Skip("root may write everywhere")
	}
	return "/sys"
}

func TestAPlaceThatMayNotBeWrittenIsNamed(t *testing.T) {
	path := filepath.Join(forbidden(t), "bin.db")
	if _, err := storage.Open(t.Context(), storage.Options{Path: path}); !errors.Is(err, storage.ErrReadOnly) {
		t.Errorf("opened: %v", err)
	}
	if err := storage.Backup(t.Context(), filled(t), path); !errors.Is(err, storage.ErrReadOnly) {
		t.Errorf("a backup: %v", err)
	}
}

// A full disk takes nothing in and loses nothing: what was stored is there, and small things go on.
func TestAFullDiskLosesNothing(t *testing.T) {
	path := filled(t)
	s, err := storage.Open(t.Context(), storage.Options{Path: path, AuditKey: []byte("key"), PageLimit: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	large := bot.Raw{External: "1", Body: make([]byte, 1<<20)}
	if err := s.Receive(t.Context(), "p", "bot", []bot.Raw{large}, "1"); !errors.Is(err, storage.ErrFull) || !errors.Is(err, bot.ErrVoid) {
		t.Errorf("got %v", err)
	}
	if at, err := s.Checkpoint(t.Context(), "p", "bot"); err != nil || at != "" {
		t.Errorf("the checkpoint is %q, %v: an update would be lost", at, err)
	}
	if err := s.Receive(t.Context(), "p", "bot", []bot.Raw{{External: "2", Body: []byte("small")}}, "2"); err != nil {
		t.Errorf("a small update on the same connection: %v", err)
	}
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		who, err := tx.Identify(ctx, bot.UserRef{Platform: "p", ID: "person-7"})
		if err != nil || who.Name != "person-7" {
			t.Errorf("found %+v, %v", who, err)
		}
		return nil
	})
}

// A second program is told that the first one runs, and does not hurt it; when that one is gone, it may.
func TestADatabaseInUseIsNotShared(t *testing.T) {
	path := filled(t)
	first := open(t, path)
	if _, err := storage.Open(t.Context(), storage.Options{Path: path}); !errors.Is(err, storage.ErrLocked) {
		t.Errorf("got %v", err)
	}
	do(t, first, func(ctx context.Context, tx bot.Tx) error {
		_, err := tx.Enter(ctx, bot.ChatRef{Platform: "p", ID: "1"}, noon)
		return err
	})
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	second := open(t, path)
	if err := second.Close(); err != nil {
		t.Error(err)
	}
}

// The files of a database are for their owner only.
func TestNobodyElseMayReadTheFiles(t *testing.T) {
	path := filepath.Join(t.TempDir(), "data", "bin.db")
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, nil, 0o644); err != nil { // as some other tool left it
		t.Fatal(err)
	}
	s := open(t, path)
	defer s.Close()
	build(t, s)
	files, err := filepath.Glob(path + "*")
	if err != nil || len(files) < 3 {
		t.Fatalf("files %v, %v", files, err)
	}
	for _, name := range files {
		info, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s has mode %v", filepath.Base(name), info.Mode())
		}
	}
}

func TestADatabaseThatCannotBeUsedSaysWhy(t *testing.T) {
	dir := t.TempDir()
	held := open(t, filepath.Join(dir, "held.db"))
	defer held.Close()
	torn := filepath.Join(dir, "torn.db")
	if err := os.WriteFile(torn, []byte("this is no database, however long it may be, whatever one tries"), 0o600); err != nil {
		t.Fatal(err)
	}
	full := filepath.Join(dir, "full.db")
	for _, c := range []struct {
		name string
		o    storage.Options
		want error
	}{
		{"locked", storage.Options{Path: filepath.Join(dir, "held.db")}, storage.ErrLocked},
		{"corrupt", storage.Options{Path: torn}, storage.ErrCorrupt},
	} {
		t.Run(c.name, func(t *testing.T) {
			if _, err := storage.Open(t.Context(), c.o); !errors.Is(err, c.want) {
				t.Errorf("got %v, want %v", err, c.want)
			}
		})
	}
	t.Run("full", func(t *testing.T) {
		s := open(t, full)
		in := build(t, s)
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		s, err := storage.Open(t.Context(), storage.Options{Path: full, AuditKey: []byte("key"), PageLimit: 1})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		err = s.Do(t.Context(), func(tx bot.Tx) error {
			for range 2000 {
				p := civic.Photo{Owner: 1}
				if err := tx.AddPhoto(t.Context(), &p); err != nil {
					return err
				}
				if err := tx.FillPhoto(t.Context(), p.ID, make([]byte, 8<<10)); err != nil {
					return err
				}
			}
			return nil
		})
		if !errors.Is(err, storage.ErrFull) || !errors.Is(err, bot.ErrVoid) {
			t.Errorf("got %v", err)
		}
		do(t, s, func(ctx context.Context, tx bot.Tx) error { // what was there still is
			_, err := tx.Area(ctx, in.street)
			return err
		})
	})
}
