package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/buurtbot/buurtbot/storage"
)

// options are those of a database, with the keys that lie apart from it.
func options(ctx context.Context, c Config, path string) (storage.Options, error) {
	audit, err := auditKey(c.Keys.Dir)
	if err != nil {
		return storage.Options{}, err
	}
	columns, err := columnKeys(ctx, c.Keys.Dir, path)
	return storage.Options{Path: path, AuditKey: audit, ColumnKeys: columns}, err
}

// auditKey gives the key of the audit trail, and makes it at the first start. It lies apart from the database so that
// neither a copy of the database nor a backup can forge the trail.
func auditKey(dir string) ([]byte, error) {
	const size = 32 // bytes, of HMAC-SHA-256
	path := filepath.Join(dir, "audit.key")
	key, err := os.ReadFile(path)
	if err == nil && len(key) == size {
		return key, nil
	}
	if err == nil {
		return nil, fmt.Errorf("%s: a key has %d bytes, this has %d", path, size, len(key))
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("audit key: %w", err)
	}
	key, err = newKey(path, size)
	return key, about(err, "audit key")
}

// columnKeys gives the keys that seal who people are and what they told. The file has one key after the other, the newest
// last; the first is made at the first start, and never for a database that was sealed before: that one needs its own
// ([storage.ErrKey]).
func columnKeys(ctx context.Context, dir, database string) ([][]byte, error) {
	path := filepath.Join(dir, "columns.key")
	all, err := os.ReadFile(path)
	switch {
	case err == nil && len(all) > 0 && len(all)%storage.KeySize == 0:
		return slices.Collect(slices.Chunk(all, storage.KeySize)), nil
	case err == nil:
		return nil, fmt.Errorf("%w: %s: a key has %d bytes, the file has %d", storage.ErrKey, path, storage.KeySize, len(all))
	case !errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("column key: %w", err)
	}
	if needs, err := storage.NeedsKey(ctx, database); err != nil {
		return nil, fmt.Errorf("column key: %w", err)
	} else if needs {
		return nil, fmt.Errorf("%w: %s is missing", storage.ErrKey, path)
	}
	key, err := newKey(path, storage.KeySize)
	return [][]byte{key}, about(err, "column key")
}

// newKey makes a file with a key that only this user may read. It is on disk before anything is sealed with it.
func newKey(path string, size int) ([]byte, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, err
	}
	key := make([]byte, size)
	if _, err := rand.Read(key); err != nil {
		return nil, err
	}
	return key, storage.WriteFile(path, func(w io.Writer) error {
		_, err := w.Write(key)
		return err
	})
}

// about says what was being done when something failed.
func about(err error, what string) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", what, err)
}
