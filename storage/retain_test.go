package storage_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// Two years pass over two cases, one that ended at once and one that never ends; what is left is looked at on each day
// on which something goes.
func TestWhatWasKeptLongEnoughGoesAndNothingSooner(t *testing.T) {
	s := fresh(t)
	in := build(t, s)
	ana, chat := adopt(t, s, "ana", in)
	over := in.told(t, s, ana.ID, chat, "zonnebloem")
	open := in.told(t, s, ana.ID, chat, "wolkbreuk")
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		c, err := tx.Case(ctx, over)
		if err != nil {
			return err
		}
		c.Status, c.ReasonText = civic.Resolved, "word"
		return tx.SaveCase(ctx, &c)
	})
	type left struct{ Pictures, Text, Answer, Reporter, Reason bool }
	look := func(number int64) (l left, gone bool) {
		t.Helper()
		do(t, s, func(ctx context.Context, tx bot.Tx) error {
			c, err := tx.Case(ctx, number)
			if gone = errors.Is(err, bot.ErrNotFound); gone {
				return nil
			}
			if err != nil {
				return err
			}
			reports, err := tx.Reports(ctx, number)
			if err != nil {
				return err
			}
			questions, err := tx.Questions(ctx, number)
			r := reports[0]
			l = left{len(r.Photos) > 0, r.Text != "", questions[0].Answer != "", r.Reporter != 0, c.ReasonText != ""}
			return err
		})
		return l, gone
	}
	keep := civic.DefaultRetention()
	retire := func(at time.Time) {
		t.Helper()
		do(t, s, func(ctx context.Context, tx bot.Tx) error {
			for _, rule := range civic.RetentionRules {
				cases, err := tx.Ripe(ctx, rule, keep, at, 100)
				if err != nil {
					return err
				}
				for _, id := range cases {
					if err := tx.Retire(ctx, rule, keep, at, id); err != nil {
						return err
					}
				}
				if again, err := tx.Ripe(ctx, rule, keep, at, 100); err != nil || len(again) > 0 {
					t.Errorf("%s: %v is ripe again, %v", rule, again, err)
				}
			}
			return nil
		})
	}
	for _, c := range []struct {
		day        int
		over, open left
	}{
		{13, left{true, true, true, true, true}, left{true, true, true, true, false}},
		{15, left{false, true, true, true, true}, left{false, true, true, true, false}},
		{29, left{false, true, true, true, true}, left{false, true, true, true, false}},
		{31, left{false, false, false, false, false}, left{false, true, true, true, false}},
		{89, left{false, false, false, false, false}, left{false, true, true, true, false}},
		{91, left{false, false, false, false, false}, left{false, false, false, true, false}},
		{730, left{false, false, false, false, false}, left{false, false, false, true, false}},
	} {
		retire(noon.AddDate(0, 0, c.day))
		for number, want := range map[int64]left{over: c.over, open: c.open} {
			got, gone := look(number)
			if diff := cmp.Diff(want, got); diff != "" || gone {
				t.Errorf("case %d on day %d (gone: %t): %s", number, c.day, gone, diff)
			}
		}
	}
	retire(noon.AddDate(5, 0, 1))
	if _, gone := look(over); !gone {
		t.Error("a case that ended five years ago is still there")
	}
	if _, gone := look(open); gone {
		t.Error("an open case is gone")
	}
}

func TestWhatASensitiveCaseToldGoesWhenAPartnerAcceptsIt(t *testing.T) {
	s := fresh(t)
	in := build(t, s)
	ana, chat := adopt(t, s, "ana", in)
	for _, c := range []struct {
		category civic.Category
		status   civic.Status
		want     bool // the text stays
	}{
		{civic.Drugs, civic.Forwarded, true}, {civic.Drugs, civic.Accepted, false}, {civic.Vandalism, civic.Accepted, true},
	} {
		number := in.told(t, s, ana.ID, chat, string(c.category[:3])+string(c.status[:3])+"text")
		do(t, s, func(ctx context.Context, tx bot.Tx) error {
			at, err := tx.Case(ctx, number)
			if err != nil {
				return err
			}
			at.Category = c.category
			if err := tx.SaveCase(ctx, &at); err != nil {
				return err
			}
			if err := tx.SaveHandover(ctx, civic.Handover{Case: number, Partner: civic.Police, At: noon, Status: c.status}); err != nil {
				return err
			}
			keep := civic.DefaultRetention()
			ripe, err := tx.Ripe(ctx, civic.RetainSensitive, keep, noon, 100)
			if err != nil || (len(ripe) == 0) != c.want {
				t.Errorf("%s, %s: ripe %v, %v", c.category, c.status, ripe, err)
			}
			for _, id := range ripe {
				if err := tx.Retire(ctx, civic.RetainSensitive, keep, noon, id); err != nil {
					return err
				}
			}
			reports, err := tx.Reports(ctx, number)
			if err != nil || (reports[0].Text != "") != c.want {
				t.Errorf("%s, %s: %+v, %v", c.category, c.status, reports, err)
			}
			return nil
		})
	}
}

func TestTheTrailIsTrimmedAndStillHolds(t *testing.T) {
	s := fresh(t)
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		for day := range 10 {
			e := bot.AuditEntry{At: noon.AddDate(0, 0, day), Actor: 1, Action: "case.take", Object: "case/1"}
			if err := tx.Audit(ctx, e); err != nil {
				return err
			}
		}
		before := noon.AddDate(0, 0, 6)
		if n, err := tx.OldTrail(ctx, before); err != nil || n != 6 {
			t.Errorf("%d old entries, %v", n, err)
		}
		if err := tx.TrimTrail(ctx, before); err != nil {
			return err
		}
		if err := tx.TrimTrail(ctx, noon); err != nil { // nothing is older: the anchor stays
			return err
		}
		return tx.Audit(ctx, bot.AuditEntry{At: noon.AddDate(0, 0, 10), Actor: 1, Action: "case.take", Object: "case/1"})
	})
	if n, err := s.VerifyAudit(t.Context()); err != nil || n != 5 {
		t.Errorf("%d entries, %v", n, err)
	}
}
