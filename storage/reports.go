package storage

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/paulmach/orb"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

const (
	reportColumns = "r.id, r.case_id, coalesce(r.reporter, 0), r.alias, r.text, r.happened, coalesce(r.street, 0)," +
		" coalesce(r.point, ''), r.words, r.called, r.language, r.filed, coalesce(r.source, ''), coalesce(r.kind, '')," +
		" coalesce(r.extra, ''), coalesce(r.persons, ''), coalesce(r.vehicles, ''), coalesce(r.police, '')," +
		" coalesce(r.about_member, 0), r.on_behalf_of IS NOT NULL," +
		" coalesce(r.pieces, ''), r.muted, r.verdict, r.named, coalesce(r.origin, 0)," +
		" coalesce(r.landmark, 0)"

	sqlNewReport = "INSERT INTO reports (case_id, reporter, alias, text, happened, street, point, words, called," +
		" language, filed, source, kind, extra, persons, vehicles, police, about_member, on_behalf_of, id, pieces, landmark)" +
		" VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)"
	sqlReports   = "SELECT " + reportColumns + " FROM reports r WHERE r.case_id = $1 ORDER BY r.id"
	sqlReportsBy = "SELECT " + reportColumns + " FROM reports r WHERE r.reporter = $1" +
		" ORDER BY r.filed DESC, r.id DESC LIMIT $2"
	sqlReportsSince = "SELECT count(*) FROM reports WHERE reporter = $1 AND filed > $2 AND kind IS NULL"

	sqlReportMedia  = "INSERT INTO report_media (report, position, media, police) VALUES ($1, $2, $3, $4)"
	sqlReportPhotos = "SELECT media FROM report_media WHERE report = $1 AND police = $2 ORDER BY position"

	sqlEraseMedia = "DELETE FROM media WHERE id IN (SELECT m.media FROM reports r JOIN report_media m ON m.report = r.id" +
		" WHERE r.case_id = $1)"
	// All that somebody told in a report, and that it was they.
	blankReport = "UPDATE reports SET reporter = NULL, text = '', words = '', point = NULL," +
		" behaviour = NULL, direction = NULL, on_behalf_of = NULL, persons = NULL, vehicles = NULL, extra = NULL," +
		" police = NULL, pieces = NULL, landmark = NULL, named = 0 WHERE "
	sqlEraseReports   = blankReport + "case_id = $1"
	sqlReportsIn      = "SELECT id FROM reports WHERE case_id = $1 ORDER BY id"
	sqlAskedIn        = "SELECT id FROM questions WHERE case_id = $1 ORDER BY id"
	sqlEraseQuestion  = "UPDATE questions SET text = '', answer = '', message = '' WHERE id = $1"
	sqlEraseQuestions = "UPDATE questions SET text = '', answer = '', message = '' WHERE case_id = $1"
	sqlEraseAnswer    = "UPDATE questions SET answer = '', message = '', taken = 1 WHERE id = $1"
	sqlReleaseMedia   = "DELETE FROM report_media WHERE report = $1"
	sqlErasePictures  = "DELETE FROM media WHERE id IN (SELECT media FROM report_media WHERE report = $1)"
	sqlEraseReport    = blankReport + "id = $1"

	sqlNewPhoto  = "INSERT INTO media (owner, created) VALUES ($1, $2)"
	sqlPhoto     = "SELECT id, owner, data FROM media WHERE id = $1"
	sqlFillPhoto = "UPDATE media SET data = $2 WHERE id = $1"
	sqlDropPhoto = "DELETE FROM media WHERE id = $1"

	questionColumns = "id, case_id, report, asked_by, text, asked, answer, coalesce(answered, 0), message, taken, canned," +
		" partner"

	sqlNewQuestion = "INSERT INTO questions (case_id, report, asked_by, text, asked, id, canned, partner)" +
		" VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
	sqlQuestions      = "SELECT " + questionColumns + " FROM questions WHERE case_id = $1 ORDER BY id"
	sqlQuestion       = "SELECT " + questionColumns + " FROM questions WHERE id = $1"
	sqlAnswerQuestion = "UPDATE questions SET answer = $2, answered = $3, message = $4" +
		" WHERE id = $1 AND answered IS NULL"
)

