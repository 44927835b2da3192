package storage

import (
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/buurtbot/buurtbot/bot"
)

// row is what a scan function reads from.
type row interface{ Scan(dest ...any) error }

// one gives the only row of a query; bot.ErrNotFound when there is none.
func one[T any](t *tx, scan func(row) (T, error), query string, args ...any) (T, error) {
	var none T
	rows, err := t.query(query, args)
	if err != nil {
		return none, err
	}
	defer func() { _ = rows.Close() }() // the error that matters is that of Err
	if !rows.Next() {
		if err := rows.Err(); err != nil {
			return none, t.failed(query, err)
		}
		return none, bot.ErrNotFound
	}
	v, err := scan(opening{rows, t.store.ring})
	if err != nil {
		return none, t.failed(query, err)
	}
	return v, t.finish(query, rows)
}

// all gives every row of a query.
func all[T any](t *tx, scan func(row) (T, error), query string, args ...any) ([]T, error) {
	rows, err := t.query(query, args)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }() // the error that matters is that of Err
	var list []T
	for rows.Next() {
		v, err := scan(opening{rows, t.store.ring})
		if err != nil {
			return nil, t.failed(query, err)
		}
		list = append(list, v)
	}
	return list, t.finish(query, rows)
}

// finish steps a statement to its end, so that what it writes is written, and gives its error.
func (t *tx) finish(query string, rows *sql.Rows) error {
	for rows.Next() {
	}
	if err := rows.Err(); err != nil {
		return t.failed(query, err)
	}
	if err := rows.Close(); err != nil {
		return t.failed(query, err)
	}
	return nil
}

// nextID is the number that the next row of a table gets, for a row whose cells are bound to it before it is there.
// The writer is alone, so nobody else takes it.
func (t *tx) nextID(table string) (int64, error) {
	last, known := t.mem.ids[table]
	if !known {
		var err error
		if last, err = one(t, scanNumber, sqlLastID, table); err != nil {
			return 0, about(err, "number of a row of %s", table)
		}
	}
	if t.mem.ids == nil {
		t.mem.ids = map[string]int64{}
	}
	t.mem.touch()
	t.mem.ids[table] = last + 1
	return last + 1, nil
}

func scanNumber(r row) (int64, error) {
	var n int64
	err := r.Scan(&n)
	return n, err
}

func scanText(r row) (string, error) {
	var s string
	err := r.Scan(&s)
	return s, err
}

// orZero turns a missing row into the zero value.
func orZero[T any](v T, err error) (T, error) {
	if errors.Is(err, bot.ErrNotFound) {
		var none T
		return none, nil
	}
	return v, err
}

// changed turns "no row was changed" into an error.
func changed(n int64, err, otherwise error) error {
	if err != nil {
		return err
	}
	if n == 0 {
		return otherwise
	}
	return nil
}

// millis is a time as it is stored; the zero time is 0.
func millis(at time.Time) int64 {
	if at.IsZero() {
		return 0
	}
	return at.UnixMilli()
}

// moment is a stored time; 0 is the zero time.
func moment(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

// null stores 0 as NULL, for columns that refer to a row or to nothing.
func null[N ~int64](n N) any {
	if n == 0 {
		return nil
	}
	return int64(n)
}

func bit(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// about adds what was being done to an error.
func about(err error, format string, args ...any) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", fmt.Sprintf(format, args...), err)
}
