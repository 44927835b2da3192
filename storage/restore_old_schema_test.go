package storage

import (
	"path/filepath"
	"testing"
	"time"
)

// A copy of an older release is brought up to date while it is put back; what it said before is in no file beside the database.
func TestAnOlderCopyLeavesNothingBesideTheDatabase(t *testing.T) {
	dir := t.TempDir()
	path, older := filepath.Join(dir, "bin.db"), filepath.Join(t.TempDir(), "older.db")
	at(t, older, at(t, filepath.Join(t.TempDir(), "newest.db"), 1)-1)
	closeStore(t, openStore(t, path))
	if _, err := Restore(t.Context(), older, Options{Path: path}, nil, time.Now()); err != nil {
		t.Fatal(err)
	}
	left, err := filepath.Glob(path + ".restore*")
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}
