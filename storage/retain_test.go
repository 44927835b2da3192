package storage_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
	"github.com/buurtbot/buurtbot/storage"
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
			h := civic.Handover{Case: number, Partner: civic.Police, At: noon, Status: c.status, Words: "woorden"}
			if err := tx.SaveHandover(ctx, h); err != nil {
				return err
			}
			if err := tx.AddNote(ctx, &civic.Note{Case: number, Author: ana.ID, Text: "notitie", At: noon}); err != nil {
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
			questions, err1 := tx.Questions(ctx, number)
			notes, err2 := tx.Notes(ctx, number)
			handovers, err3 := tx.Handovers(ctx, number)
			if (questions[0].Answer != "") != c.want || (len(notes) > 0) != c.want || (handovers[0].Words != "") != c.want {
				t.Errorf("%s, %s: %+v, %+v, %+v", c.category, c.status, questions, notes, handovers)
			}
			return errors.Join(err1, err2, err3)
		})
	}
}

// What the partner asked after it accepted has a week to be read.
func TestAPartnerReadsWhatItAskedInASensitiveCase(t *testing.T) {
	s := fresh(t)
	in := build(t, s)
	ana, chat := adopt(t, s, "ana", in)
	number := in.told(t, s, ana.ID, chat, "zonnebloem")
	keep := civic.DefaultRetention()
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		c, err := tx.Case(ctx, number)
		if err != nil {
			return err
		}
		c.Category = civic.Drugs
		questions, err := tx.Questions(ctx, number)
		if err != nil {
			return err
		}
		q := questions[0]
		q.ID, q.Partner, q.Asked = 0, civic.Police, noon
		h := civic.Handover{Case: number, Partner: civic.Police, At: noon, Status: civic.Accepted}
		if err := errors.Join(tx.SaveCase(ctx, &c), tx.SaveHandover(ctx, h), tx.AddQuestion(ctx, &q)); err != nil {
			return err
		}
		for _, days := range []int{0, 6, 8} {
			at := noon.AddDate(0, 0, days)
			for _, rule := range []civic.RetentionRule{civic.RetainSensitive, civic.RetainAnswers} {
				if err := tx.Retire(ctx, rule, keep, at, number); err != nil {
					return err
				}
			}
			left, err := tx.Questions(ctx, number)
			if err != nil || left[0].Answer != "" || (left[1].Text == "") != (days > 7) {
				t.Errorf("after %d days: %+v, %v", days, left, err)
			}
		}
		return nil
	})
}

// What a partner wrote goes after ninety days, also when nothing else of the case does on that day.
func TestWordsOfAnOpenHandoverGoByTheirAge(t *testing.T) {
	s := fresh(t)
	in := build(t, s)
	ana, chat := adopt(t, s, "ana", in)
	number := in.told(t, s, ana.ID, chat, "zonnebloem")
	keep := civic.DefaultRetention()
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		later := noon.Add(keep.TextMost / 2)
		h := civic.Handover{Case: number, Partner: civic.Police, At: later, Status: civic.Accepted, Words: "woorden"}
		if err := tx.SaveHandover(ctx, h); err != nil {
			return err
		}
		for _, at := range []time.Time{noon.Add(keep.TextMost + day), later.Add(keep.TextMost), later.Add(keep.TextMost + day)} {
			ripe, err := tx.Ripe(ctx, civic.RetainTexts, keep, at, 100)
			if err != nil {
				return err
			}
			for _, id := range ripe {
				if err := tx.Retire(ctx, civic.RetainTexts, keep, at, id); err != nil {
					return err
				}
			}
			all, err := tx.Handovers(ctx, number)
			if err != nil || (all[0].Words == "") != at.After(later.Add(keep.TextMost)) {
				t.Errorf("at %s: %+v, %v", at, all, err)
			}
		}
		return nil
	})
}

