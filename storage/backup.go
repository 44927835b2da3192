package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/disk"
)

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
func copyTo(ctx context.Context, db *sql.DB, to string, at time.Time, hooks Faults) error {
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
	if err := errors.Join(stamp(ctx, part, at), checkFile(ctx, part)); err != nil {
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
	return errors.Join(disk.SyncFolder(folder), hooks.file("sync", folder, ""))
}

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

// Restored is what putting a copy back came to.
type Restored struct {
	Aside  string    // where the former database was moved to; empty when there was none
	Copied time.Time // when the copy was made: what came later is not in it; zero = it does not say
	Erased int       // things that were erased after the copy was made, and were erased again
}

// Restore puts a copy back in place of the database at o.Path. It refuses a database that a running program holds
// ([ErrLocked]) and a copy that is damaged ([ErrCorrupt]). Letters that were waiting in the copy are held, so that nothing
// is sent twice; what the networks sent since is not done again; and what was erased since is erased again.
func Restore(ctx context.Context, from string, o Options, erased []Erasure, at time.Time) (r Restored, err error) {
	if err := checkFile(ctx, from); err != nil {
		return r, fmt.Errorf("restore %s: %w", from, err)
	}
	if err := prepare(o.Path); err != nil {
		return r, fmt.Errorf("restore: %w", err)
	}
	held, err := hold(o.Path)
	if err != nil {
		return r, fmt.Errorf("restore: %w", err)
	}
	defer func() { err = errors.Join(err, held.release()) }()
	part := o.Path + ".restore"
	if r, err = revive(ctx, from, part, o, erased); err != nil {
		return r, errors.Join(fmt.Errorf("restore: %w", err), discardDatabase(part))
	}
	if r.Aside, err = setAside(o.Path, at); err != nil {
		return r, errors.Join(fmt.Errorf("restore: %w", err), discardDatabase(part))
	}
	return r, renamed(part, o.Path, Faults{})
}

// Rehearse does with a copy what [Restore] would do, in a file of its own at o.Path, and leaves it open.
func Rehearse(ctx context.Context, from string, o Options, erased []Erasure) (*Store, Restored, error) {
	if err := checkFile(ctx, from); err != nil {
		return nil, Restored{}, fmt.Errorf("rehearse %s: %w", from, err)
	}
	r, err := revive(ctx, from, o.Path, o, erased)
	if err != nil {
		return nil, r, fmt.Errorf("rehearse %s: %w", from, err)
	}
	s, err := Open(ctx, o)
	return s, r, err
}

// revive makes a database of a copy: marked, brought up to date, cleansed, and closed.
func revive(ctx context.Context, from, to string, o Options, erased []Erasure) (r Restored, err error) {
	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		return r, denied(err)
	}
	if err := copyFile(from, to); err != nil {
		return r, err
	}
	if r.Copied, err = mark(ctx, to, filepath.Base(from)); err != nil {
		return r, err
	}
	later := slices.DeleteFunc(slices.Clone(erased), func(e Erasure) bool { return e.At.Before(r.Copied) })
	r.Erased = len(later)
	o.Path = to
	s, err := Open(ctx, o)
	if err != nil {
		return r, err
	}
	err = s.eraseAgain(ctx, later)
	return r, errors.Join(err, s.Close())
}

// What is done to a copy before it is a database again. Letters that were waiting are held: whoever they were for may have
// had them since. Without a checkpoint a network's past is not done once more.
const (
	sqlHoldLetters  = "UPDATE outbox SET state = 'held', body = '' WHERE state IN ('pending', 'sending')"
	sqlForgetPlaces = "DELETE FROM checkpoints"
)

// mark notes in a copy that it was restored, and gives when it was made.
func mark(ctx context.Context, path, from string) (copied time.Time, err error) {
	db, err := sql.Open(driverName, address(path)+"?_txlock=immediate"+shared)
	if err != nil {
		return copied, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	for _, query := range []string{sqlHoldLetters, sqlForgetPlaces} {
		if _, err := db.ExecContext(ctx, query); err != nil {
			return copied, explain(err)
		}
	}
	var at string
	switch err := db.QueryRowContext(ctx, sqlFact, factCopied).Scan(&at); {
	case errors.Is(err, sql.ErrNoRows):
	case err != nil:
		return copied, explain(err)
	default:
		if copied, err = time.Parse(time.RFC3339Nano, at); err != nil {
			return copied, fmt.Errorf("%w: the time of the copy: %w", ErrCorrupt, err)
		}
	}
	_, err = db.ExecContext(ctx, sqlSaveFact, factRestored, from)
	return copied, explain(err)
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

// discardDatabase removes a database with its side files.
func discardDatabase(path string) error {
	var failed error
	for _, end := range []string{"", "-wal", "-shm", "-journal", ".lock"} {
		failed = errors.Join(failed, discard(path+end))
	}
	return failed
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
	return disk.Write(to, func(out io.Writer) error {
		_, err := io.Copy(out, in)
		return err
	})
}
