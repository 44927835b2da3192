// Package disk keeps small files so that a power cut cannot harm them: keys, logins, lists.
//
// Why it lies below everything else: a key that was used before it was on disk is lost with all that was sealed with it,
// whether the database or a platform made it.
package disk

import (
	"errors"
	"io"
	"os"
	"path/filepath"
)

// Write writes a file that others cannot read, in the place of what has its name. It has its name once it is whole and on
// disk, also after a power cut; when writing fails, what had the name keeps it. The folder must be there.
func Write(path string, write func(io.Writer) error) error {
	part := path + ".part"
	if err := writeNew(part, write); err != nil {
		return errors.Join(err, discard(part))
	}
	if err := os.Rename(part, path); err != nil {
		return errors.Join(err, discard(part))
	}
	return SyncFolder(filepath.Dir(path))
}

// WriteBytes is [Write] of what is in memory already.
func WriteBytes(path string, data []byte) error {
	return Write(path, func(w io.Writer) error {
		_, err := w.Write(data)
		return err
	})
}

// writeNew writes a file that others cannot read, and sees to it that it is on disk.
func writeNew(path string, write func(io.Writer) error) error {
	out, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	return errors.Join(write(out), out.Sync(), out.Close())
}

// discard removes a file that is no use.
func discard(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}
