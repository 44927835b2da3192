package storage

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

// How often the log is looked after, and after how many commits it is worth it.
const (
	tendEvery   = 250 * time.Millisecond
	tendCommits = 50
)

// TendLog writes the log into the database file until ctx ends, while others go on reading and writing. Without it one of
// the commits does so now and then, and whoever waits for the turns in it waits for that as well. What it cannot write
// now, because somebody still reads it, it writes the next time.
func (s *Store) TendLog(ctx context.Context) (err error) {
	db, err := sql.Open(driverName, impatientAddress(s.options.Path))
	if err != nil {
		return about(err, "tend the log")
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	db.SetMaxOpenConns(1)
	var written int64
	for pause(ctx, tendEvery) == nil {
		commits := s.commits.Load()
		if commits-written < tendCommits {
			continue
		}
		// The error is that of a file that cannot be written to, which the next commit meets as well and tells.
		if writeLog(context.WithoutCancel(ctx), db) == nil {
			written = commits
		}
	}
	return nil
}

// writeLog writes what of the log nobody reads any more. It does not wait, and keeps nobody waiting.
func writeLog(ctx context.Context, db *sql.DB) error {
	var busy, frames, done int64
	return db.QueryRowContext(ctx, sqlWriteWAL).Scan(&busy, &frames, &done)
}
