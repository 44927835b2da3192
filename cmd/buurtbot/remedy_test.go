package main

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/buurtbot/buurtbot/storage"
)

// Whatever is wrong with the database, the operator reads what it is and what to do, and the program's supervisor that
// to start it again will not help.
func TestEveryDatabaseThatCannotBeUsedHasARemedy(t *testing.T) {
	for _, reason := range []error{
		storage.ErrCorrupt, storage.ErrNewer, storage.ErrLocked, storage.ErrReadOnly, storage.ErrFull,
		storage.ErrKey, storage.ErrDistant, storage.ErrReplaced,
	} {
		t.Run(reason.Error(), func(t *testing.T) {
			var told bytes.Buffer
			if code := fail(&told, fmt.Errorf("database bin.db: %w", reason)); code != exitConfig {
				t.Errorf("exit code %d", code)
			}
			what, remedy, _ := strings.Cut(strings.TrimSpace(told.String()), "\n")
			if !strings.Contains(what, reason.Error()) || len(strings.Fields(remedy)) < 8 {
				t.Errorf("told %q", told.String())
			}
		})
	}
}
