package main

import (
	"bytes"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/buurtbot/buurtbot/storage"
)

// Whatever is wrong with the database, the operator reads what it is and what to do, and the program's supervisor that
// to start it again will not help.
func TestEveryDatabaseThatCannotBeUsedHasARemedy(t *testing.T) {
	for reason, want := range map[error]string{
		storage.ErrCorrupt:  "Put the last good copy back: buurtbot restore FILE",
		storage.ErrTrail:    "Put back the file that belongs to this database",
		storage.ErrNewer:    "made by a newer buurtbot. Use that version",
		storage.ErrNoLog:    "whose name ends in -wal",
		storage.ErrLocked:   "Another buurtbot is using this database. Stop it first",
		storage.ErrReadOnly: "may not be written to. Give the user of this process the right to",
		storage.ErrFull:     "The disk is full. Make room",
		storage.ErrKey:      "Put back the file that belongs to this database",
		storage.ErrDistant:  "Set storage.path to a disk of this machine",
		storage.ErrReplaced: "Somebody deleted the file or put another in its place. Put the last good copy back",
	} {
		t.Run(reason.Error(), func(t *testing.T) {
			var told bytes.Buffer
			if code := fail(&told, fmt.Errorf("database bin.db: %w", reason)); code != exitConfig {
				t.Errorf("exit code %d", code)
			}
			what, remedy, _ := strings.Cut(strings.TrimSpace(told.String()), "\n")
			if !strings.Contains(what, reason.Error()) || !strings.Contains(remedy, want) {
				t.Errorf("told %q", told.String())
			}
		})
	}
}

// The same with files as they are found: one of another sort, and one of a later version.
func TestCheckTellsTheRemedyOfADatabase(t *testing.T) {
	later := func(path string) error {
		if got := play(t, nil, "invite", "--role", "admin", "--config", "c.yaml"); got.code != exitFine {
			return fmt.Errorf("invite: %+v", got)
		}
		db, err := sql.Open("sqlite", path)
		if err != nil {
			return err
		}
		_, err = db.ExecContext(t.Context(), "INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, 1)")
		return errors.Join(err, db.Close())
	}
	garbage := func(path string) error {
		return os.WriteFile(path, bytes.Repeat([]byte("no database at all\n"), 500), 0o600)
	}
	half := func(path string) error {
		if got := play(t, nil, "invite", "--role", "admin", "--config", "c.yaml"); got.code != exitFine {
			return fmt.Errorf("invite: %+v", got)
		}
		whole, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(path, append(whole, make([]byte, 4096)...), 0o600)
	}
	for name, c := range map[string]struct {
		make func(path string) error
		want string
	}{
		"without its log": {half, "Copy both while no buurtbot runs, or make copies with buurtbot backup alone"},
		"of another sort": {garbage, "Put the last good copy back: buurtbot restore FILE"},
		"newer":           {later, "made by a newer buurtbot. Use that version"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			write(t, "c.yaml", "storage:\n  path: bin.db\n")
			if err := c.make("bin.db"); err != nil {
				t.Fatal(err)
			}
			if got := play(t, nil, "check", "--config", "c.yaml"); got.code != exitConfig || !strings.Contains(got.err, c.want) {
				t.Errorf("want %q and code %d, got %+v", c.want, exitConfig, got)
			}
		})
	}
}
