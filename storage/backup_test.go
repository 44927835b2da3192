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
