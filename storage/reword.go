package storage

import (
	"context"
	"errors"

	"github.com/buurtbot/buurtbot/bot/civic"
)

const (
	sqlWordyCases = "SELECT " + caseColumns + " FROM cases c WHERE c.id > $2 AND c.network = $1 AND (c.reason_text <> ''" +
		" OR EXISTS (SELECT 1 FROM reports r WHERE r.case_id = c.id AND " + hasText + ")" +
		" OR EXISTS (SELECT 1 FROM questions q WHERE q.case_id = c.id AND (q.text <> '' OR q.answer <> ''))" +
		" OR EXISTS (SELECT 1 FROM notes n WHERE n.case_id = c.id)" +
		" OR EXISTS (SELECT 1 FROM handovers h WHERE h.case_id = c.id AND h.words <> '')) ORDER BY c.id LIMIT $3"

	sqlRewordReport = "UPDATE reports SET text = $2, words = $3, extra = $4, persons = $5, vehicles = $6, police = $7" +
		" WHERE id = $1"
	sqlRewordQuestion = "UPDATE questions SET text = $2, answer = $3 WHERE id = $1"
	sqlRewordNote     = "UPDATE notes SET text = $2 WHERE id = $1"
	sqlRewordHandover = "UPDATE handovers SET words = $3 WHERE case_id = $1 AND partner = $2"
	sqlRewordReason   = "UPDATE cases SET reason_text = $2 WHERE id = $1"

	sqlBlankReports   = blankText + "$1"
	sqlBlankHandovers = "UPDATE handovers SET words = '' WHERE case_id = $1"
	sqlBlankReason    = "UPDATE cases SET reason_text = '' WHERE id = $1"
)

// WordyCases implements [bot.LookupTx].
func (t *tx) WordyCases(_ context.Context, network civic.AreaID, after int64, limit int) ([]civic.Case, error) {
	list, err := all(t, scanCase, sqlWordyCases, int64(network), after, limit)
	return list, about(err, "cases of %d with words", network)
}

// Reword implements [bot.LookupTx].
func (t *tx) Reword(_ context.Context, d civic.Dossier) error {
	for _, r := range d.Reports {
		if err := t.rewordReport(r); err != nil {
			return about(err, "words of report %d", r.ID)
		}
	}
	for _, q := range d.Questions {
		err := t.run(sqlRewordQuestion, q.ID, secret("questions.text", q.ID, q.Text), secret("questions.answer", q.ID, q.Answer))
		if err != nil {
			return about(err, "words of question %d", q.ID)
		}
	}
	for _, n := range d.Notes {
		if err := t.run(sqlRewordNote, n.ID, secret("notes.text", n.ID, n.Text)); err != nil {
			return about(err, "words of note %d", n.ID)
		}
	}
	for _, h := range d.Handovers {
		row := handoverRow(h.Case, string(h.Partner))
		if err := t.run(sqlRewordHandover, h.Case, string(h.Partner), sealing{placeWords, row, h.Words}); err != nil {
			return about(err, "words on case %d", h.Case)
		}
	}
	err := t.run(sqlRewordReason, d.Case.ID, sealing{"cases.reason_text", d.Case.Ref, d.Case.ReasonText})
	return about(errors.Join(err, t.untell(d.Case.ID), t.noteErasure(ErasedWords, d.Case.ID)), "words of case %s", d.Case.Ref)
}

func (t *tx) rewordReport(r civic.Report) error {
	secret := func(column string, value any) sealing { return secret("reports."+column, r.ID, value) }
	extra, err1 := asJSON(r.Extra)
	persons, err2 := asJSON(r.Persons)
	vehicles, err3 := asJSON(r.Vehicles)
	if err := errors.Join(err1, err2, err3); err != nil {
		return err
	}
	return t.run(sqlRewordReport, r.ID, secret("text", r.Text), secret("words", r.Place.Words), secret("extra", extra),
		secret("persons", persons), secret("vehicles", vehicles), secret("police", told(r.Police)))
}

// blankWords does once more what [tx.Reword] did, without knowing what that was.
func (t *tx) blankWords(caseID int64) error {
	for _, query := range []string{sqlBlankReports, sqlEraseQuestions, sqlEraseNotes, sqlBlankHandovers, sqlBlankReason} {
		if err := t.run(query, caseID); err != nil {
			return about(err, "words of case %d", caseID)
		}
	}
	return about(errors.Join(t.untell(caseID), t.noteErasure(ErasedWords, caseID)), "words of case %d", caseID)
}
