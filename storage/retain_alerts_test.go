package storage_test

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
	"github.com/buurtbot/buurtbot/storage"
)

// retireAll carries out every rule as the job does, and fails when something is ripe twice.
func retireAll(t *testing.T, s *storage.Store, at time.Time) {
	t.Helper()
	keep := civic.DefaultRetention()
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		for _, rule := range slices.Concat(civic.RetentionRules, civic.AlertRules) {
			ripe, err := tx.Ripe(ctx, rule, keep, at, 100)
			if err != nil {
				return err
			}
			for _, id := range ripe {
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

// What an alert said goes with its time, from its versions as well; later, who heard and answered it. How many did stays.
func TestWhatAnAlertSaidAndWhoHeardItGo(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bin.db")
	s := openPlain(t, path)
	defer s.Close()
	in := build(t, s)
	ana, chat := adopt(t, s, "ana", in)
	gone, long := alertIn(in, "A-7F3K"), alertIn(in, "A-8G4L")
	planned := alertIn(in, "A-9H5M")
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		gone.Text, gone.Last, gone.KeptWhy, gone.Until = secret, secret, secret, noon.Add(time.Hour)
		long.Text, long.Until = "long", noon.AddDate(0, 0, 80)
		planned.Status, planned.Text, planned.Until = civic.AlertQueued, "planned", noon.AddDate(0, 0, 120)
		for _, a := range []*civic.Alert{&gone, &long, &planned} {
			if err := tx.CreateAlert(ctx, a); err != nil {
				return err
			}
		}
		if err := tx.SaveAlert(ctx, &gone); err != nil {
			return err
		}
		for _, who := range []int64{ana.ID, 0} {
			d := civic.Delivery{Alert: gone.ID, Notice: civic.NoticeAlarm, Target: 1, Person: who, Chat: chat, Status: civic.DeliverySent, At: noon}
			if err := tx.Record(ctx, d); err != nil {
				return err
			}
		}
		return tx.AddReply(ctx, gone.ID, ana.ID, noon)
	})
	type left struct {
		Gone, Long, Planned string
		Ana                 bool // is known to have heard it
		Heard, Answered     int
	}
	look := func() (l left) {
		t.Helper()
		do(t, s, func(ctx context.Context, tx bot.Tx) error {
			for ref, text := range map[string]*string{"A-7F3K": &l.Gone, "A-8G4L": &l.Long, "A-9H5M": &l.Planned} {
				a, err := tx.AlertByRef(ctx, ref)
				if err != nil {
					return err
				}
				*text = a.Text
			}
			heard, err := tx.Deliveries(ctx, gone.ID, civic.NoticeAlarm, 1)
			if err != nil {
				return err
			}
			for _, d := range heard {
				l.Heard++
				l.Ana = l.Ana || d.Person == ana.ID
			}
			answered, err := tx.Replies(ctx, gone.ID)
			l.Answered = len(answered)
			return err
		})
		return l
	}
	for _, c := range []struct {
		day  int
		want left
	}{
		{29, left{secret, "long", "planned", true, 2, 1}},
		{31, left{"", "long", "planned", true, 2, 1}},
		{89, left{"", "long", "planned", true, 2, 1}},
		{91, left{"", "", "planned", false, 2, 0}},
		{151, left{"", "", "", false, 2, 0}},
	} {
		retireAll(t, s, noon.AddDate(0, 0, c.day))
		if diff := cmp.Diff(c.want, look()); diff != "" {
			t.Errorf("on day %d (-want +got):\n%s", c.day, diff)
		}
		prune(t, s, noon)
		if found := stands(t, path); found != (c.want.Gone != "") {
			t.Errorf("on day %d, its words are in the files: %t", c.day, found)
		}
	}
}

// Who dealt with a case is forgotten with who told it.
func TestWhoDealtWithACaseIsForgotten(t *testing.T) {
	s := fresh(t)
	in := build(t, s)
	ana, chat := adopt(t, s, "ana", in)
	number := in.told(t, s, ana.ID, chat, "zonnebloem")
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		if err := tx.SaveHandover(ctx, civic.Handover{Case: number, Partner: civic.Police, By: 7, At: noon, Status: civic.Accepted}); err != nil {
			return err
		}
		c, err := tx.Case(ctx, number)
		if err != nil {
			return err
		}
		c.Status, c.Owner = civic.Resolved, 7
		return tx.SaveCase(ctx, &c)
	})
	for _, when := range []struct {
		day    int
		person int64
		asked  int64
	}{{29, 7, 999}, {31, 0, 0}} {
		retireAll(t, s, noon.AddDate(0, 0, when.day))
		do(t, s, func(ctx context.Context, tx bot.Tx) error {
			c, err := tx.Case(ctx, number)
			questions, err1 := tx.Questions(ctx, number)
			handovers, err2 := tx.Handovers(ctx, number)
			if err := errors.Join(err, err1, err2); err != nil {
				return err
			}
			if c.Owner != when.person || handovers[0].By != when.person || questions[0].AskedBy != when.asked {
				t.Errorf("on day %d: owner %d, handed over by %d, asked by %d", when.day, c.Owner, handovers[0].By, questions[0].AskedBy)
			}
			return nil
		})
	}
}

