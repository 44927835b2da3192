package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/disk"
)

// stampLayout is how the time stands in the names of files.
const stampLayout = "20060102T150405Z"

// Backup writes a checked copy of the open database to a new file: whole, as of one moment, while the program runs. The
// error wraps [ErrExists] when the file is there already.
func (s *Store) Backup(ctx context.Context, to string) error {
	return s.View(ctx, func(bot.Tx) error { return backupFile(ctx, s.options.Path, to, s.now(), s.faults) })
}

// Backup writes a checked copy of the database at path to a new file. The database may be in use. Errors wrap
// [ErrExists], [ErrCorrupt], [ErrFull] or [ErrReadOnly] where one of them is the reason.
func Backup(ctx context.Context, path, to string) error {
	return backupFile(ctx, path, to, time.Now(), Faults{})
}

func backupFile(ctx context.Context, path, to string, at time.Time, hooks Faults) (err error) {
	if _, err := os.Stat(path); err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	db, err := sql.Open(driverName, address(path)+"?_query_only=0"+shared)
	if err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	db.SetMaxOpenConns(1)
	return about(copyTo(ctx, db, to, at, hooks), "backup")
}

// copyTo copies a database to a new file, checks the copy, and gives it its name last.
func copyTo(ctx context.Context, db *sql.DB, to string, at time.Time, hooks Faults) (err error) {
	if _, err := os.Stat(to); err == nil {
		return fmt.Errorf("%w: %s", ErrExists, to)
	}
	room, leave, err := Workroom(filepath.Dir(to))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, leave()) }()
	part := filepath.Join(room, filepath.Base(to))
	if _, err := db.ExecContext(ctx, sqlVacuumInto, part); err != nil {
		return explain(err)
	}
	if err := errors.Join(stamp(ctx, part, at), checkFile(ctx, part)); err != nil {
		return err
	}
	if err := os.Chmod(part, 0o600); err != nil {
		return denied(err)
	}
	if err := errors.Join(synced(part), hooks.file("sync", part, "")); err != nil {
		return err
	}
	return renamed(part, to, hooks)
}

// renamed gives a file its name for good: it still has it after a power cut.
func renamed(from, to string, hooks Faults) error {
	if err := os.Rename(from, to); err != nil {
		return err
	}
	if err := hooks.file("rename", from, to); err != nil {
		return err
	}
	folder := filepath.Dir(to)
	return errors.Join(disk.SyncFolder(folder), hooks.file("sync", folder, ""))
}

// Rename gives a whole file its name for good, in the place of what has it. Both names are on one disk.
func Rename(from, to string) error { return denied(renamed(from, to, Faults{})) }

// WriteFile is [disk.Write], with the errors of this package.
func WriteFile(path string, write func(io.Writer) error) error {
	return denied(disk.Write(path, write))
}

// discard removes a file that is no use.
func discard(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}

// synced sees to it that a file is on disk.
func synced(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// checkFile runs the thorough check on a database that nobody uses.
func checkFile(ctx context.Context, path string) (err error) {
	db, err := sql.Open(driverName, readerAddress(path))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if err := check(ctx, db, sqlIntegrityCheck); err != nil {
		return err
	}
	version, err := schemaVersion(ctx, db)
	if err != nil {
		return explain(err)
	}
	if version == 0 {
		return fmt.Errorf("%w: it is no database of this program", ErrCorrupt)
	}
	return nil
}

// stamp notes in a fresh copy when it was made.
func stamp(ctx context.Context, path string, at time.Time) (err error) {
	db, err := sql.Open(driverName, address(path)+"?_txlock=immediate"+shared)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	_, err = db.ExecContext(ctx, sqlSaveFact, factCopied, at.UTC().Format(time.RFC3339Nano))
	return explain(err)
}