func scanReport(r row) (civic.Report, error) {
	var (
		p     civic.Report
		point string
		filed int64
	)
	told := func(column string, into any) *cell { return sealed("reports."+column, &p.ID, into) }
	err := r.Scan(&p.ID, &p.Case, &p.Reporter, &p.Alias, told("text", &p.Text), &p.When, &p.Place.Street,
		told("point", &point), told("words", &p.Place.Words), &p.Called, &p.Language, &filed, &p.Source, &p.Kind,
		told("extra", listed{&p.Extra}), told("persons", listed{&p.Persons}), told("vehicles", listed{&p.Vehicles}),
		told("police", &p.Police), &p.AboutMember, &p.OnBehalf, told("pieces", listed{&p.Pieces}),
		&p.Muted, &p.Verdict, &p.Named, &p.Origin, &p.Place.Landmark)
	if err == nil && point != "" {
		p.Place.Point, err = pointOf(point)
	}
	p.Filed = moment(filed)
	return p, err
}

// AddReport implements [bot.CivicTx].
func (t *tx) AddReport(ctx context.Context, r *civic.Report) error {
	id, err := t.nextID("reports")
	if err != nil {
		return err
	}
	args, err := reportRow(id, r)
	if err != nil {
		return about(err, "report to case %d", r.Case)
	}
	if r.ID, err = t.insert(sqlNewReport, args...); err != nil {
		return about(err, "report to case %d", r.Case)
	}
	if err := t.attach(ctx, r.ID, r.Photos, 0); err != nil {
		return err
	}
	return errors.Join(t.attach(ctx, r.ID, r.PolicePhotos, forPolice), t.attach(ctx, r.ID, r.Recordings, recorded))
}

// What a row of report_media says in its column police.
const (
	forPolice = 1 // a picture for the police only
	recorded  = 2 // something spoken or filmed, which is for them always
)

// reportRow is the report as its row stores it.
func reportRow(id int64, r *civic.Report) ([]any, error) {
	var point any
	if r.Place.Point != nil {
		point = pointText(r.Place.Point.Lon(), r.Place.Point.Lat())
	}
	secret := func(column string, value any) sealing { return secret("reports."+column, id, value) }
	extra, err1 := asJSON(r.Extra)
	persons, err2 := asJSON(r.Persons)
	vehicles, err3 := asJSON(r.Vehicles)
	pieces, err4 := asJSON(r.Pieces)
	aboutMember, behalf := 0, ""
	if r.AboutMember {
		aboutMember = 1
	}
	if r.OnBehalf {
		behalf = "other"
	}
	return []any{
		r.Case, null(r.Reporter), r.Alias, secret("text", r.Text), string(r.When), null(r.Place.Street),
		secret("point", point), secret("words", r.Place.Words), string(r.Called), r.Language, millis(r.Filed),
		told(r.Source), told(r.Kind), secret("extra", extra), secret("persons", persons), secret("vehicles", vehicles),
		secret("police", told(r.Police)), null(int64(aboutMember)), told(behalf), id, secret("pieces", pieces),
		null(r.Place.Landmark),
	}, errors.Join(err1, err2, err3, err4)
}

// pointText is an exact place as it is stored, in degrees.
func pointText(lon, lat float64) string {
	return strconv.FormatFloat(lon, 'f', -1, 64) + " " + strconv.FormatFloat(lat, 'f', -1, 64)
}

func pointOf(text string) (*orb.Point, error) {
	lon, lat, _ := strings.Cut(text, " ")
	x, err1 := strconv.ParseFloat(lon, 64)
	y, err2 := strconv.ParseFloat(lat, 64)
	return &orb.Point{x, y}, errors.Join(err1, err2)
}

// attach links pictures to a report.
func (t *tx) attach(ctx context.Context, report int64, photos []int64, police int) error {
	for i, photo := range photos {
		if _, err := t.Photo(ctx, photo); missing(err) {
			continue // it could not be read, and its sender was told
		} else if err != nil {
			return err
		}
		if err := t.run(sqlReportMedia, report, i+police*100, photo, police); err != nil {
			return about(err, "pictures of report %d", report)
		}
	}
	return nil
}

// told is what is stored of something that may not have been told; nothing when it was not.
func told[S ~string](s S) any {
	if s == "" {
		return nil
	}
	return string(s)
}

