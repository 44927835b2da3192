package storage_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/storage"
)

func TestBackupAndRestore(t *testing.T) {
	dir := t.TempDir()
	path, copied := filepath.Join(dir, "bin.db"), filepath.Join(dir, "backups", "one.db")
	s := open(t, path)
	in := build(t, s)
	if err := s.Backup(t.Context(), copied); err != nil {
		t.Fatal(err)
	}
	if err := s.Backup(t.Context(), copied); !errors.Is(err, storage.ErrExists) {
		t.Errorf("a backup over another: %v", err)
	}
	if _, err := storage.Restore(t.Context(), copied, path, noon); !errors.Is(err, storage.ErrLocked) {
		t.Errorf("restored under a running program: %v", err)
	}
	adopt(t, s, "ana", in) // after the backup
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	aside, err := storage.Restore(t.Context(), copied, path, noon)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(aside); err != nil {
		t.Errorf("the former database: %v", err)
	}
	back := open(t, path)
	defer back.Close()
	do(t, back, func(ctx context.Context, tx bot.Tx) error {
		who, err := tx.Identify(ctx, bot.UserRef{Platform: "p", ID: "ana"})
		if err != nil || !who.Guest() {
			t.Errorf("somebody from after the backup: %+v, %v", who, err)
		}
		return nil
	})
}

// Letters that waited when a copy was made are held when it is put back: whoever they were for may have had them since.
func TestLettersOfACopyAreHeld(t *testing.T) {
	dir := t.TempDir()
	path, copied := filepath.Join(dir, "bin.db"), filepath.Join(dir, "copy.db")
	s := open(t, path)
	a := sound(t, s)
	waiting := a.tell(t, s, "correction")
	if err := storage.Backup(t.Context(), path, copied); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := storage.Restore(t.Context(), copied, path, noon); err != nil {
		t.Fatal(err)
	}
	s = open(t, path)
	defer s.Close()
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		n, err := tx.Recover(ctx, noon, noon)
		same(t, "recovered", 0, n)
		return err
	})
	if got := candidates(t, s, bot.CandidateQuery{}); len(got) != 0 {
		t.Errorf("letters %v go out once more", got)
	}
	if got := claim(t, s, a.letter, waiting); len(got) != 0 {
		t.Errorf("claimed %+v", got)
	}
}

// A copy is made while others write, holds all of one moment, and is never seen half written under its name.
func TestACopyMadeWhileOthersWriteIsWhole(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "bin.db")
	s := open(t, path)
	stop, stopped := make(chan struct{}), make(chan error, 1)
	go func() {
		for {
			select {
			case <-stop:
				stopped <- nil
				return
			default:
			}
			err := s.Do(t.Context(), func(tx bot.Tx) error {
				for _, ref := range []string{"a", "b"} {
					if err := tx.Audit(t.Context(), bot.AuditEntry{At: noon, Action: "pair", Object: ref}); err != nil {
						return err
					}
				}
				return nil
			})
			if err != nil {
				stopped <- err
				return
			}
		}
	}()
	var copies []string
	for _, name := range []string{"1.db", "2.db", "3.db"} {
		to := filepath.Join(dir, name)
		if err := s.Backup(t.Context(), to); err != nil {
			t.Fatal(err)
		}
		copies = append(copies, to)
	}
	close(stop)
	if err := <-stopped; err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	for _, name := range copies {
		one := open(t, name)
		if n, err := one.VerifyAudit(t.Context()); err != nil || n%2 != 0 {
			t.Errorf("%s holds %d entries, %v", filepath.Base(name), n, err)
		}
		if err := one.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if parts, err := filepath.Glob(filepath.Join(dir, "*.part")); err != nil || len(parts) != 0 {
		t.Errorf("left behind: %v, %v", parts, err)
	}
}
