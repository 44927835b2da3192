package storage

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

// How often and how long Scrub waits for a moment in which nobody reads or writes.
const (
	scrubTries = 20
	scrubPause = 50 * time.Millisecond
)

// Scrub writes the log into the database file and empties it, so that nothing of an erased text is left in either
// (SQLite overwrites what is deleted in the file itself). The error wraps [ErrLocked] when the log was in use for a
// second; the next call does it then.
func (s *Store) Scrub(ctx context.Context) (err error) {
	db, err := sql.Open(driverName, impatientAddress(s.options.Path))
	if err != nil {
		return about(err, "scrub")
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	for range scrubTries {
		busy, err := emptyLog(ctx, db)
		if err != nil || !busy {
			return about(err, "scrub")
		}
		if err := pause(ctx, scrubPause); err != nil {
			return about(err, "scrub")
		}
	}
	return about(ErrLocked, "scrub")
}

// emptyLog reports whether somebody was in the way. It does not wait: while it did, nobody could write.
func emptyLog(ctx context.Context, db *sql.DB) (bool, error) {
	var busy, frames, written int64
	err := db.QueryRowContext(ctx, sqlTruncateWAL).Scan(&busy, &frames, &written)
	if code(err) == codeBusy {
		return true, nil
	}
	return busy != 0, explain(err)
}

func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
