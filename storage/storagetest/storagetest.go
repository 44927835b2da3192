// Package storagetest opens real databases for tests without making their schema each time, which takes longer than most
// tests do.
package storagetest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/buurtbot/buurtbot/storage"
	"github.com/buurtbot/buurtbot/storage/storagetest/blank"
)

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
	kind := fmt.Sprintf("%x %x %v", o.AuditKey, bytes.Join(o.ColumnKeys, []byte{0}), o.Plain)
	return blank.Lay(kind, o.Path, func(path string) error {
		s, err := storage.Open(context.Background(), storage.Options{
			Path: path, AuditKey: o.AuditKey, ColumnKeys: o.ColumnKeys, Plain: o.Plain, Sync: storage.SyncOff,
		})
		if err != nil {
			return err
		}
		return s.Close()
	})
}