// asJSON is how a list is stored: as JSON; nothing when it is empty.
func asJSON[T any](items []T) (any, error) {
	if len(items) == 0 {
		return nil, nil
	}
	raw, err := json.Marshal(items)
	return string(raw), err
}

// listed reads a list that is stored as JSON into what it points to.
type listed struct{ into any }

// Scan implements [sql.Scanner].
func (l listed) Scan(raw any) error {
	text, ok := raw.(string)
	if !ok {
		return fmt.Errorf("list of type %T", raw)
	}
	if text == "" {
		return nil
	}
	return json.Unmarshal([]byte(text), l.into)
}

// Reports implements [bot.CivicTx].
func (t *tx) Reports(_ context.Context, caseID int64) ([]civic.Report, error) {
	list, err := all(t, scanReport, sqlReports, caseID)
	if err != nil {
		return nil, about(err, "reports of case %d", caseID)
	}
	for i := range list {
		if list[i].Photos, err = all(t, scanNumber, sqlReportPhotos, list[i].ID, 0); err != nil {
			return nil, about(err, "pictures of report %d", list[i].ID)
		}
		if list[i].PolicePhotos, err = all(t, scanNumber, sqlReportPhotos, list[i].ID, forPolice); err != nil {
			return nil, about(err, "pictures of report %d", list[i].ID)
		}
		if list[i].Recordings, err = all(t, scanNumber, sqlReportPhotos, list[i].ID, recorded); err != nil {
			return nil, about(err, "recordings of report %d", list[i].ID)
		}
	}
	return list, nil
}

// ReportsBy implements [bot.CivicTx].
func (t *tx) ReportsBy(ctx context.Context, person int64, limit int) ([]civic.Report, []civic.Case, error) {
	list, err := all(t, scanReport, sqlReportsBy, person, limit)
	if err != nil {
		return nil, nil, about(err, "reports of person %d", person)
	}
	cases := make([]civic.Case, len(list))
	for i, r := range list {
		if cases[i], err = t.Case(ctx, r.Case); err != nil {
			return nil, nil, err
		}
	}
	return list, cases, nil
}

// ReportsSince implements [bot.CivicTx].
func (t *tx) ReportsSince(_ context.Context, person int64, since time.Time) (int, error) {
	n, err := one(t, scanNumber, sqlReportsSince, person, millis(since))
	return int(n), about(err, "reports of person %d", person)
}

// EraseReports implements [bot.CivicTx]. Pictures and the words of questions go as well.
func (t *tx) EraseReports(ctx context.Context, caseID int64) error {
	origins, err := all(t, scanNumber, sqlOriginsIn, caseID)
	if err != nil {
		return about(err, "cases that came to case %d", caseID)
	}
	for _, from := range origins { // nothing is left there but what was noted and asked of it
		if err := t.EraseReports(ctx, from); err != nil {
			return err
		}
	}
	for _, query := range []string{sqlEraseMedia, sqlEraseReports, sqlEraseQuestions, sqlEraseNotes} {
		if err := t.run(query, caseID); err != nil {
			return about(err, "erase reports of case %d", caseID)
		}
	}
	return about(errors.Join(t.untell(caseID), t.noteCase(caseID)), "erase reports of case %d", caseID)
}

// noteCase remembers the erasure of a case, and that of each part of it: a backup may be from before it was merged, or split.
func (t *tx) noteCase(caseID int64) error {
	for _, of := range []struct {
		query string
		kind  ErasureKind
	}{{sqlReportsIn, ErasedReport}, {sqlAskedIn, ErasedQuestion}} {
		ids, err := all(t, scanNumber, of.query, caseID)
		for _, id := range ids {
			err = errors.Join(err, t.noteErasure(of.kind, id))
		}
		if err != nil {
			return err
		}
	}
	return t.noteErasure(ErasedCase, caseID)
}

func scanPhoto(r row) (civic.Photo, error) {
	var p civic.Photo
	err := r.Scan(&p.ID, &p.Owner, sealed("media.data", &p.ID, &p.Data))
	return p, err
}

// AddPhoto implements [bot.CivicTx].
func (t *tx) AddPhoto(_ context.Context, p *civic.Photo) error {
	id, err := t.insert(sqlNewPhoto, p.Owner, millis(t.store.now()))
	p.ID = id
	return about(err, "picture")
}

