package storage

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
	"github.com/buurtbot/buurtbot/storage/storagetest/blank"
)

// What must stand in no file: who somebody is, and what they told.
var canaries = []string{
	"kanarienaam", "kanarieaccount", "kanariekop", "kanarietekst", "kanarieplek", "5.123456", "kanariekenteken",
	"kanarievraag", "kanarieantwoord", "kanarienotitie", "kanariefoto", "kanariebrief", "kanarieklus", "kanariepost",
	"kanariereden", "kanarieformulier", "kanariebericht", "kanariepartner", "kanariemaatregel", "kanariebezwaar",
	"kanarieteken",
}

var sealedAt = time.UnixMilli(1_760_443_200_000).UTC()

func openWith(t *testing.T, o Options) *Store {
	t.Helper()
	o.Now = func() time.Time { return sealedAt }
	if _, err := os.Stat(o.Path); errors.Is(err, fs.ErrNotExist) {
		layFor(t, o)
	}
	s, err := Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// layFor copies a database for these keys that was made before.
func layFor(t *testing.T, o Options) {
	t.Helper()
	kind := fmt.Sprintf("%x %x %v", o.AuditKey, o.ColumnKeys, o.Plain)
	err := blank.Lay(kind, o.Path, func(path string) error {
		o := o
		o.Path = path
		s, err := Open(t.Context(), o)
		if err != nil {
			return err
		}
		return s.Close()
	})
	if err != nil {
		t.Fatal(err)
	}
}

// tell puts a canary into every column that is to be sealed.
func tell(t *testing.T, s *Store) {
	t.Helper()
	if err := s.Receive(t.Context(), "p", "bot", []bot.Raw{{External: "9", Body: []byte("kanariepost")}}, "1"); err != nil {
		t.Fatal(err)
	}
	err := s.Do(t.Context(), func(tx bot.Tx) error {
		ctx := t.Context()
		n := civic.Network{Name: "BIN", Profile: "nl", Zone: time.UTC, Languages: []string{"nl"}, Prefix: "BIN"}
		err := tx.SaveNetwork(ctx, &n)
		who := bot.UserRef{Platform: "p", ID: "kanarieaccount", Name: "kanarienaam"}
		chat, err1 := tx.Enter(ctx, bot.ChatRef{Platform: "p", ID: "kanarieaccount", Kind: bot.Private, Title: "kanariekop"}, sealedAt)
		m, err2 := tx.Adopt(ctx, who, chat.ID, n.ID, sealedAt)
		photo := civic.Photo{Owner: chat.ID}
		err3 := errors.Join(tx.AddPhoto(ctx, &photo), tx.FillPhoto(ctx, photo.ID, []byte("kanariefoto")))
		c := civic.Case{
			Ref: "BIN-7F3K", Network: n.ID, Status: civic.Received, Category: civic.Other, ReasonText: "kanariereden",
			Created: sealedAt, Changed: sealedAt,
		}
		err4 := tx.CreateCase(ctx, &c)
		r := civic.Report{
			Case: c.ID, Reporter: m.ID, Alias: 1, Text: "kanarietekst", When: civic.Earlier, Filed: sealedAt, Photos: []int64{photo.ID},
			Police: "kanariekenteken", Place: civic.Place{Point: &orb.Point{5.123456, 51.5}, Words: "kanarieplek"},
		}
		err5 := tx.AddReport(ctx, &r)
		q := civic.Question{Case: c.ID, Report: r.ID, AskedBy: 7, Text: "kanarievraag", Asked: sealedAt}
		err6 := tx.AddQuestion(ctx, &q)
		a := civic.Alert{
			Ref: "A-7F3K", Network: n.ID, Kind: civic.UrgentAlert, Status: "draft", Text: "kanariebericht", Last: "kanariebericht",
			Issued: sealedAt, Until: sealedAt, Sender: civic.Police,
		}
		measure := civic.Sanction{
			Network: n.ID, Person: m.ID, Measure: civic.MeasureWarning, Breach: "rude", Words: "kanariemaatregel", At: sealedAt,
		}
		err7 := tx.AddSanction(ctx, &measure)
		measure.Appeal, measure.Appealed = "kanariebezwaar", sealedAt
		return errors.Join(err, err1, err2, err3, err4, err5, err6, err7,
			tx.SaveSanction(ctx, measure),
			tx.AnswerQuestion(ctx, civic.Question{ID: q.ID, Answer: "kanarieantwoord", Answered: sealedAt, Message: "kanarieteken"}),
			tx.AddNote(ctx, &civic.Note{Case: c.ID, Author: m.ID, Text: "kanarienotitie", At: sealedAt}),
			tx.Enqueue(ctx, &bot.Letter{Chat: chat.ID, Message: bot.Message{Text: "kanariebrief"}}),
			tx.SendErrand(ctx, bot.Errand{Kind: "photo", Payload: []byte("kanarieklus")}),
			tx.SaveSession(ctx, &bot.Session{
				Chat: chat.ID, Account: "kanarieaccount", Form: "report", Answers: []byte("kanarieformulier"), Touched: sealedAt, Expires: sealedAt,
			}),
			tx.CreateAlert(ctx, &a),
			tx.SaveHandover(ctx, civic.Handover{
				Case: c.ID, Partner: civic.Police, Status: civic.Accepted, At: sealedAt, Words: "kanariepartner",
			}),
		)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// readBack is everything that tell put there, as it is read again.
func readBack(t *testing.T, s *Store) []string {
	t.Helper()
	var got []string
	err := s.Do(t.Context(), func(tx bot.Tx) error {
		ctx := t.Context()
		m, err1 := tx.Identify(ctx, bot.UserRef{Platform: "p", ID: "kanarieaccount"})
		chat, err2 := tx.Enter(ctx, bot.ChatRef{Platform: "p", ID: "kanarieaccount"}, sealedAt)
		c, err3 := tx.CaseByRef(ctx, "BIN-7F3K")
		reports, err4 := tx.Reports(ctx, c.ID)
		questions, err5 := tx.Questions(ctx, c.ID)
		notes, err6 := tx.Notes(ctx, c.ID)
		if err := errors.Join(err1, err2, err3, err4, err5, err6); err != nil {
			return err
		}
		photo, err1 := tx.Photo(ctx, reports[0].Photos[0])
		session, err2 := tx.Session(ctx, chat.ID, "kanarieaccount")
		waiting, err3 := tx.Waiting(ctx, 1)
		errand, err4 := tx.NextErrand(ctx, sealedAt)
		alert, err5 := tx.AlertByRef(ctx, "A-7F3K")
		letters, err6 := tx.Candidates(ctx, bot.CandidateQuery{Platform: "p", At: sealedAt, Limit: 1})
		if err := errors.Join(err1, err2, err3, err4, err5, err6); err != nil {
			return err
		}
		r := reports[0]
		got = []string{
			m.Name, chat.Ref.ID, chat.Ref.Title, c.ReasonText, r.Text, r.Place.Words, r.Police, questions[0].Text, questions[0].Answer,
			questions[0].Message,
			notes[0].Text, string(photo.Data), session.Account, string(session.Answers), string(waiting[0].Raw), string(errand.Payload),
			alert.Text, alert.Last,
		}
		partners, err := tx.Handovers(ctx, c.ID)
		if err != nil || len(partners) != 1 || partners[0].Words != "kanariepartner" {
			t.Errorf("partners %v, %v", partners, err)
		}
		measures, err := tx.SanctionsOf(ctx, m.Network, m.ID)
		if err != nil || len(measures) != 1 || measures[0].Words != "kanariemaatregel" || measures[0].Appeal != "kanariebezwaar" {
			t.Errorf("measures %v, %v", measures, err)
		}
		if len(letters) != 1 || r.Place.Point == nil || *r.Place.Point != (orb.Point{5.123456, 51.5}) {
			t.Errorf("letters %v, point %v", letters, r.Place.Point)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return got
}

var wantTold = []string{
	"kanarienaam", "kanarieaccount", "kanariekop", "kanariereden", "kanarietekst", "kanarieplek", "kanariekenteken", "kanarievraag",
	"kanarieantwoord", "kanarieteken", "kanarienotitie", "kanariefoto", "kanarieaccount", "kanarieformulier", "kanariepost", "kanarieklus",
	"kanariebericht", "kanariebericht",
}

// found are the canaries in the files of a database.
func found(t *testing.T, path string) []string {
	t.Helper()
	var all []string
	for _, end := range []string{"", "-wal"} {
		data, err := os.ReadFile(path + end)
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			t.Fatal(err)
		}
		for _, word := range canaries {
			if bytes.Contains(data, []byte(word)) {
				all = append(all, word)
			}
		}
	}
	return all
}

var sealKeys = [][]byte{bytes.Repeat([]byte{1}, KeySize), bytes.Repeat([]byte{2}, KeySize)}

func TestTheFilesAloneTellNothingOfAnybody(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path, copied := filepath.Join(dir, "bin.db"), filepath.Join(dir, "copy.db")
	s := openWith(t, Options{Path: path, ColumnKeys: sealKeys[:1]})
	tell(t, s)
	if diff := cmp.Diff(wantTold, readBack(t, s)); diff != "" {
		t.Errorf("what is read (-want +got):\n%s", diff)
	}
	if err := s.Backup(t.Context(), copied); err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{path, copied} {
		if words := found(t, file); words != nil {
			t.Errorf("in %s stands %v", filepath.Base(file), words)
		}
	}
	closeStore(t, s)
	s = openWith(t, Options{Path: path, ColumnKeys: sealKeys[:1]})
	if diff := cmp.Diff(wantTold, readBack(t, s)); diff != "" {
		t.Errorf("what is read later (-want +got):\n%s", diff)
	}
	closeStore(t, s)
}

// The canaries would be found if they were there.
func TestWithoutSealsTheFilesTellAll(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "bin.db")
	s := openWith(t, Options{Path: path, Plain: true})
	tell(t, s)
	if diff := cmp.Diff(canaries, found(t, path)[:len(canaries)], cmp.Transformer("set", func(words []string) map[string]bool {
		set := map[string]bool{}
		for _, w := range words {
			set[w] = true
		}
		return set
	})); diff != "" {
		t.Errorf("the files lack some (-want +got):\n%s", diff)
	}
	closeStore(t, s)
}

func TestRowsOfBeforeAreSealedAtTheStartAndKeysCanBeChanged(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "bin.db")
	s := openWith(t, Options{Path: path, Plain: true})
	tell(t, s)
	closeStore(t, s)
	bare(t, path, "UPDATE reports SET longitude = 5.123456, latitude = 51.5, point = NULL")
	for _, table := range []string{"accounts", "chats", "sessions"} {
		bare(t, path, "UPDATE "+table+" SET sealed = ''")
	}
	for _, keys := range [][][]byte{sealKeys[:1], sealKeys, sealKeys[1:]} {
		s = openWith(t, Options{Path: path, ColumnKeys: keys})
		if diff := cmp.Diff(wantTold, readBack(t, s)); diff != "" {
			t.Errorf("what is read (-want +got):\n%s", diff)
		}
		if words := found(t, path); words != nil {
			t.Errorf("in the file stands %v", words)
		}
		closeStore(t, s)
	}
	if _, err := Open(t.Context(), Options{Path: path, ColumnKeys: sealKeys[:1]}); !errors.Is(err, ErrKey) {
		t.Errorf("the old key: %v", err)
	}
}

// A start that was interrupted while it sealed is made good by the next one.
func TestSealingGoesOnWhereItWasInterrupted(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "bin.db")
	s := openWith(t, Options{Path: path, ColumnKeys: sealKeys[:1]})
	tell(t, s)
	closeStore(t, s)
	bare(t, path, "DELETE FROM meta WHERE key = 'columns_sealed'")
	bare(t, path, "UPDATE notes SET text = 'kanarienotitie'")
	bare(t, path, "UPDATE media SET data = CAST('kanariefoto' AS BLOB)")
	s = openWith(t, Options{Path: path, ColumnKeys: sealKeys[:1]})
	if diff := cmp.Diff(wantTold, readBack(t, s)); diff != "" {
		t.Errorf("what is read (-want +got):\n%s", diff)
	}
	if words := found(t, path); words != nil {
		t.Errorf("in the file stands %v", words)
	}
	closeStore(t, s)
}

// bare changes the file behind the program's back.
func bare(t *testing.T, path, query string) {
	t.Helper()
	db, err := sql.Open(driverName, writerAddress(Options{Path: path}))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.ExecContext(t.Context(), query); err != nil {
		t.Fatal(err)
	}
}

func TestACellInAnotherPlaceIsNoticed(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "bin.db")
	s := openWith(t, Options{Path: path, ColumnKeys: sealKeys[:1]})
	tell(t, s)
	closeStore(t, s)
	for name, query := range map[string]string{
		"of another column": "UPDATE questions SET answer = text",
		"of another row":    "UPDATE persons SET id = 99",
		"in plain":          "UPDATE notes SET text = 'Alles is goed'",
	} {
		t.Run(name, func(t *testing.T) {
			copied := filepath.Join(t.TempDir(), "bin.db")
			if err := Backup(t.Context(), path, copied); err != nil {
				t.Fatal(err)
			}
			bare(t, copied, "PRAGMA foreign_keys = OFF; "+query)
			s := openWith(t, Options{Path: copied, ColumnKeys: sealKeys[:1]})
			defer s.Close()
			err := s.Do(t.Context(), func(tx bot.Tx) error {
				_, err1 := tx.Questions(t.Context(), 1)
				_, err2 := tx.Notes(t.Context(), 1)
				_, err3 := tx.Member(t.Context(), 99)
				if errors.Is(err3, bot.ErrNotFound) {
					err3 = nil
				}
				return errors.Join(err1, err2, err3)
			})
			if !errors.Is(err, ErrKey) && !errors.Is(err, errNotSealed) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestOnlyASealedDatabaseNeedsItsKey(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "bin.db")
	ask := func(want bool) {
		t.Helper()
		if got, err := NeedsKey(context.Background(), path); got != want || err != nil {
			t.Errorf("%t, %v", got, err)
		}
	}
	ask(false)
	closeStore(t, openWith(t, Options{Path: path, Plain: true}))
	ask(false)
	closeStore(t, openWith(t, Options{Path: path, ColumnKeys: sealKeys[:1]}))
	ask(true)
}

func BenchmarkSeal500Bytes(b *testing.B) {
	r, err := newRing(sealKeys)
	if err != nil {
		b.Fatal(err)
	}
	value := string(bytes.Repeat([]byte("a"), 500))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := r.openText("reports.text", "7", r.sealText("reports.text", "7", value)); err != nil {
			b.Fatal(err)
		}
	}
}
