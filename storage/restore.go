package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/buurtbot/buurtbot/bot/disk"
)

// Restored is what putting a copy back came to.
type Restored struct {
	Aside  string    // where the former database was moved to; empty when there was none
	Copied time.Time // when the copy was made: what came later is not in it; zero = it does not say
	Erased int       // things that were erased after the copy was made, and were erased again
}

// restoring is how the name of a database ends that a restore is making; asideMark comes before the time in the name of one
// that a restore has put aside.
const (
	restoring = ".restore"
	asideMark = ".before-restore-"
)

// Restore puts a copy back in place of the database at o.Path. It refuses a database that a running program holds
// ([ErrLocked]) and a copy that is damaged ([ErrCorrupt]). Letters that were waiting in the copy are held until a human
// lets them go, so that nothing is sent twice; what the networks sent since is not done again; and what was erased since is
// erased again. Wherever it is cut short, the next start finds the former database or the restored one, or refuses
// ([ErrUnfinished]).
func Restore(ctx context.Context, from string, o Options, erased []Erasure, at time.Time) (r Restored, err error) {
	if err := checkFile(ctx, from); err != nil {
		return r, fmt.Errorf("restore %s: %w", from, err)
	}
	if err := prepareFolder(o.Path); err != nil {
		return r, fmt.Errorf("restore: %w", err)
	}
	held, err := hold(o.Path)
	if err != nil {
		return r, fmt.Errorf("restore: %w", err)
	}
	defer func() { err = errors.Join(err, held.release()) }()
	part := o.Path + restoring
	if err := discardDatabase(part); err != nil { // of one that was cut short
		return r, fmt.Errorf("restore: %w", err)
	}
	whole := o
	whole.Path, whole.lettersTo = part, lastLetter(ctx, o.Path)
	if r, err = revive(ctx, from, whole, erased, at); err == nil {
		r.Aside, err = replace(ctx, part, o, at)
	}
	if err != nil {
		return r, errors.Join(fmt.Errorf("restore: %w", err), discardDatabase(part))
	}
	return r, nil
}

// replace puts a whole database in the place of the one at o.Path, and gives the new name of that one, if there was any.
// No log of the former one is left beside the new one: SQLite would take it for the new one's.
func replace(ctx context.Context, part string, o Options, at time.Time) (aside string, err error) {
	if err := alone(part); err != nil {
		return "", err
	}
	info, err := os.Stat(o.Path)
	switch {
	case errors.Is(err, os.ErrNotExist) || err == nil && info.Size() == 0:
		err = discardFiles(o.Path)
	case err == nil:
		aside, err = setAside(ctx, o.Path, at, o.Faults)
	}
	if err == nil {
		err = errors.Join(disk.SyncFolder(filepath.Dir(o.Path)), o.Faults.file("aside", o.Path, aside))
	}
	if err != nil {
		return "", err
	}
	return aside, renamed(part, o.Path, o.Faults)
}

// alone sees to it that a database is one file, and on disk.
func alone(path string) error {
	if !logEmpty(path) {
		return fmt.Errorf("%s-wal was not written into its database", path)
	}
	return errors.Join(synced(path), discard(path+"-wal"), discard(path+"-shm"), discard(path+".lock"))
}

// logEmpty reports whether nothing of a database is in its log.
func logEmpty(path string) bool {
	info, err := os.Stat(path + "-wal")
	return errors.Is(err, os.ErrNotExist) || err == nil && info.Size() == 0
}

// setAside gives the database a second name, so that the first is never without one. Where that cannot be done, because its
// log cannot be written into it or the disk knows no second names, it is moved away with its log.
func setAside(ctx context.Context, path string, at time.Time, hooks Faults) (string, error) {
	aside := unused(path + asideMark + at.UTC().Format(stampLayout))
	foldLog(ctx, path)
	if logEmpty(path) && os.Link(path, aside) == nil {
		return aside, errors.Join(discard(path+"-wal"), discard(path+"-shm"))
	}
	for _, end := range []string{"", "-wal", "-shm", "-journal"} {
		if err := os.Rename(path+end, aside+end); err != nil && !errors.Is(err, os.ErrNotExist) {
			return "", err
		}
		if err := hooks.file("aside", path+end, aside+end); err != nil {
			return "", err
		}
	}
	return aside, nil
}

// foldLog writes the log of a database that nobody uses into it, if that can be done.
func foldLog(ctx context.Context, path string) {
	db, err := sql.Open(driverName, impatientAddress(path))
	if err == nil {
		_, _ = emptyLog(ctx, db) // [logEmpty] tells whether it could be
		_ = db.Close()
	}
}

// unused is a name that no file has, the wanted one if that is free.
func unused(name string) string {
	for n := 2; ; n++ {
		if _, err := os.Lstat(name); err != nil {
			return name
		}
		name = fmt.Sprintf("%s-%d", strings.TrimSuffix(name, fmt.Sprintf("-%d", n-1)), n)
	}
}