// Photo implements [bot.LetterTx].
func (t *tx) Photo(_ context.Context, id int64) (civic.Photo, error) {
	p, err := one(t, scanPhoto, sqlPhoto, id)
	return p, about(err, "picture %d", id)
}

// FillPhoto implements [bot.CivicTx]. A picture that was dropped meanwhile stays away.
func (t *tx) FillPhoto(_ context.Context, id int64, data []byte) error {
	return about(t.run(sqlFillPhoto, id, secret("media.data", id, data)), "picture %d", id)
}

// DropPhoto implements [bot.CivicTx].
func (t *tx) DropPhoto(_ context.Context, id int64) error {
	return about(errors.Join(t.run(sqlDropPhoto, id), t.noteErasure(ErasedPicture, id)), "picture %d", id)
}

func scanQuestion(r row) (civic.Question, error) {
	var (
		q               civic.Question
		asked, answered int64
	)
	err := r.Scan(&q.ID, &q.Case, &q.Report, &q.AskedBy, sealed("questions.text", &q.ID, &q.Text), &asked,
		sealed("questions.answer", &q.ID, &q.Answer), &answered, sealed("questions.message", &q.ID, &q.Message), &q.Taken,
		&q.Canned, &q.Partner)
	q.Asked, q.Answered = moment(asked), moment(answered)
	return q, err
}

// AddQuestion implements [bot.CivicTx].
func (t *tx) AddQuestion(_ context.Context, q *civic.Question) error {
	id, err := t.nextID("questions")
	if err != nil {
		return err
	}
	q.ID = id
	err = t.run(sqlNewQuestion, q.Case, q.Report, q.AskedBy, secret("questions.text", id, q.Text), millis(q.Asked), id,
		q.Canned, string(q.Partner))
	return about(err, "question on case %d", q.Case)
}

// Questions implements [bot.CivicTx].
func (t *tx) Questions(_ context.Context, caseID int64) ([]civic.Question, error) {
	list, err := all(t, scanQuestion, sqlQuestions, caseID)
	return list, about(err, "questions on case %d", caseID)
}

// Question implements [bot.CivicTx].
func (t *tx) Question(_ context.Context, id int64) (civic.Question, error) {
	q, err := one(t, scanQuestion, sqlQuestion, id)
	return q, about(err, "question %d", id)
}

// AnswerQuestion implements [bot.CivicTx]; bot.ErrConflict when it was answered before.
func (t *tx) AnswerQuestion(_ context.Context, q civic.Question) error {
	n, err := t.exec(sqlAnswerQuestion, q.ID, secret("questions.answer", q.ID, q.Answer), millis(q.Answered),
		secret("questions.message", q.ID, q.Message))
	return about(changed(n, err, bot.ErrConflict), "answer to question %d", q.ID)
}

// EraseAnswer implements [bot.CivicTx].
func (t *tx) EraseAnswer(_ context.Context, id int64) error {
	err := errors.Join(t.run(sqlEraseAnswer, id), t.untellOf(sqlCaseOfQuestion, id), t.noteErasure(ErasedAnswer, id))
	return about(err, "erase the answer to question %d", id)
}

// eraseQuestion blanks what was asked about a report that is taken back, and the answer.
func (t *tx) eraseQuestion(_ context.Context, id int64) error {
	err := errors.Join(t.run(sqlEraseQuestion, id), t.untellOf(sqlCaseOfQuestion, id), t.noteErasure(ErasedQuestion, id))
	return about(err, "erase question %d", id)
}

// EraseReport implements [bot.CivicTx].
func (t *tx) EraseReport(_ context.Context, id int64) error {
	for _, query := range []string{sqlErasePictures, sqlEraseReport} {
		if err := t.run(query, id); err != nil {
			return about(err, "erase report %d", id)
		}
	}
	err := errors.Join(t.untellOf(sqlCaseOfReport, id), t.noteErasure(ErasedReport, id))
	return about(err, "erase report %d", id)
}

// ReleaseMedia implements [bot.CivicTx].
func (t *tx) ReleaseMedia(_ context.Context, report int64) error {
	return about(t.run(sqlReleaseMedia, report), "pictures of report %d", report)
}
