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
	audit, err := auditKey(ctx, c.Keys.Dir, path)
	if err != nil {
		return storage.Options{}, err
	}
	columns, err := columnKeys(ctx, c.Keys.Dir, path)
	return storage.Options{Path: path, AuditKey: audit, ColumnKeys: columns}, err
}

// auditKey gives the key of the audit trail, and makes it at the first start, never for a database that has a trail: that one
// needs its own ([storage.ErrTrail]). It lies apart from the database so that
// neither a copy of the database nor a backup can forge the trail.
func auditKey(ctx context.Context, dir, database string) ([]byte, error) {
	path := filepath.Join(dir, auditKeyFile)
	key, err := os.ReadFile(path)
	switch {
	case err == nil && len(key) == auditKeySize:
		return key, nil
	case err == nil:
		return nil, fmt.Errorf("%w: %s: a key has %d bytes, this has %d", storage.ErrTrail, path, auditKeySize, len(key))
	case !errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("audit key: %w", err)
	}
	if has, err := storage.HasTrail(ctx, database); err != nil {
		return nil, fmt.Errorf("audit key: %w", err)
	} else if has {
		return nil, fmt.Errorf("%w: %s is missing", storage.ErrTrail, path)
	}
	key, err = newKey(path, auditKeySize)
	return key, about(err, "audit key")
}

const (
	auditKeyFile = "audit.key"
	auditKeySize = 32 // bytes, of HMAC-SHA-256
)

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
