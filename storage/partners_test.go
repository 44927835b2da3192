package storage_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

func TestAPartnerIsReachedAsItWasStored(t *testing.T) {
	s := fresh(t)
	in := build(t, s)
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		unknown, err := tx.Partner(ctx, in.network, civic.Housing)
		if err != nil {
			return err
		}
		same(t, "unknown", civic.Partner{Network: in.network, Role: civic.Housing}, unknown)
		chat, err := tx.Enter(ctx, bot.ChatRef{Platform: "mail", ID: "meldpunt@wonenvlier.example", Kind: bot.Group}, noon)
		if err != nil {
			return err
		}
		next, err := tx.Enter(ctx, bot.ChatRef{Platform: "mail", ID: "balie@wonenvlier.example", Kind: bot.Group}, noon)
		if err != nil {
			return err
		}
		desk := civic.Partner{
			Network: in.network, Role: civic.Housing, Chat: chat.ID, Asked: next.ID, Promise: 48 * time.Hour,
		}
		if err := errors.Join(err, tx.SavePartner(ctx, civic.Partner{Network: in.network, Role: civic.Housing}),
			tx.SavePartner(ctx, desk)); err != nil {
			return err
		}
		got, err := tx.Partner(ctx, in.network, civic.Housing)
		same(t, "stored", desk, got)
		for _, id := range []int64{chat.ID, next.ID} {
			there, failed := tx.PartnersAt(ctx, id)
			same(t, "at its desk", []civic.Partner{desk}, there)
			err = errors.Join(err, failed)
		}
		nobody, failed := tx.PartnersAt(ctx, next.ID+1)
		same(t, "nobody's desk", 0, len(nobody))
		return errors.Join(err, failed)
	})
}

func TestOverdueIsWhatWasPromisedAndNotKept(t *testing.T) {
	s := fresh(t)
	in := build(t, s)
	late, early, waiting := opened(t, s, in, "KAS-7F3K", noon), opened(t, s, in, "KAS-0001", noon), opened(t, s, in, "KAS-0002", noon)
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		full := civic.Handover{
			Case: late.ID, Partner: civic.Municipality, By: 7, At: noon, Status: civic.Planned, Began: noon,
			Due: noon.Add(time.Hour), Planned: noon.Add(24 * time.Hour), Reason: civic.ReturnUnclear, Words: "Morgen", Returns: 1,
			Recall: civic.RecallSent,
		}
		err := errors.Join(tx.SaveHandover(ctx, full),
			tx.SaveHandover(ctx, civic.Handover{
				Case: early.ID, Partner: civic.Police, By: 7, At: noon, Status: civic.Forwarded, Began: noon, Due: noon.Add(3 * time.Hour),
			}),
			tx.SaveHandover(ctx, civic.Handover{
				Case: waiting.ID, Partner: civic.Police, By: 7, At: noon, Status: civic.Accepted, Began: noon,
			}))
		if err != nil {
			return err
		}
		list, err := tx.Overdue(ctx, in.network, noon.Add(2*time.Hour), 10)
		same(t, "overdue", []civic.Handover{full}, list)
		none, failed := tx.Overdue(ctx, in.network+1, noon.Add(2*time.Hour), 10)
		same(t, "elsewhere", []civic.Handover(nil), none)
		return errors.Join(err, failed)
	})
}

func TestRulesAboutRoutesAreKeptByNetwork(t *testing.T) {
	s := fresh(t)
	in := build(t, s)
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		rule := civic.Rule{
			Network: in.network, Category: civic.YouthNuisance, Area: in.group, From: 18, Until: 8, Weekend: true, Within: 240 * time.Hour,
			Partners: []civic.Role{civic.Police, civic.Enforcement},
		}
		plain := civic.Rule{Network: in.network, Partners: []civic.Role{civic.Housing}}
		if err := errors.Join(tx.AddRule(ctx, &rule), tx.AddRule(ctx, &plain)); err != nil {
			return err
		}
		list, err := tx.Rules(ctx, in.network)
		same(t, "rules", []civic.Rule{rule, plain}, list)
		if missing := tx.DropRule(ctx, in.network+1, rule.ID); !errors.Is(missing, bot.ErrNotFound) {
			t.Errorf("another network's rule: %v", missing)
		}
		err = errors.Join(err, tx.DropRule(ctx, in.network, rule.ID))
		left, failed := tx.Rules(ctx, in.network)
		same(t, "left", []civic.Rule{plain}, left)
		return errors.Join(err, failed)
	})
}

