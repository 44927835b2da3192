package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	"github.com/buurtbot/buurtbot/bot"
)

// Options say which database is opened and with what.
type Options struct {
	Path     string // of the database file; its folder is made when missing
	AuditKey []byte // of the chained trail; it never stands in the database or a backup
	// ColumnKeys seal who people are and what they told, the oldest first: the newest seals, every one opens. None is one
	// made of the AuditKey.
	ColumnKeys [][]byte
	// Plain seals nothing: for tests that look through the files for what is left of something erased. A running program
	// never sets it.
	Plain bool
	// Now is the clock for the few rows whose time no caller gives: received updates and pictures. Nil is the system's.
	Now    func() time.Time
	Faults Faults // for simulations; zero in a running program
	// PageLimit bounds the file in pages of 4 kB; beyond it the disk counts as full. 0 is no bound.
	PageLimit int
	// Sync is how surely a commit is on disk when it returns. A running program leaves it at [SyncFull].
	Sync Sync

	forgetful bool  // the audit trail begins anew
	lettersTo int64 // the highest number of a letter that was written beside a copy
	isCopy    bool  // the file is a copy already: there is no need of another before its schema changes
}

// Sync says what a commit waits for.
type Sync int

// The ways to sync. Only the first keeps what was promised when the power fails; the others are for tests.
const (
	SyncFull   Sync = iota // each commit is on disk when it returns
	SyncNormal             // a power cut may take the last commits, but does not damage the file
	SyncOff                // the system writes when it likes
)

// pragma is SQLite's word for it.
func (s Sync) pragma() string { return [...]string{"full", "normal", "off"}[s] }

// Store is a database that is open. It implements [bot.Store].
type Store struct {
	options  Options
	now      func() time.Time
	faults   Faults
	lock     *lock
	db       *sql.DB
	writer   *line
	views    *views
	queue    queue
	memory   memory
	crashed  atomic.Bool
	commits  atomic.Int64 // so far
	unclean  bool         // the last run did not end by itself
	noLog    bool         // when this one began
	ring     *ring
	file     os.FileInfo   // that was opened
	slow     atomic.Int64  // how long a commit takes, see Gauges; nanoseconds
	patience time.Duration // how long work may gather in one commit
}

var _ bot.Store = (*Store)(nil)

// Open opens the database at o.Path, makes it when there is none, and brings its schema up to date after a backup
// beside it. The file is checked before anything else is done with it. Errors wrap [ErrLocked], [ErrCorrupt],
// [ErrNewer], [ErrReadOnly], [ErrFull], [ErrKey], [ErrDistant], [ErrNoLog],
// [ErrTrail] or [ErrUnfinished] where one of them is the reason.
func Open(ctx context.Context, o Options) (*Store, error) {
	held, err := take(o.Path)
	if err != nil {
		return nil, fmt.Errorf("database %s: %w", o.Path, err)
	}
	seen, err := newViews(o.Path)
	if err != nil {
		return nil, errors.Join(err, held.release())
	}
	s := &Store{options: o, now: o.Now, faults: o.Faults, lock: held, views: seen, patience: batchTime}
	s.memory.forms.size = formsSize
	if s.noLog, err = lostLog(o.Path); err != nil {
		return nil, errors.Join(fmt.Errorf("database %s: %w", o.Path, err), s.release())
	}
	if s.ring, err = ringOf(o); err != nil {
		return nil, errors.Join(err, s.release())
	}
	if s.now == nil {
		s.now = time.Now
	}
	if err := s.start(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("database %s: %w", o.Path, explain(err)), s.release())
	}
	return s, nil
}

// take locks a database for this program and makes its file when there is none.
func take(path string) (*lock, error) {
	if err := prepareFolder(path); err != nil {
		return nil, err
	}
	held, err := hold(path)
	if err != nil {
		return nil, err
	}
	if err = Unfinished(path); err == nil {
		err = errors.Join(discardDatabase(path+restoring), prepare(path)) // of a restore that was cut short
	}
	if err != nil {
		return nil, errors.Join(err, held.release())
	}
	return held, nil
}

// prepareFolder makes the folder of a database, and refuses one on a disk of another machine.
func prepareFolder(path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return denied(err)
	}
	return near(path)
}

// prepare makes a file with a mode that keeps others out; SQLite gives its side files the mode of the file.
func prepare(path string) error {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return denied(err)
	}
	defer func() { _ = file.Close() }() // nothing was written
	info, err := file.Stat()
	if err != nil {
		return err
	}
	if info.Mode().Perm()&0o077 != 0 {
		return denied(file.Chmod(0o600))
	}
	return nil
}

