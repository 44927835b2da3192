//go:build !unix

package storage

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// lock keeps a second program away from the database: the file exists while the program runs. After a crash it must be
// removed by hand, because nothing tells whether its owner still lives.
type lock struct {
	file *os.File
	path string
}

func hold(path string) (*lock, error) {
	path += ".lock"
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return nil, fmt.Errorf("%w: or remove %s after a crash", ErrLocked, path)
	}
	if err != nil {
		return nil, denied(err)
	}
	return &lock{file: file, path: path}, nil
}

func (l *lock) release() error {
	if l == nil {
		return nil
	}
	return errors.Join(l.file.Close(), os.Remove(l.path))
}

func readOnlyFolder(error) bool { return false }