func TestWhatAReporterWishesIsKeptWithTheirReport(t *testing.T) {
	s := fresh(t)
	in := build(t, s)
	c := opened(t, s, in, "KAS-7F3K", noon)
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		r := civic.Report{Case: c.ID, Alias: 1, Text: "De lamp is stuk", When: civic.Earlier, Language: "nl", Filed: noon}
		if err := tx.AddReport(ctx, &r); err != nil {
			return err
		}
		r.Muted, r.Verdict, r.Named = true, civic.VerdictHalf, true
		if err := tx.SaveFollow(ctx, r); err != nil {
			return err
		}
		list, err := tx.Reports(ctx, c.ID)
		same(t, "reports", true, list[len(list)-1].Muted && list[len(list)-1].Named && list[len(list)-1].Verdict == civic.VerdictHalf)
		return err
	})
}

func TestWhoSawACaseIsToldByRole(t *testing.T) {
	s := fresh(t)
	build(t, s)
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		err := errors.Join(
			tx.Audit(ctx, bot.AuditEntry{At: noon, Actor: 7, Action: "case.read", Object: "case/17", Detail: "police"}),
			tx.Audit(ctx, bot.AuditEntry{At: noon, Actor: 7, Action: "case.received", Object: "case/17"}),
			tx.Audit(ctx, bot.AuditEntry{At: noon, Actor: 7, Action: "case.read", Object: "case/18", Detail: "police"}))
		if err != nil {
			return err
		}
		list, err := tx.SeenCase(ctx, "case/17")
		same(t, "seen", []bot.AuditEntry{{At: noon, Action: "case.read", Object: "case/17", Detail: "police"}}, list)
		return err
	})
}

func TestAnAnswerInTimeIsCounted(t *testing.T) {
	s := fresh(t)
	in := build(t, s)
	early, late := opened(t, s, in, "KAS-7F3K", noon), opened(t, s, in, "KAS-0001", noon)
	opened(t, s, in, "KAS-0002", noon)
	gone := opened(t, s, in, "KAS-0003", noon)
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		early.Answered, late.Answered, gone.Status = noon.Add(time.Hour), noon.Add(3*time.Hour), civic.Withdrawn
		err := errors.Join(tx.SaveCase(ctx, &early), tx.SaveCase(ctx, &late), tx.SaveCase(ctx, &gone))
		if err != nil {
			return err
		}
		all, kept, err := tx.Answered(ctx, in.network, noon.Add(-time.Hour), noon.Add(time.Hour), 2*time.Hour)
		same(t, "cases and answers", [2]int{3, 1}, [2]int{all, kept})
		return err
	})
}

func TestAMergerIsUndoneReportByReport(t *testing.T) {
	s := fresh(t)
	in := build(t, s)
	from, into := opened(t, s, in, "KAS-7F3K", noon), opened(t, s, in, "KAS-0001", noon)
	ana, _ := adopt(t, s, "ana", in)
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		one := civic.Report{Case: from.ID, Reporter: ana.ID, Alias: 1, Text: "zwart", When: civic.Earlier, Language: "nl", Filed: noon}
		two := civic.Report{Case: into.ID, Alias: 1, Text: "grijs", When: civic.Earlier, Language: "nl", Filed: noon}
		if err := errors.Join(tx.AddReport(ctx, &one), tx.AddReport(ctx, &two)); err != nil {
			return err
		}
		q := civic.Question{Case: from.ID, Report: one.ID, AskedBy: 7, Text: "Welke kleur?", Asked: noon}
		if err := errors.Join(tx.AddQuestion(ctx, &q), tx.MergeCase(ctx, from, into)); err != nil {
			return err
		}
		told := func(c civic.Case) (texts []string) {
			list, err := tx.Reports(ctx, c.ID)
			if err != nil {
				t.Error(err)
			}
			for _, r := range list {
				texts = append(texts, r.Text)
			}
			return texts
		}
		same(t, "merged away", []string(nil), told(from))
		same(t, "merged", []string{"zwart", "grijs"}, told(into)[len(told(into))-2:])
		asked, err := tx.Questions(ctx, into.ID)
		same(t, "questions", 1, len(asked))
		if err := errors.Join(err, tx.SplitCase(ctx, from, into)); err != nil {
			return err
		}
		same(t, "split off", []string{"zwart"}, told(from))
		if err := tx.EraseReportsOf(ctx, from.ID, ana.ID); err != nil {
			return err
		}
		same(t, "erased", []string{""}, told(from))
		return nil
	})
}

