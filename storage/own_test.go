package storage_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
	"github.com/buurtbot/buurtbot/storage"
)

// ofPersons are names of columns that hold the number of a person.
var ofPersons = []string{
	"person", "reporter", "owner", "author", "asked_by", "issuer", "actor", "made_by", "used_by", "granted_by", "verified_by",
	"second", "given",
}

// notOwn says why a column that names a person is not looked for in what is stored about them.
var notOwn = map[string]string{
	"outbox.person":           "who may press a button; the words are blanked when they were sent, and the row goes after 30 days",
	"roles.granted_by":        "belongs to who holds the role",
	"memberships.verified_by": "belongs to the member",
	"media.owner":             "a chat; pictures of reports are in the section pictures",
	"drafts.author":           "no draft is stored yet",
}

func TestEveryColumnThatNamesAPersonIsInTheirOwnData(t *testing.T) {
	source, err := os.ReadFile("own.go")
	if err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", filepath.Join(t.TempDir(), "schema.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	schema, err := os.ReadFile("testdata/schema.golden.sql")
	if err != nil {
		t.Fatal(err)
	}
	table := regexp.MustCompile(`CREATE TABLE (\w+) \(([^;]*?)\) STRICT`)
	column := regexp.MustCompile(`(?m)^(?: {4}|, )(\w+) +[A-Z]`)
	found := 0
	for _, at := range table.FindAllStringSubmatch(string(schema), -1) {
		for _, c := range column.FindAllStringSubmatch(at[2], -1) {
			if !slices.Contains(ofPersons, c[1]) || notOwn[at[1]+"."+c[1]] != "" {
				continue
			}
			found++
			asks := regexp.MustCompile(`(FROM|JOIN) ` + at[1] + `\b[^"]*(" \+\s+"[^"]*)*\b` + c[1] + ` = \$1`)
			if !asks.Match(source) {
				t.Errorf("%s.%s names a person, and nobody is told of it", at[1], c[1])
			}
		}
	}
	if found < 10 {
		t.Errorf("only %d columns were found", found)
	}
}

// told makes a report of a person, with a picture and an answer.
func (in town) told(t *testing.T, s *storage.Store, person, chat int64, text string) int64 {
	t.Helper()
	var number int64
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		c := civic.Case{
			Ref: "KAS-" + strings.ToUpper(text[:4]), Network: in.network, Group: in.group, Street: in.street,
			Status: civic.Received, Category: civic.Other, Urgency: civic.Normal, Created: noon, Changed: noon,
		}
		if err := tx.CreateCase(ctx, &c); err != nil {
			return err
		}
		p := civic.Photo{Owner: chat}
		if err := tx.AddPhoto(ctx, &p); err != nil {
			return err
		}
		if err := tx.FillPhoto(ctx, p.ID, []byte("picture of "+text)); err != nil {
			return err
		}
		r := civic.Report{Case: c.ID, Reporter: person, Alias: 1, Text: text, When: civic.Earlier, Filed: noon, Photos: []int64{p.ID}}
		if err := tx.AddReport(ctx, &r); err != nil {
			return err
		}
		q := civic.Question{Case: c.ID, Report: r.ID, AskedBy: 999, Text: "which colour", Asked: noon}
		if err := tx.AddQuestion(ctx, &q); err != nil {
			return err
		}
		number = c.ID
		return tx.AnswerQuestion(ctx, civic.Question{ID: q.ID, Answer: "answer " + text, Answered: noon})
	})
	return number
}

func TestOwnDataIsWholeAndNobodyElses(t *testing.T) {
	s := fresh(t)
	in := build(t, s)
	ana, chat := adopt(t, s, "ana", in)
	bo, other := adopt(t, s, "bo", in)
	in.told(t, s, ana.ID, chat, "zonnebloem")
	in.told(t, s, bo.ID, other, "wolkbreuk")
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		sections, err := tx.Own(ctx, ana.ID)
		if err != nil {
			return err
		}
		raw, err := json.Marshal(sections)
		if err != nil {
			return err
		}
		for _, want := range []string{
			`"name":"ana"`, `"text":"zonnebloem"`, `"answer":"answer zonnebloem"`, `"question":"which colour"`, `"bytes":21`,
			`"street":"Kastanjelaan"`, `"external":"ana"`, `"filed":"2025-`,
		} {
			if !strings.Contains(string(raw), want) {
				t.Errorf("%s is missing in %s", want, raw)
			}
		}
		for _, not := range []string{"bo", "wolkbreuk"} {
			if strings.Contains(string(raw), `"`+not) || strings.Contains(string(raw), not+`"`) {
				t.Errorf("%s is somebody else's: %s", not, raw)
			}
		}
		return nil
	})
}

func TestWhatAPersonToldIsErasedAndNothingOfOthers(t *testing.T) {
	s := fresh(t)
	in := build(t, s)
	ana, chat := adopt(t, s, "ana", in)
	bo, other := adopt(t, s, "bo", in)
	mine := in.told(t, s, ana.ID, chat, "zonnebloem")
	theirs := in.told(t, s, bo.ID, other, "wolkbreuk")
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		cases, err := tx.EraseOwn(ctx, ana.ID)
		if err != nil || len(cases) != 1 || cases[0] != mine {
			t.Errorf("%v, %v", cases, err)
		}
		for number, text := range map[int64]string{mine: "", theirs: "wolkbreuk"} {
			reports, err := tx.Reports(ctx, number)
			if err != nil || len(reports) != 1 || reports[0].Text != text || len(reports[0].Photos) == 0 != (text == "") {
				t.Errorf("%+v, %v", reports, err)
			}
			questions, err := tx.Questions(ctx, number)
			if err != nil || len(questions) != 1 || (questions[0].Answer == "") != (text == "") {
				t.Errorf("%+v, %v", questions, err)
			}
		}
		return nil
	})
}
