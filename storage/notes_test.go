package storage_test

import (
	"context"
	"testing"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

func TestNotesStayWithTheirCaseUntilItIsTakenBack(t *testing.T) {
	s := fresh(t)
	in := build(t, s)
	c, other := opened(t, s, in, "KAS-7F3K", noon), opened(t, s, in, "KAS-7F3M", noon)
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		first := civic.Note{Case: c.ID, Author: 7, Text: "gebeld", At: noon}
		second := civic.Note{Case: c.ID, Author: 8, Text: "teruggebeld", At: noon.Add(time.Minute)}
		apart := civic.Note{Case: other.ID, Author: 7, Text: "iets anders", At: noon}
		for _, n := range []*civic.Note{&first, &second, &apart} {
			if err := tx.AddNote(ctx, n); err != nil {
				return err
			}
		}
		list, err := tx.Notes(ctx, c.ID)
		if err != nil {
			return err
		}
		same(t, "notes", []civic.Note{first, second}, list)
		if err := tx.EraseReports(ctx, c.ID); err != nil {
			return err
		}
		gone, err := tx.Notes(ctx, c.ID)
		if err != nil {
			return err
		}
		if len(gone) != 0 {
			t.Errorf("notes of a case that was taken back: %v", gone)
		}
		stays, err := tx.Notes(ctx, other.ID)
		same(t, "another case", []civic.Note{apart}, stays)
		return err
	})
}