// Who is no member and holds no role is forgotten: at once when a role was not confirmed, and a while after one ended. Whose
// report or measure is still looked at is known by that.
func TestStrangersAreForgotten(t *testing.T) {
	s := fresh(t)
	in := build(t, s)
	keep := civic.DefaultRetention()
	people := map[string]int64{}
	chats := map[string]int64{}
	for _, name := range []string{"member", "holder", "former", "longgone", "revoked", "longrevoked", "claims", "reports", "measured", "nothing"} {
		m, chat := adopt(t, s, name, in)
		people[name], chats[name] = m.ID, chat
	}
	in.told(t, s, people["reports"], chats["reports"], "wolkbreuk")
	at := noon.Add(100 * day)
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		for name, id := range people {
			m, err := tx.Member(ctx, id)
			if err != nil {
				return err
			}
			m.Standing = civic.StandingNone
			if name == "member" {
				m.Standing = civic.StandingDormant
			}
			if err := tx.SaveMember(ctx, m, noon); err != nil {
				return err
			}
		}
		for name, at := range map[string]time.Time{"revoked": at.Add(-keep.Former + day), "longrevoked": at.Add(-keep.Former - day)} {
			err := errors.Join(tx.Grant(ctx, people[name], civic.Grant{Role: civic.Police, Area: in.network, From: noon}, 0),
				tx.Revoke(ctx, people[name], civic.Police, in.network, at))
			if err != nil {
				return err
			}
		}
		ends := map[string]time.Time{"holder": {}, "former": at.Add(-keep.Former + day), "longgone": at.Add(-keep.Former - day)}
		for name, until := range ends {
			g := civic.Grant{Role: civic.Police, Area: in.network, From: noon, Until: until}
			if err := tx.Grant(ctx, people[name], g, 0); err != nil {
				return err
			}
		}
		return nil
	})
	taken(t, s, in, people["claims"])
	stored(t, s, suspension(in, people["measured"], chats["measured"], at.Add(-day)))
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		ripe, err := tx.Ripe(ctx, civic.RetainStrangers, keep, at, 100)
		if diff := cmp.Diff([]int64{people["longgone"], people["longrevoked"], people["nothing"]}, ripe); diff != "" || err != nil {
			t.Errorf("%v (-want +got):\n%s", err, diff)
		}
		if early, err := tx.Ripe(ctx, civic.RetainStrangers, keep, noon, 100); err != nil || len(early) > 0 {
			t.Errorf("%v are forgotten as soon as they are met, %v", early, err)
		}
		for _, id := range ripe {
			if err := tx.Retire(ctx, civic.RetainStrangers, keep, at, id); err != nil {
				return err
			}
			if _, err := tx.Member(ctx, id); !errors.Is(err, bot.ErrNotFound) {
				t.Errorf("person %d is still known: %v", id, err)
			}
		}
		return nil
	})
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

// What is ripe is counted in the network that it is of, and in no other.
func TestWhatIsRipeIsCountedInItsNetwork(t *testing.T) {
	s := fresh(t)
	in := build(t, s)
	berk := civic.Network{Name: "BIN De Berk", Profile: "be", Languages: []string{"nl"}, Prefix: "BRK"}
	keep, at := civic.DefaultRetention(), noon.Add(10*365*24*time.Hour)
	do(t, s, func(ctx context.Context, tx bot.Tx) error { return tx.SaveNetwork(ctx, &berk) })
	for n, of := range []civic.AreaID{in.network, berk.ID, berk.ID} {
		ripening(t, s, of, string(rune('a'+n)))
	}
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		rules := slices.Concat(civic.RetentionRules, civic.AlertRules, civic.PersonRules)
		for _, rule := range rules {
			all, err1 := tx.Ripe(ctx, rule, keep, at, 100)
			here, err2 := tx.RipeIn(ctx, in.network, rule, keep, at)
			there, err3 := tx.RipeIn(ctx, berk.ID, rule, keep, at)
			if err := errors.Join(err1, err2, err3); err != nil {
				return err
			}
			if len(all) != 3 || here != 1 || there != 2 {
				t.Errorf("%s: %d in all, %d here, %d there", rule, len(all), here, there)
			}
		}
		if _, err := tx.RipeIn(ctx, berk.ID, "nothing", keep, at); err == nil {
			t.Error("there is a rule of no name")
		}
		return nil
	})
}

// ripening makes, in a network, one thing of each kind that is erased in time.
func ripening(t *testing.T, s *storage.Store, of civic.AreaID, name string) {
	t.Helper()
	in := town{network: of}
	ana, chat := adopt(t, s, name, in)
	number := in.told(t, s, ana.ID, chat, name+"-glas")
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		c, err := tx.Case(ctx, number)
		c.Status, c.Category = civic.Resolved, civic.Drugs
		h := civic.Handover{Case: number, Partner: civic.Police, At: noon, Status: civic.Accepted}
		a := civic.Alert{Ref: "A-" + name, Network: of, Kind: civic.UrgentAlert, Status: civic.AlertActive, Text: "x", Issued: noon, Until: noon}
		err = errors.Join(err, tx.SaveCase(ctx, &c), tx.SaveHandover(ctx, h), tx.CreateAlert(ctx, &a), tx.AddReply(ctx, a.ID, ana.ID, noon))
		m, err2 := tx.Adopt(ctx, bot.UserRef{Platform: "p", ID: "stranger " + name}, 0, of, noon)
		if name == "b" { // known there by a role alone, that is over
			err2 = errors.Join(err2, tx.Depart(ctx, m.ID, of), tx.Grant(ctx, m.ID, civic.Grant{Role: civic.Police, Area: of, From: noon}, 0),
				tx.Revoke(ctx, m.ID, civic.Police, of, noon))
		}
		return errors.Join(err, err2)
	})
}
