package storage

import (
	"context"

	"github.com/buurtbot/buurtbot/bot/civic"
)

const (
	sqlNewNote    = "INSERT INTO notes (case_id, author, text, at, id) VALUES ($1, $2, $3, $4, $5)"
	sqlNextNote   = "SELECT coalesce(max(id), 0) + 1 FROM notes"
	sqlCaseNotes  = "SELECT id, case_id, author, text, at FROM notes WHERE case_id = $1 ORDER BY id"
	sqlEraseNotes = "DELETE FROM notes WHERE case_id = $1"
	// What was noted of a report before its case was merged stands with the case that it made.
	sqlOriginsIn = "SELECT DISTINCT origin FROM reports WHERE case_id = $1 AND origin IS NOT NULL ORDER BY origin"
)

func scanNote(r row) (civic.Note, error) {
	var (
		n  civic.Note
		at int64
	)
	err := r.Scan(&n.ID, &n.Case, &n.Author, sealed("notes.text", &n.ID, &n.Text), &at)
	n.At = moment(at)
	return n, err
}

// AddNote implements [bot.CivicTx].
func (t *tx) AddNote(_ context.Context, n *civic.Note) error {
	id, err := one(t, scanNumber, sqlNextNote)
	if err != nil {
		return about(err, "number of a note")
	}
	n.ID = id
	err = t.run(sqlNewNote, n.Case, n.Author, secret("notes.text", id, n.Text), millis(n.At), id)
	return about(err, "note on case %d", n.Case)
}

// Notes implements [bot.CivicTx].
func (t *tx) Notes(_ context.Context, caseID int64) ([]civic.Note, error) {
	list, err := all(t, scanNote, sqlCaseNotes, caseID)
	return list, about(err, "notes on case %d", caseID)
}
