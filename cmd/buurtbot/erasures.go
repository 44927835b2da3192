package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/buurtbot/buurtbot/storage"
)

// erasuresFile stands beside the backups and lists what was erased, by number. Who takes a copy of a backup elsewhere takes
// it along: without it, a restored backup would bring back what people had erased since.
const erasuresFile = "erasures.json"

// listErasures writes the list anew when it changed; in one minute something may be added to it and something old may leave.
func (u *upkeep) listErasures(ctx context.Context) error {
	if u.config.Backup.Dir == "" {
		return nil
	}
	list, err := u.store.Erasures(ctx, time.Time{})
	if err != nil || slices.Equal(list, u.listed) {
		return err
	}
	if err := os.MkdirAll(u.config.Backup.Dir, 0o700); err != nil {
		return err
	}
	path := filepath.Join(u.config.Backup.Dir, erasuresFile)
	if err := storage.WriteFile(path, func(w io.Writer) error { return json.NewEncoder(w).Encode(list) }); err != nil {
		return err
	}
	u.listed = list
	return nil
}

// readErasures reads the list; there is none before anybody had anything erased.
func readErasures(dir string) ([]storage.Erasure, error) {
	path := filepath.Join(dir, erasuresFile)
	data, err := os.ReadFile(path)
	if dir == "" || errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var list []storage.Erasure
	if err := json.Unmarshal(data, &list); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return list, nil
}