func denied(err error) error {
	if errors.Is(err, fs.ErrPermission) || readOnlyFolder(err) {
		return fmt.Errorf("%w: %w", ErrReadOnly, err)
	}
	return err
}

func (s *Store) start(ctx context.Context) error {
	db, err := sql.Open(driverName, writerAddress(s.options))
	if err != nil {
		return err
	}
	db.SetMaxOpenConns(1)
	s.db = db
	if err := check(ctx, db, sqlQuickCheck); err != nil {
		return err
	}
	if s.file, err = os.Stat(s.options.Path); err != nil {
		return err
	}
	if err := migrate(ctx, db, s.options, s.now()); err != nil {
		return err
	}
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	s.writer = &line{conn: conn, stmts: make(map[string]*sql.Stmt)}
	if err := s.sealAll(ctx); err != nil {
		return err
	}
	trail := s.verifyHead
	if s.options.forgetful {
		trail = s.forgetTrail
	}
	if err := trail(ctx); err != nil {
		return err
	}
	if s.options.PageLimit > 0 {
		if err := s.limit(ctx); err != nil {
			return err
		}
	}
	return s.markRunning(ctx)
}

func ringOf(o Options) (*ring, error) {
	keys := o.ColumnKeys
	if len(keys) == 0 {
		keys = [][]byte{o.AuditKey}
	}
	r, err := newRing(keys)
	if err == nil {
		r.plain = o.Plain
	}
	return r, err
}

func (s *Store) limit(ctx context.Context) error {
	_, err := s.writer.conn.ExecContext(ctx, fmt.Sprintf("PRAGMA max_page_count = %d", s.options.PageLimit))
	return err
}

const (
	sqlFact     = "SELECT value FROM meta WHERE key = $1"
	sqlSaveFact = "INSERT INTO meta (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value"

	factRunning    = "running"
	factRestored   = "restored_from"
	factRestoredAt = "restored_at"
	factCopied     = "copied_at" // in a copy: when it was made
)

// markRunning reads whether the last run ended by itself, and marks that this one has begun.
func (s *Store) markRunning(ctx context.Context) error {
	return s.quietly(ctx, func(t *tx) error {
		was, err := orZero(one(t, scanText, sqlFact, factRunning))
		if err != nil {
			return err
		}
		s.unclean = was == "yes"
		return t.run(sqlSaveFact, factRunning, "yes")
	})
}

// quietly runs fn in a transaction of its own, past the fault hooks: opening and closing are not what is simulated.
func (s *Store) quietly(_ context.Context, fn func(*tx) error) error {
	do := func(t bot.Tx) error { return fn(t.(*tx)) }
	return s.queued(&job{fn: do, quiet: true, wake: make(chan struct{}, 1)})
}

// Close ends the run: calls that wait get ErrClosed, and the database is marked as stopped by itself unless a fault
// hook crashed it. It must be called once, when no call of Do is running any more.
func (s *Store) Close() error {
	var failed error
	if !s.crashed.Load() {
		failed = s.quietly(context.Background(), func(t *tx) error { return t.run(sqlSaveFact, factRunning, "no") })
	}
	s.queue.stop()
	return errors.Join(failed, s.release())
}

// release gives back what the store holds, in reverse order.
func (s *Store) release() error {
	failed := s.views.close()
	if s.writer != nil {
		failed = errors.Join(failed, s.writer.close())
	}
	if s.db != nil {
		failed = errors.Join(failed, s.db.Close())
	}
	return errors.Join(failed, s.lock.release())
}

// InPlace reports whether the database's file is still the one that was opened: nil, or an error that wraps [ErrReplaced].
// A file that is deleted or overwritten by another lives on unseen as long as the program has it open, and is gone then.
func (s *Store) InPlace() error {
	now, err := os.Stat(s.options.Path)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrReplaced, err)
	}
	if !os.SameFile(s.file, now) {
		return fmt.Errorf("%w: %s", ErrReplaced, s.options.Path)
	}
	return nil
}

// check runs one of SQLite's checks of the whole file.
func check(ctx context.Context, db *sql.DB, pragma string) error {
	var verdict string
	if err := db.QueryRowContext(ctx, pragma).Scan(&verdict); err != nil {
		return explain(err)
	}
	if verdict != "ok" {
		return fmt.Errorf("%w: %s", ErrCorrupt, verdict)
	}
	return nil
}
