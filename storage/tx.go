package storage

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/buurtbot/buurtbot/bot"
)

// line is one connection with its prepared statements. It is used by one goroutine at a time.
type line struct {
	conn  *sql.Conn
	stmts map[string]*sql.Stmt
}

// prepared gives the statement of a query; each query is prepared once for each connection.
func (l *line) prepared(query string) (*sql.Stmt, error) {
	if stmt, ok := l.stmts[query]; ok {
		return stmt, nil
	}
	stmt, err := l.conn.PrepareContext(context.Background(), query)
	if err != nil {
		return nil, fmt.Errorf("prepare %.40q: %w", query, err)
	}
	l.stmts[query] = stmt
	return stmt, nil
}

// exec runs a statement whose result does not matter.
func (l *line) exec(query string) error {
	stmt, err := l.prepared(query) //nolint:sqlclosecheck // it is kept, and closed with the line
	if err != nil {
		return err
	}
	_, err = stmt.ExecContext(context.Background())
	return err
}

func (l *line) close() error {
	for _, stmt := range l.stmts {
		_ = stmt.Close() // the connection goes as well
	}
	return l.conn.Close()
}

// tx is one transaction. Its statements run without a context that can end: SQLite ends the whole transaction, and with
// it the work of others, when a statement is interrupted.
type tx struct {
	store *Store
	line  *line
	mem   *memory
	void  error // why the transaction is over; nothing may run in it any more
	label string
	quiet bool      // past the fault hooks
	again time.Time // when what is being erased was erased first; zero = now
}

var _ bot.Tx = (*tx)(nil)

func (t *tx) begin(query string) (*sql.Stmt, error) {
	if t.void != nil {
		return nil, t.void
	}
	if t.store.crashed.Load() {
		return nil, t.failed(query, ErrClosed)
	}
	if hook := t.store.faults.BeforeStatement; hook != nil && !t.quiet {
		if err := t.store.hooked(func() error { return hook(query) }); err != nil {
			return nil, t.failed(query, err)
		}
	}
	stmt, err := t.line.prepared(query)
	if err != nil {
		return nil, t.failed(query, err)
	}
	return stmt, nil
}

// exec runs a statement and gives the number of rows it changed.
func (t *tx) exec(query string, args ...any) (int64, error) {
	t.mem.wrote(query)
	stmt, err := t.begin(query) //nolint:sqlclosecheck // it is kept, and closed with the line
	if err != nil {
		return 0, err
	}
	result, err := stmt.ExecContext(context.Background(), t.store.ring.args(args)...)
	if err != nil {
		return 0, t.failed(query, err)
	}
	return result.RowsAffected()
}

// run runs a statement of which only success matters.
func (t *tx) run(query string, args ...any) error {
	_, err := t.exec(query, args...)
	return err
}

// insert runs an INSERT and gives the number of the new row.
func (t *tx) insert(query string, args ...any) (int64, error) {
	t.mem.wrote(query)
	stmt, err := t.begin(query)
	if err != nil {
		return 0, err
	}
	id, err := inserted(context.Background(), stmt, t.store.ring.args(args))
	if err != nil {
		return 0, t.failed(query, err)
	}
	return id, nil
}

func (t *tx) query(query string, args []any) (*sql.Rows, error) {
	stmt, err := t.begin(query) //nolint:sqlclosecheck // it is kept, and closed with the line
	if err != nil {
		return nil, err
	}
	rows, err := stmt.QueryContext(context.Background(), t.store.ring.args(args)...)
	if err != nil {
		return nil, t.failed(query, err)
	}
	return rows, nil
}

// failed notes when an error has ended the transaction.
func (t *tx) failed(query string, err error) error {
	if ends(err) {
		t.void = void(err)
		return t.void
	}
	return fmt.Errorf("%.40q: %w", query, err)
}

// Savepoint implements [bot.Tx].
func (t *tx) Savepoint(_ context.Context, fn func() error) (err error) {
	if err := t.save(); err != nil {
		return err
	}
	done := false
	defer func() {
		if !done { // a panic is passing through: what fn wrote goes, the panic stays
			_ = t.undo()
		}
	}()
	err = fn()
	done = true
	switch {
	case t.void != nil:
		return t.void
	case err != nil && isVoid(err):
		t.void = void(err)
		return err
	case err != nil:
		if undo := t.undo(); undo != nil {
			return undo
		}
		return err
	}
	return t.release()
}

// save, release and undo handle the innermost savepoint. One that fails voids the transaction, because SQLite may then
// have ended it, and the next statement would commit alone.
func (t *tx) save() error    { return t.step(sqlSavepoint) }
func (t *tx) release() error { return t.step(sqlRelease) }

func (t *tx) undo() error {
	t.mem.undo()
	if err := t.step(sqlRollbackTo); err != nil {
		return err
	}
	return t.step(sqlRelease)
}

func (t *tx) step(query string) error {
	if err := t.run(query); err != nil {
		if t.void == nil {
			t.void = void(err)
		}
		return t.void
	}
	return nil
}
