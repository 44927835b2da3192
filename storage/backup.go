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
)

// Backup writes a checked copy of the open database to a new file: whole, as of one moment, while the program runs. The
// error wraps [ErrExists] when the file is there already.
func (s *Store) Backup(ctx context.Context, to string) error {
	return s.View(ctx, func(bot.Tx) error { return backupFile(ctx, s.options.Path, to, s.faults) })
}

// Backup writes a checked copy of the database at path to a new file. The database may be in use. Errors wrap
// [ErrExists], [ErrCorrupt], [ErrFull] or [ErrReadOnly] where one of them is the reason.
func Backup(ctx context.Context, path, to string) error { return backupFile(ctx, path, to, Faults{}) }

func backupFile(ctx context.Context, path, to string, hooks Faults) (err error) {
	if _, err := os.Stat(path); err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	db, err := sql.Open(driverName, address(path)+"?_query_only=0"+shared)
	if err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	db.SetMaxOpenConns(1)
	return about(copyTo(ctx, db, to, hooks), "backup")
}

// copyTo copies a database to a new file, checks the copy, and gives it its name last.
func copyTo(ctx context.Context, db *sql.DB, to string, hooks Faults) error {
	if _, err := os.Stat(to); err == nil {
		return fmt.Errorf("%w: %s", ErrExists, to)
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		return denied(err)
	}
	part := to + ".part"
	if err := os.Remove(part); err != nil && !errors.Is(err, os.ErrNotExist) {
		return denied(err)
	}
	if _, err := db.ExecContext(ctx, sqlVacuumInto, part); err != nil {
		return errors.Join(explain(err), discard(part))
	}
	if err := checkFile(ctx, part); err != nil {
		return errors.Join(err, discard(part))
	}
	if err := os.Chmod(part, 0o600); err != nil {
		return errors.Join(denied(err), discard(part))
	}
	if err := errors.Join(synced(part), hooks.file("sync", part, "")); err != nil {
		return errors.Join(err, discard(part))
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
	return errors.Join(syncFolder(folder), hooks.file("sync", folder, ""))
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

// sqlHoldLetters sets aside what was waiting when the backup was made: whoever it was for may have had it since.
const sqlHoldLetters = "UPDATE outbox SET state = 'held', body = '' WHERE state IN ('pending', 'sending')"

// Restore puts a copy back in place of the database at path and gives where the present one was moved to; empty when
// there was none. It refuses a database that a running program holds ([ErrLocked]) and a copy that is damaged
// ([ErrCorrupt]). Letters that were waiting in the copy are held, so that nothing is sent twice.
func Restore(ctx context.Context, from, path string, at time.Time) (aside string, err error) {
	if err := checkFile(ctx, from); err != nil {
		return "", fmt.Errorf("restore %s: %w", from, err)
	}
	if err := prepare(path); err != nil {
		return "", fmt.Errorf("restore: %w", err)
	}
	held, err := hold(path)
	if err != nil {
		return "", fmt.Errorf("restore: %w", err)
	}
	defer func() { err = errors.Join(err, held.release()) }()
	part := path + ".restore"
	if err := copyFile(from, part); err != nil {
		return "", errors.Join(fmt.Errorf("restore: %w", err), discard(part))
	}
	if err := mark(ctx, part, filepath.Base(from)); err != nil {
		return "", errors.Join(fmt.Errorf("restore: %w", err), discard(part))
	}
	if aside, err = setAside(path, at); err != nil {
		return "", errors.Join(fmt.Errorf("restore: %w", err), discard(part))
	}
	return aside, renamed(part, path, Faults{})
}

// mark notes in a copy that it was restored, and holds its letters.
func mark(ctx context.Context, path, from string) (err error) {
	db, err := sql.Open(driverName, address(path)+"?_txlock=immediate"+shared)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if _, err := db.ExecContext(ctx, sqlHoldLetters); err != nil {
		return explain(err)
	}
	_, err = db.ExecContext(ctx, sqlSaveFact, factRestored, from)
	return explain(err)
}

// setAside moves a database and its side files out of the way; an empty one is removed.
func setAside(path string, at time.Time) (string, error) {
	aside := path + ".before-restore-" + at.UTC().Format("20060102T150405Z")
	info, err := os.Stat(path)
	if err != nil {
		return "", err
	}
	if info.Size() == 0 {
		return "", os.Remove(path)
	}
	for _, end := range []string{"", "-wal", "-shm"} {
		if err := os.Rename(path+end, aside+end); err != nil && !errors.Is(err, os.ErrNotExist) {
			return "", err
		}
	}
	return aside, nil
}

func copyFile(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer func() { _ = in.Close() }() // it was only read
	out, err := os.OpenFile(to, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return denied(err)
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Sync(), out.Close())
}
