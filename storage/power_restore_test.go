package storage_test

import (
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/buurtbot/buurtbot/storage"
)

// copyOf is where the copy lies that is put back.
func copyOf(path string) string { return filepath.Join(filepath.Dir(path), "copy.db") }

// gone makes a database of a program that was killed, with its log beside it, and a copy of it from before.
func gone(t *testing.T, path string) {
	t.Helper()
	empty(t, path)
	s := open(t, path)
	for n := 1; n <= rows; n++ {
		receive(t, s, "bot", strconv.Itoa(n), "u-"+strconv.Itoa(n))
		if n == rows/2 {
			if err := s.Backup(t.Context(), copyOf(path)); err != nil {
				t.Fatal(err)
			}
		}
	}
	left := map[string][]byte{}
	for _, name := range []string{path, path + "-wal"} {
		content, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		left[name] = content
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	for name, content := range left {
		if err := os.WriteFile(name, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// restoring puts the copy back.
func restoring(t *testing.T, path string, sync storage.Sync, promise func()) {
	t.Helper()
	o := storage.Options{
		Path: path, AuditKey: []byte("key"), Now: func() time.Time { return noon }, Sync: sync, Faults: storage.Faults{File: jotFile},
	}
	if _, err := storage.Restore(t.Context(), copyOf(path), o, nil, noon); err != nil {
		t.Fatal(err)
	}
	promise()
}

// restored looks that the database is the former one, whole, or the copy; and once that was promised, the copy.
func restored(_ *testing.T, _ string, db *sql.DB, promises int) error {
	var have, places, marked int
	err := db.QueryRow("SELECT (SELECT count(*) FROM inbox), (SELECT count(*) FROM checkpoints),"+
		" (SELECT count(*) FROM meta WHERE key = 'restored_from' AND value <> '')").Scan(&have, &places, &marked)
	switch {
	case err != nil:
		return err
	case have == rows/2 && places == 0 && marked == 1:
		return nil
	case have == rows && places == 1 && marked == 0 && promises == 0:
		return nil
	}
	return fmt.Errorf("%d updates, %d checkpoints, %d marks, after %d promises", have, places, marked, promises)
}
