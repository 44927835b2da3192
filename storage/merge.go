package storage

import (
	"context"
	"errors"

	"github.com/buurtbot/buurtbot/bot/civic"
)

const (
	sqlMoveQuestions = "UPDATE questions SET case_id = $2 WHERE case_id = $1"
	sqlMoveReports   = "UPDATE reports SET case_id = $2, origin = $1, alias = alias + $3 WHERE case_id = $1"
	sqlLastAlias     = "SELECT coalesce(max(alias), 0) FROM reports WHERE case_id = $1"

	sqlBackQuestions = "UPDATE questions SET case_id = $1 WHERE case_id = $2 AND report IN" +
		" (SELECT id FROM reports WHERE case_id = $2 AND origin = $1)"
	sqlBackReports = "UPDATE reports SET case_id = $1, origin = NULL WHERE case_id = $2 AND origin = $1"

	sqlPartQuestions = "UPDATE questions SET case_id = $2 WHERE case_id = $1 AND report IN" +
		" (SELECT id FROM reports WHERE case_id = $1 AND reporter = $3)"
	sqlPartReports = "UPDATE reports SET case_id = $2 WHERE case_id = $1 AND reporter = $3"

	sqlPartsOf = "SELECT id FROM reports WHERE case_id = $1 AND reporter = $2 ORDER BY id"
	sqlAskedOf = "SELECT id FROM questions WHERE case_id = $1 AND report IN" +
		" (SELECT id FROM reports WHERE case_id = $1 AND reporter = $2) ORDER BY id"
)

// MergeCase implements [bot.CivicTx].
func (t *tx) MergeCase(_ context.Context, from, into civic.Case) error {
	last, err := one(t, scanNumber, sqlLastAlias, into.ID)
	if err != nil {
		return about(err, "merge of case %s", from.Ref)
	}
	if err := t.run(sqlMoveQuestions, from.ID, into.ID); err != nil {
		return about(err, "merge of case %s", from.Ref)
	}
	// Who takes their part back does so in the case where it is then, and letters from before name the one where it was.
	return about(errors.Join(t.run(sqlMoveReports, from.ID, into.ID, last), t.blankAside(from.ID)), "merge of case %s", from.Ref)
}

// SplitCase implements [bot.CivicTx].
func (t *tx) SplitCase(_ context.Context, from, into civic.Case) error {
	if err := t.run(sqlBackQuestions, from.ID, into.ID); err != nil {
		return about(err, "split of case %s", from.Ref)
	}
	return about(errors.Join(t.run(sqlBackReports, from.ID, into.ID), t.blankAside(into.ID)), "split of case %s", from.Ref)
}

// PartReports implements [bot.CivicTx].
func (t *tx) PartReports(_ context.Context, from, to civic.Case, reporter int64) error {
	if err := t.run(sqlPartQuestions, from.ID, to.ID, reporter); err != nil {
		return about(err, "part of case %s", from.Ref)
	}
	return about(errors.Join(t.run(sqlPartReports, from.ID, to.ID, reporter), t.blankAside(from.ID)), "part of case %s", from.Ref)
}

// EraseReportsOf implements [bot.CivicTx].
func (t *tx) EraseReportsOf(ctx context.Context, caseID, person int64) error {
	for _, of := range []struct {
		query string
		erase func(ctx context.Context, id int64) error
	}{{sqlAskedOf, t.eraseQuestion}, {sqlPartsOf, t.EraseReport}} { // whose question it is, the report tells
		ids, err := all(t, scanNumber, of.query, caseID, person)
		for _, id := range ids {
			err = errors.Join(err, of.erase(ctx, id))
		}
		if err != nil {
			return about(err, "erase a reporter's part of case %d", caseID)
		}
	}
	return nil
}
