package storage_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/buurtbot/buurtbot/storage"
)

func TestAFileThatIsDeletedOrReplacedIsNoticed(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bin.db")
	s := open(t, path)
	defer func() { _ = s.Close() }() // its file is gone
	same(t, "in place", nil, s.InPlace())
	if err := os.Rename(path, path+".old"); err != nil {
		t.Fatal(err)
	}
	if err := s.InPlace(); !errors.Is(err, storage.ErrReplaced) {
		t.Errorf("deleted: %v", err)
	}
	if err := os.WriteFile(path, []byte("another"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := s.InPlace(); !errors.Is(err, storage.ErrReplaced) {
		t.Errorf("replaced: %v", err)
	}
}