// Codes, absences, wrong tries and roles that ended go by their age; what still counts stays.
func TestTracesOfPeopleGoInTime(t *testing.T) {
	s := fresh(t)
	in := build(t, s)
	ana, chat := adopt(t, s, "ana", in)
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		old := civic.Grant{Role: civic.Police, Area: in.network, From: noon.AddDate(-2, 0, 0), Until: noon}
		_, err := tx.Knock(ctx, chat, noon, noon.Add(-time.Hour))
		return errors.Join(err,
			tx.CreateInvite(ctx, "CODE1234", bot.Invite{Kind: "role", Role: civic.Admin, Area: in.network, Expires: noon}, noon),
			tx.CreateInvite(ctx, "CODE5678", bot.Invite{Kind: "role", Role: civic.Admin, Area: in.network, Expires: noon.AddDate(9, 0, 0)}, noon),
			tx.SetAbsence(ctx, ana.ID, civic.Absence{From: noon, Until: noon.Add(time.Hour)}),
			tx.Grant(ctx, ana.ID, old, 0),
			tx.Grant(ctx, ana.ID, civic.Grant{Role: civic.Admin, Area: in.network, From: noon}, 0),
		)
	})
	for _, c := range []struct {
		day    int
		spent  bool
		away   bool
		grants int
	}{{89, true, true, 2}, {91, false, false, 2}, {366, false, false, 1}} {
		at := noon.AddDate(0, 0, c.day)
		prune(t, s, at)
		do(t, s, func(ctx context.Context, tx bot.Tx) error {
			_, err := tx.SpentInvite(ctx, "CODE1234", at)
			if (err == nil) != c.spent {
				t.Errorf("day %d: the code that ran out is known: %v", c.day, err)
			}
			if _, err := tx.PeekInvite(ctx, "CODE5678", at); err != nil {
				t.Errorf("day %d: the code that is good is gone: %v", c.day, err)
			}
			away, err := tx.Absence(ctx, ana.ID)
			if err != nil || (away != civic.Absence{}) != c.away {
				t.Errorf("day %d: away %+v, %v", c.day, away, err)
			}
			m, err := tx.Member(ctx, ana.ID)
			if err != nil || len(m.Grants) != c.grants {
				t.Errorf("day %d: %+v, %v", c.day, m.Grants, err)
			}
			wrong, err := tx.Knocks(ctx, chat, noon.Add(-time.Hour))
			if err != nil || wrong != 0 {
				t.Errorf("day %d: %d wrong tries are known, %v", c.day, wrong, err)
			}
			return nil
		})
	}
}