// What one witness told, and was asked, goes to another case; what the others told stays.
func TestOneWitnessIsParted(t *testing.T) {
	s := fresh(t)
	in := build(t, s)
	from, to := opened(t, s, in, "KAS-7F3K", noon), opened(t, s, in, "KAS-0001", noon)
	ana, _ := adopt(t, s, "ana", in)
	bo, _ := adopt(t, s, "bo", in)
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		var told []civic.Report
		for i, m := range []int64{ana.ID, bo.ID, bo.ID} {
			r := civic.Report{Case: from.ID, Reporter: m, Alias: i + 1, Text: "iets", When: civic.Earlier, Language: "nl", Filed: noon}
			if err := tx.AddReport(ctx, &r); err != nil {
				return err
			}
			told = append(told, r)
		}
		for _, r := range told[:2] {
			q := civic.Question{Case: from.ID, Report: r.ID, AskedBy: 7, Text: "Welke kleur?", Asked: noon}
			if err := tx.AddQuestion(ctx, &q); err != nil {
				return err
			}
		}
		if err := tx.PartReports(ctx, from, to, bo.ID); err != nil {
			return err
		}
		for c, who := range map[int64][]int64{from.ID: {ana.ID}, to.ID: {bo.ID, bo.ID}} {
			list, err := tx.Reports(ctx, c)
			var reporters []int64
			for _, r := range list {
				if r.Reporter != 0 {
					reporters = append(reporters, r.Reporter)
				}
			}
			same(t, "reporters", who, reporters)
			asked, failed := tx.Questions(ctx, c)
			same(t, "questions", 1, len(asked))
			if err := errors.Join(err, failed); err != nil {
				return err
			}
		}
		return nil
	})
}

// What is remembered of the tables that seldom change is as true as what stands in them: a change is seen at once, and
// one that was undone never was.
func TestWhatIsRememberedOfANetworkIsWhatStands(t *testing.T) {
	s := fresh(t)
	in := build(t, s)
	ana, _ := adopt(t, s, "ana", in)
	undone := errors.New("undone")
	change := func(tx bot.Tx) error {
		ctx := t.Context()
		return errors.Join(
			tx.SavePartner(ctx, civic.Partner{Network: in.network, Role: civic.Housing, Promise: 4 * time.Hour}),
			tx.AddRule(ctx, &civic.Rule{Network: in.network, Partners: []civic.Role{civic.Housing}}),
			tx.Grant(ctx, ana.ID, civic.Grant{Role: civic.Police, Area: in.network, From: noon}, 0),
		)
	}
	seen := func(tx bot.Tx) (found []int) {
		ctx := t.Context()
		p, err := tx.Partner(ctx, in.network, civic.Housing)
		rules, failed := tx.Rules(ctx, in.network)
		holders, broke := tx.Holders(ctx, civic.Police, civic.Scope{Network: in.network}, noon)
		if err := errors.Join(err, failed, broke); err != nil {
			t.Error(err)
		}
		return []int{int(p.Promise / time.Hour), len(rules), len(holders)}
	}
	err := s.Do(t.Context(), func(tx bot.Tx) error {
		same(t, "before", []int{0, 0, 0}, seen(tx))
		if err := change(tx); err != nil {
			return err
		}
		same(t, "changed", []int{4, 1, 1}, seen(tx))
		return undone
	})
	if !errors.Is(err, undone) {
		t.Fatal(err)
	}
	do(t, s, func(_ context.Context, tx bot.Tx) error {
		same(t, "undone", []int{0, 0, 0}, seen(tx))
		return change(tx)
	})
	do(t, s, func(_ context.Context, tx bot.Tx) error {
		same(t, "kept", []int{4, 1, 1}, seen(tx))
		return nil
	})
}

// A partner answers when the work is done, which may be months later: what was sent to its desk is traced for so long.
func TestLettersToADeskAreTracedForHalfAYear(t *testing.T) {
	s := fresh(t)
	in := build(t, s)
	desk, other := room(t, s, "meldpunt@gemeente.example", bot.Group), room(t, s, "2", bot.Group)
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		return tx.SavePartner(ctx, civic.Partner{Network: in.network, Role: civic.Municipality, Chat: desk})
	})
	for chat, token := range map[int64]string{desk: "desk", other: "other"} {
		id := post(t, s, bot.Letter{Chat: chat, Token: token, Message: bot.Message{About: "handover/3"}})
		claim(t, s, id)
		settle(t, s, id, delivered)
	}
	traced := func(token string) (is bool) {
		do(t, s, func(ctx context.Context, tx bot.Tx) error {
			_, err := tx.RenderingOf(ctx, token)
			is = err == nil
			if errors.Is(err, bot.ErrNotFound) {
				err = nil
			}
			return err
		})
		return is
	}
	const days = 24 * time.Hour
	prune(t, s, noon.Add(182*days))
	same(t, "after six months", []bool{true, false}, []bool{traced("desk"), traced("other")})
	prune(t, s, noon.Add(184*days))
	same(t, "later", false, traced("desk"))
}
