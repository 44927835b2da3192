package storage

import (
	"context"

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

	sqlEraseOf1 = "DELETE FROM media WHERE id IN (SELECT m.media FROM reports r JOIN report_media m ON m.report = r.id" +
		" WHERE r.case_id = $1 AND r.reporter = $2)"
	sqlEraseOf2 = "UPDATE questions SET text = '', answer = '', message = '' WHERE case_id = $1 AND report IN" +
		" (SELECT id FROM reports WHERE case_id = $1 AND reporter = $2)"
	sqlEraseOf3 = "UPDATE reports SET reporter = NULL, text = '', words = '', point = NULL, behaviour = NULL, direction = NULL," +
		" on_behalf_of = NULL, persons = NULL, vehicles = NULL, extra = NULL, police = NULL, pieces = NULL, named = 0" +
		" WHERE case_id = $1 AND reporter = $2"
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
	return about(t.run(sqlMoveReports, from.ID, into.ID, last), "merge of case %s", from.Ref)
}

// SplitCase implements [bot.CivicTx].
func (t *tx) SplitCase(_ context.Context, from, into civic.Case) error {
	if err := t.run(sqlBackQuestions, from.ID, into.ID); err != nil {
		return about(err, "split of case %s", from.Ref)
	}
	return about(t.run(sqlBackReports, from.ID, into.ID), "split of case %s", from.Ref)
}

// PartReports implements [bot.CivicTx].
func (t *tx) PartReports(_ context.Context, from, to civic.Case, reporter int64) error {
	if err := t.run(sqlPartQuestions, from.ID, to.ID, reporter); err != nil {
		return about(err, "part of case %s", from.Ref)
	}
	return about(t.run(sqlPartReports, from.ID, to.ID, reporter), "part of case %s", from.Ref)
}

// EraseReportsOf implements [bot.CivicTx].
func (t *tx) EraseReportsOf(_ context.Context, caseID, person int64) error {
	for _, query := range []string{sqlEraseOf1, sqlEraseOf2, sqlEraseOf3} {
		if err := t.run(query, caseID, person); err != nil {
			return about(err, "erase a reporter's part of case %d", caseID)
		}
	}
	return nil
}
