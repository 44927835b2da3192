package storage_test

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/buurtbot/buurtbot/storage"
)

// Whoever copies the files of a program that runs gets what is whole only with both of them. A copy that can be seen to lack its
// log is refused, and one that may lack it is noticed.
func TestAFileThatWasCopiedWithoutItsLogIsRefused(t *testing.T) {
	const page = 4096
	path := filepath.Join(t.TempDir(), "bin.db")
	s := open(t, path)
	in := build(t, s)
	if err := s.Scrub(t.Context()); err != nil {
		t.Fatal(err)
	}
	before := content(t, path)
	peopled(t, s, in.network)
	log := content(t, path+"-wal")
	if err := s.Scrub(t.Context()); err != nil {
		t.Fatal(err)
	}
	after := content(t, path)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		file, log []byte
		refused   bool
		gone      bool
	}{
		"with its log":                    {before, log, false, false},
		"while its log was written, late": {slices.Concat(before[:page], after[page:]), nil, true, false},
		"while its log was written, soon": {slices.Concat(after[:page], before[page:]), nil, true, false},
		"before its log was written":      {before, nil, false, true},
		"of a program that had ended":     {content(t, path), nil, false, false},
	} {
		t.Run(name, func(t *testing.T) {
			copied := filepath.Join(t.TempDir(), "copy.db")
			err := os.WriteFile(copied, c.file, 0o600)
			if c.log != nil {
				err = errors.Join(err, os.WriteFile(copied+"-wal", c.log, 0o600))
			}
			if err != nil {
				t.Fatal(err)
			}
			s, err := storage.Open(t.Context(), storage.Options{Path: copied, AuditKey: []byte("key")})
			if c.refused {
				if !errors.Is(err, storage.ErrNoLog) || !errors.Is(err, storage.ErrCorrupt) {
					t.Errorf("got %v", err)
				}
				same(t, "the file is left alone", string(c.file), string(content(t, copied)))
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			same(t, "the log is gone", c.gone, s.LogGone())
		})
	}
}

func content(t *testing.T, path string) []byte {
	t.Helper()
	all, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return all
}
