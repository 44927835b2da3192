package main

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

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
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("audit key: %w", err)
	}
	key = make([]byte, size)
	if _, err := rand.Read(key); err != nil {
		return nil, fmt.Errorf("audit key: %w", err)
	}
	if err := os.WriteFile(path, key, 0o600); err != nil {
		return nil, fmt.Errorf("audit key: %w", err)
	}
	return key, nil
}
