package flows_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"

	"github.com/buurtbot/buurtbot/locales"
	"github.com/buurtbot/buurtbot/storage"
)

// testKey is the key of every database here, so that they can share a blank one.
var testKey = []byte("transcripts")

// Texts and the schema are the same for everybody who plays: they are read, and made, once.
var (
	sharedTexts = sync.OnceValues(locales.Load)
	blankSealed = sync.OnceValues(func() ([]byte, error) { return blank(storage.Options{}) })
	blankPlain  = sync.OnceValues(func() ([]byte, error) { return blank(storage.Options{Plain: true}) })
)

// blank is the file of a database in which nothing is stored yet.
func blank(o storage.Options) (file []byte, err error) {
	dir, err := os.MkdirTemp("", "blank-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	o.Path, o.AuditKey, o.Sync = filepath.Join(dir, "blank.db"), testKey, storage.SyncOff
	s, err := storage.Open(context.Background(), o)
	if err != nil {
		return nil, err
	}
	if err := s.Close(); err != nil {
		return nil, err
	}
	return os.ReadFile(o.Path)
}

// layBlank makes a database at path, so that opening it has no schema to make.
func layBlank(path string, plain bool) error {
	image := blankSealed
	if plain {
		image = blankPlain
	}
	file, err := image()
	if err != nil {
		return err
	}
	return os.WriteFile(path, file, 0o600)
}
