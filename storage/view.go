package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/buurtbot/buurtbot/bot"
)

// viewers is how many views may be open at a time.
const viewers = 2

// views is the second pool: connections that cannot write, for exports, metrics and plans. They are opened when they
// are first needed.
type views struct {
	db   *sql.DB
	free chan *line
}

func newViews(path string) (*views, error) {
	db, err := sql.Open(driverName, readerAddress(path))
	if err != nil {
		return nil, err
	}
	v := &views{db: db, free: make(chan *line, viewers)}
	for range viewers {
		v.free <- nil
	}
	return v, nil
}

// View runs fn on a snapshot that does not change meanwhile and does not hold up the writer. Whatever fn tries to write
// fails. Views should be short: the log cannot be cut back while one is open.
func (s *Store) View(ctx context.Context, fn func(bot.Tx) error) (err error) {
	if s.crashed.Load() {
		return ErrClosed
	}
	select {
	case l, ok := <-s.views.free:
		if !ok {
			return ErrClosed
		}
		defer func() { s.views.free <- l }()
		if l == nil {
			if l, err = s.views.open(ctx); err != nil {
				return fmt.Errorf("view: %w", explain(err))
			}
		}
		return s.viewOn(l, fn)
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (s *Store) viewOn(l *line, fn func(bot.Tx) error) (err error) {
	if err := l.exec("BEGIN"); err != nil {
		return explain(err)
	}
	defer func() { err = errors.Join(err, l.exec(sqlRollback)) }()
	return fn(&tx{store: s, line: l, mem: &memory{}})
}

func (v *views) open(ctx context.Context) (*line, error) {
	conn, err := v.db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	return &line{conn: conn, stmts: make(map[string]*sql.Stmt)}, nil
}

// close waits for the views that are open.
func (v *views) close() error {
	var failed error
	for range viewers {
		if l := <-v.free; l != nil {
			failed = errors.Join(failed, l.close())
		}
	}
	close(v.free)
	return errors.Join(failed, v.db.Close())
}
