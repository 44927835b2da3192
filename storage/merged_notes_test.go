package storage_test

import (
	"context"
	"errors"
	"testing"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// What coordinators noted of a report goes with it, also when its case was merged meanwhile.
func TestNotesOfAMergedCaseAreErasedWithIt(t *testing.T) {
	s := fresh(t)
	in := build(t, s)
	ana, chat := adopt(t, s, "ana", in)
	mine := in.told(t, s, ana.ID, chat, "zonnebloem")
	into := opened(t, s, in, "KAS-0001", noon)
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		c, err := tx.Case(ctx, mine)
		err = errors.Join(err, tx.AddNote(ctx, &civic.Note{Case: mine, Author: 9, Text: "buurman Jan heeft dit gezien", At: noon}))
		return errors.Join(err, tx.MergeCase(ctx, c, into), tx.EraseReports(ctx, into.ID))
	})
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		notes, err := tx.Notes(ctx, mine)
		if len(notes) > 0 {
			t.Errorf("there is still %+v", notes)
		}
		return err
	})
}
