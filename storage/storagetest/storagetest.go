// Package storagetest opens real databases for tests without making their schema each time, which takes longer than most
// tests do.
package storagetest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"

	"github.com/buurtbot/buurtbot/storage"
)

// blanks are the files of databases in which nothing is stored yet, by what they were made with.
var blanks struct {
	sync.Mutex
	files map[string][]byte
}

// Open does what [storage.Open] does. A database that is not there yet is laid down first, see [Lay].
func Open(ctx context.Context, o storage.Options) (*storage.Store, error) {
	if _, err := os.Stat(o.Path); errors.Is(err, os.ErrNotExist) {
		if err := Lay(o); err != nil {
			return nil, err
		}
	}
	return storage.Open(ctx, o)
}

// Lay puts a database into the file o.Path, which must not be one yet: as [storage.Open] would make it with these keys, but
// copied from one that was made before. No fault of o strikes meanwhile.
func Lay(o storage.Options) error {
	file, err := blank(o)
	if err != nil {
		return fmt.Errorf("blank database: %w", err)
	}
	if err := os.MkdirAll(filepath.Dir(o.Path), 0o700); err != nil {
		return err
	}
	return os.WriteFile(o.Path, file, 0o600)
}

func blank(o storage.Options) ([]byte, error) {
	blanks.Lock()
	defer blanks.Unlock()
	of := fmt.Sprintf("%x %x %v", o.AuditKey, bytes.Join(o.ColumnKeys, []byte{0}), o.Plain)
	if file := blanks.files[of]; file != nil {
		return file, nil
	}
	file, err := made(storage.Options{AuditKey: o.AuditKey, ColumnKeys: o.ColumnKeys, Plain: o.Plain, Sync: storage.SyncOff})
	if err != nil {
		return nil, err
	}
	if blanks.files == nil {
		blanks.files = map[string][]byte{}
	}
	blanks.files[of] = file
	return file, nil
}

// made makes a database and gives its file.
func made(o storage.Options) (file []byte, err error) {
	dir, err := os.MkdirTemp("", "blank-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	o.Path = filepath.Join(dir, "blank.db")
	s, err := storage.Open(context.Background(), o)
	if err != nil {
		return nil, err
	}
	if err := s.Close(); err != nil {
		return nil, err
	}
	return os.ReadFile(o.Path)
}
