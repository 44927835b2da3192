package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// ErasureKind is what was erased.
type ErasureKind string

// The kinds of erasures that somebody asked for. What goes by itself, by retention, goes again by itself.
const (
	ErasedPerson ErasureKind = "person" // somebody left: everything about them
	ErasedPart   ErasureKind = "part"   // somebody left one of several networks; the number is that of [partNumber]
	ErasedOwn    ErasureKind = "own"    // what somebody told
	ErasedCase   ErasureKind = "case"   // the reports of a case that was withdrawn
	ErasedReport ErasureKind = "report" // one report to a case, such as an addition
	ErasedAnswer ErasureKind = "answer" // the answer to a question
	ErasedWords  ErasureKind = "words"  // something in the words of a case, for somebody whom they name

	ErasedQuestion ErasureKind = "question" // a question about a report that was erased, and its answer
	ErasedPicture  ErasureKind = "picture"  // a picture, or a recording
	ErasedLookup   ErasureKind = "lookup"   // what was looked for, for somebody who is no member
)

// Erasure is something that was erased, by its number in the database. It outlives what it erased, so that a restored
// backup can be cleansed of it; it says nothing about anybody.
type Erasure struct {
	Kind   ErasureKind
	Number int64
	At     time.Time
}

const (
	sqlNoteErasure = "INSERT INTO erasures (kind, number, at) VALUES ($1, $2, $3)"
	// By number: the clock may have been set back in between. The plus leaves the index of times in use.
	sqlErasures      = "SELECT kind, number, at FROM erasures WHERE at >= $1 ORDER BY +id"
	sqlPruneErasures = "DELETE FROM erasures WHERE at < $1"
)

// erasuresFor is how long an erasure is remembered: longer than the oldest backup that is kept.
const erasuresFor = 60 * 24 * time.Hour

// partsOf is what the network is multiplied by in the number of an [ErasedPart].
const partsOf = 1 << 32

func partNumber(person int64, network civic.AreaID) int64 { return int64(network)*partsOf + person }

// noteErasure remembers an erasure in the transaction that does it, and forgets what was read in what people said.
func (t *tx) noteErasure(kind ErasureKind, number int64) error {
	civic.Forget()
	at := t.again
	if at.IsZero() {
		at = t.store.now()
	}
	return t.run(sqlNoteErasure, string(kind), number, millis(at))
}

func scanErasure(r row) (Erasure, error) {
	var (
		e  Erasure
		at int64
	)
	err := r.Scan(&e.Kind, &e.Number, &at)
	e.At = moment(at)
	return e, err
}

// Erasures lists what was erased since a time, oldest first.
func (s *Store) Erasures(ctx context.Context, since time.Time) ([]Erasure, error) {
	var list []Erasure
	err := s.View(ctx, func(btx bot.Tx) (err error) {
		list, err = all(btx.(*tx), scanErasure, sqlErasures, millis(since))
		return err
	})
	return list, about(err, "erasures")
}

// ErasuresIn lists what was erased since a time in a database that nobody uses, such as the one that a backup is to take
// the place of. There is nothing in a file that is not there or has no such list.
func ErasuresIn(ctx context.Context, path string, since time.Time) (list []Erasure, err error) {
	if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	db, err := sql.Open(driverName, readerAddress(path))
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	var has int
	if err := db.QueryRowContext(ctx, sqlHasTable, "erasures").Scan(&has); err != nil || has == 0 {
		return nil, explain(err)
	}
	rows, err := db.QueryContext(ctx, sqlErasures, millis(since))
	if err != nil {
		return nil, explain(err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		e, err := scanErasure(rows)
		if err != nil {
			return nil, err
		}
		list = append(list, e)
	}
	return list, rows.Err()
}

// erasedSince are the erasures that were done after a copy was made, each once: those that the copy does not list as done. The
// time alone does not tell, for the clock may have been set back in between; and what a person told after they had something
// erased stays. A list that is older than what a copy remembers says nothing about it.
func erasedSince(erased, known []Erasure, copied time.Time) []Erasure {
	type key struct {
		kind   ErasureKind
		number int64
		at     int64
	}
	seen := map[key]bool{}
	for _, e := range known {
		seen[key{e.Kind, e.Number, millis(e.At)}] = true
	}
	var later []Erasure
	for _, e := range erased {
		k := key{e.Kind, e.Number, millis(e.At)}
		if !seen[k] && e.At.After(copied.Add(-erasuresFor)) {
			later = append(later, e)
		}
		seen[k] = true
	}
	return later
}

// eraseAgain does erasures once more, in a database that was put back from before them. They are noted as done when they were
// done first, so that another copy that knows of them is not cleansed of what came after.
func (s *Store) eraseAgain(ctx context.Context, list []Erasure) error {
	err := s.Do(ctx, func(btx bot.Tx) error {
		t := btx.(*tx)
		defer func() { t.again = time.Time{} }()
		for _, e := range list {
			t.again = e.At
			if err := erase(ctx, t, e); err != nil {
				return fmt.Errorf("%s %d: %w", e.Kind, e.Number, err)
			}
		}
		if len(list) == 0 {
			return nil
		}
		return about(btx.(*tx).run(sqlBlankHeld), "letters that were held")
	})
	if err != nil {
		return fmt.Errorf("erase again: %w", err)
	}
	return s.Scrub(ctx)
}

func erase(ctx context.Context, t *tx, e Erasure) error {
	switch e.Kind {
	case ErasedPerson:
		return t.Forget(ctx, e.Number, e.At)
	case ErasedPart:
		return t.Depart(ctx, e.Number%partsOf, civic.AreaID(e.Number/partsOf))
	case ErasedOwn:
		_, err := t.EraseOwn(ctx, e.Number)
		return err
	case ErasedCase:
		return t.EraseReports(ctx, e.Number)
	case ErasedReport:
		return t.EraseReport(ctx, e.Number)
	case ErasedAnswer:
		return t.EraseAnswer(ctx, e.Number)
	case ErasedWords:
		return t.blankWords(e.Number)
	case ErasedQuestion:
		return t.eraseQuestion(ctx, e.Number)
	case ErasedPicture:
		return t.DropPhoto(ctx, e.Number)
	case ErasedLookup:
		return t.EndLookup(ctx, e.Number)
	}
	return fmt.Errorf("%w: %q is no kind of erasure", ErrCorrupt, e.Kind)
}