// Unfinished refuses to begin anew where a restore was cut short: a database is missing or empty at path, and beside it
// lies what a restore had begun to make or had put aside. The error wraps [ErrUnfinished].
func Unfinished(path string) error {
	if info, err := os.Stat(path); err == nil && info.Size() > 0 {
		return nil
	}
	files, err := os.ReadDir(filepath.Dir(path))
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	for _, f := range files {
		name := filepath.Base(path)
		if f.Name() == name+restoring || strings.HasPrefix(f.Name(), name+asideMark) {
			return fmt.Errorf("%w: there is %s", ErrUnfinished, f.Name())
		}
	}
	return denied(err)
}

// Rehearse does with a copy what [Restore] would do, in a file of its own at o.Path, and leaves it open.
func Rehearse(ctx context.Context, from string, o Options, erased []Erasure, at time.Time) (*Store, Restored, error) {
	if err := checkFile(ctx, from); err != nil {
		return nil, Restored{}, fmt.Errorf("rehearse %s: %w", from, err)
	}
	r, err := revive(ctx, from, o, erased, at)
	if err != nil {
		return nil, r, fmt.Errorf("rehearse %s: %w", from, err)
	}
	s, err := Open(ctx, o)
	return s, r, err
}

// revive makes a database of a copy: marked, brought up to date, cleansed, and closed.
func revive(ctx context.Context, from string, o Options, erased []Erasure, at time.Time) (r Restored, err error) {
	to := o.Path
	o.isCopy = true
	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		return r, denied(err)
	}
	if err := errors.Join(copyFile(from, to), o.Faults.file("copy", to, "")); err != nil {
		return r, err
	}
	if r.Copied, err = mark(ctx, to, filepath.Base(from), at, o.lettersTo); err != nil {
		return r, err
	}
	known, err := ErasuresIn(ctx, to, time.Time{})
	if err != nil {
		return r, err
	}
	later := erasedSince(erased, known, r.Copied)
	r.Erased = len(later)
	s, err := Open(ctx, o)
	if err != nil {
		return r, err
	}
	err = s.eraseAgain(ctx, later)
	return r, errors.Join(err, s.Close())
}

// What is done to a copy before it is a database again. Letters that were waiting are held until a human looks at them:
// whoever they were for may have had them since. Without a checkpoint a network's past is not done once more. New letters have
// numbers that none had which was written after the copy was made: a network that recognises a letter by its number would
// take it for that one, and nobody would ever read it.
const (
	sqlHoldLetters = "UPDATE outbox SET state = 'held', body = CASE WHEN" + worthy + " THEN body ELSE '' END" +
		" WHERE state IN ('pending', 'sending')"
	// Where something was erased since, any of them may tell of it.
	sqlBlankHeld    = "UPDATE outbox SET body = '' WHERE state = 'held'"
	sqlForgetPlaces = "DELETE FROM checkpoints"
)

// lastLetter is the number of the last letter of the database that a copy takes the place of: it may come of a copy itself, put
// back shortly before, and have letters of the numbers that come after those of this one. 0 = nobody can tell.
func lastLetter(ctx context.Context, path string) int64 {
	if info, err := os.Stat(path); err != nil || info.Size() == 0 {
		return 0
	}
	db, err := sql.Open(driverName, readerAddress(path))
	if err != nil {
		return 0
	}
	defer func() { _ = db.Close() }() // it was only read
	var last int64
	if db.QueryRowContext(ctx, sqlLastID, "outbox").Scan(&last) != nil {
		return 0
	}
	return last
}

// mark notes in a copy that it was restored and when, and gives when it was made.
func mark(ctx context.Context, path, from string, at time.Time, letter int64) (copied time.Time, err error) {
	db, err := sql.Open(driverName, address(path)+"?_txlock=immediate"+shared)
	if err != nil {
		return copied, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	for _, query := range []string{sqlNoLetters, sqlPastLetters} {
		if _, err := db.ExecContext(ctx, query, letter); err != nil {
			return copied, explain(err)
		}
	}
	for _, query := range []string{sqlHoldLetters, sqlForgetPlaces, sqlSkipLetters} {
		if _, err := db.ExecContext(ctx, query); err != nil {
			return copied, explain(err)
		}
	}
	var made string
	switch err := db.QueryRowContext(ctx, sqlFact, factCopied).Scan(&made); {
	case errors.Is(err, sql.ErrNoRows):
	case err != nil:
		return copied, explain(err)
	default:
		if copied, err = time.Parse(time.RFC3339Nano, made); err != nil {
			return copied, fmt.Errorf("%w: the time of the copy: %w", ErrCorrupt, err)
		}
	}
	for fact, value := range map[string]string{factRestored: from, factRestoredAt: at.UTC().Format(time.RFC3339Nano)} {
		if _, err := db.ExecContext(ctx, sqlSaveFact, fact, value); err != nil {
			return copied, explain(err)
		}
	}
	return copied, nil
}

// discardDatabase removes a database with its side files.
func discardDatabase(path string) error {
	return errors.Join(discardFiles(path), discard(path+".lock"))
}

// discardFiles is discardDatabase for a database whose lock is held.
func discardFiles(path string) error {
	var failed error
	for _, end := range []string{"", "-wal", "-shm", "-journal", ".part"} {
		failed = errors.Join(failed, discard(path+end))
	}
	return failed
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
