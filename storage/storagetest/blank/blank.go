// Package blank keeps files of databases in which nothing is stored yet, for tests: to make the schema takes longer than most of
// them do.
package blank

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
)

var known struct {
	sync.Mutex
	files map[string][]byte
}

// Lay puts a database into the file at path, which must not be one yet. The first of each kind is made by maker, at a path of its
// own; the others are copies of it. The error is maker's or that of the file system.
func Lay(kind, path string, maker func(path string) error) error {
	file, err := one(kind, maker)
	if err != nil {
		return fmt.Errorf("blank database: %w", err)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	return os.WriteFile(path, file, 0o600)
}

func one(kind string, maker func(path string) error) ([]byte, error) {
	known.Lock()
	defer known.Unlock()
	if file := known.files[kind]; file != nil {
		return file, nil
	}
	file, err := made(maker)
	if err != nil {
		return nil, err
	}
	if known.files == nil {
		known.files = map[string][]byte{}
	}
	known.files[kind] = file
	return file, nil
}

func made(maker func(path string) error) (file []byte, err error) {
	dir, err := os.MkdirTemp("", "blank-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	path := filepath.Join(dir, "blank.db")
	if err := maker(path); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
}
