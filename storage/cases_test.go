package storage_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
	"github.com/buurtbot/buurtbot/storage"
)

// opened stores a case.
func opened(t *testing.T, s *storage.Store, in town, ref string, created time.Time) civic.Case {
	t.Helper()
	c := civic.Case{
		Ref: ref, Network: in.network, Group: in.group, Street: in.street, Status: civic.Received, Category: civic.Theft,
		Urgency: civic.Normal, Verification: civic.Unverified, Called: civic.CalledNo, Created: created, Changed: created,
	}
	do(t, s, func(ctx context.Context, tx bot.Tx) error { return tx.CreateCase(ctx, &c) })
	return c
}

// everything is what a coordinator of the whole network sees.
func everything(in town) civic.Reader {
	return civic.Reader{Work: []civic.AreaID{in.network}, Sensitive: []civic.AreaID{in.network}}
}

func TestACaseComesBackAsItStands(t *testing.T) {
	s := fresh(t)
	in := build(t, s)
	c := opened(t, s, in, "KAS-7F3K", noon)
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		c.Status, c.Urgency, c.Verification, c.Owner = civic.Closed, civic.Today, civic.Corroborated, 7
		c.SnoozedTill = noon.Add(48 * time.Hour)
		c.Reason, c.ReasonText, c.Changed, c.Group, c.Street = civic.ReasonNotOurs, "gemeente", noon.Add(time.Hour), 0, 0
		if err := tx.SaveCase(ctx, &c); err != nil {
			return err
		}
		byID, err := tx.Case(ctx, c.ID)
		byRef, failed := tx.CaseByRef(ctx, "KAS-7F3K")
		same(t, "by number", c, byID)
		same(t, "by reference", c, byRef)
		if _, err := tx.Case(ctx, 99); !errors.Is(err, bot.ErrNotFound) {
			t.Errorf("no case: %v", err)
		}
		return errors.Join(err, failed)
	})
}

func TestOpenCasesAreListedOldestFirst(t *testing.T) {
	s := fresh(t)
	in := build(t, s)
	late, early := opened(t, s, in, "KAS-1", noon.Add(time.Hour)), opened(t, s, in, "KAS-2", noon)
	middle, ended := opened(t, s, in, "KAS-3", noon.Add(time.Minute)), opened(t, s, in, "KAS-4", noon)
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		ended.Status = civic.Withdrawn
		if err := tx.SaveCase(ctx, &ended); err != nil {
			return err
		}
		for limit, want := range map[int][]civic.Case{9: {early, middle, late}, 2: {early, middle}} {
			list, err := tx.OpenCases(ctx, civic.Queue{Network: in.network, Reader: everything(in)}, limit)
			same(t, "open", want, list)
			if err != nil {
				return err
			}
		}
		return nil
	})
}

func TestOpenCasesAreListedMostUrgentFirst(t *testing.T) {
	s := fresh(t)
	in := build(t, s)
	order := []civic.Urgency{civic.Info, civic.Normal, civic.Today, civic.Emergency}
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		for i, urgency := range order {
			c := civic.Case{
				Ref: fmt.Sprintf("KAS-%d", i), Network: in.network, Street: in.street, Group: in.group, Status: civic.Received,
				Category: civic.StreetFault, Urgency: urgency, Verification: civic.Unverified,
				Created: noon.Add(time.Duration(i) * time.Minute), Changed: noon,
			}
			if err := tx.CreateCase(ctx, &c); err != nil {
				return err
			}
		}
		list, err := tx.OpenCases(ctx, civic.Queue{Network: in.network, Reader: everything(in)}, 9)
		var listed []civic.Urgency
		for _, c := range list {
			listed = append(listed, c.Urgency)
		}
		slices.Reverse(order)
		same(t, "open", order, listed)
		return err
	})
}

func TestCasesAreSimilarThatTheSamePeopleMayReadOfAboutTheSameTime(t *testing.T) {
	s := fresh(t)
	in := build(t, s)
	one := opened(t, s, in, "KAS-1", noon)
	same2, kind := opened(t, s, in, "KAS-2", noon.Add(time.Hour)), opened(t, s, in, "KAS-3", noon.Add(-time.Hour))
	hidden, ended := opened(t, s, in, "KAS-4", noon), opened(t, s, in, "KAS-5", noon)
	opened(t, s, in, "KAS-6", noon.Add(3*time.Hour))
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		kind.Category, hidden.Category, ended.Status = civic.Traffic, civic.Drugs, civic.Withdrawn
		for _, c := range []*civic.Case{&kind, &hidden, &ended} {
			if err := tx.SaveCase(ctx, c); err != nil {
				return err
			}
		}
		about := civic.Case{
			Ref: "KAS-7", Network: in.network, Street: in.street, Group: in.group, Status: civic.Received,
			Category: one.Category, Subject: civic.SubjectPolice, Created: noon, Changed: noon,
		}
		if err := tx.CreateCase(ctx, &about); err != nil {
			return err
		}
		for limit, want := range map[int][]civic.Case{9: {same2, kind}, 1: {same2}} {
			list, err := tx.SimilarCases(ctx, everything(in), one, 2*time.Hour, limit)
			same(t, "similar", want, list)
			if err != nil {
				return err
			}
		}
		list, err := tx.SimilarCases(ctx, civic.Reader{}, one, 2*time.Hour, 9)
		same(t, "similar for who reads none", []civic.Case(nil), list)
		return err
	})
}

func TestAQueueHoldsWhatItAsksForEmergenciesFirst(t *testing.T) {
	s := fresh(t)
	in := build(t, s)
	old, mine := opened(t, s, in, "KAS-1", noon), opened(t, s, in, "KAS-2", noon.Add(time.Minute))
	gone, urgent := opened(t, s, in, "KAS-3", noon.Add(time.Hour)), opened(t, s, in, "KAS-4", noon.Add(2*time.Hour))
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		mine.Owner, mine.Again, gone.Status, urgent.Urgency = 7, 2, civic.Accepted, civic.Emergency
		old.Street = 0
		for _, c := range []*civic.Case{&old, &mine, &gone, &urgent} {
			if err := tx.SaveCase(ctx, c); err != nil {
				return err
			}
		}
		for _, want := range []struct {
			name  string
			queue civic.Queue
			cases []civic.Case
		}{
			{"all", civic.Queue{}, []civic.Case{urgent, old, mine, gone}},
			{"of one person", civic.Queue{Owner: 7}, []civic.Case{mine}},
			{"in a street", civic.Queue{Street: in.street}, []civic.Case{urgent, mine, gone}},
			{"in a street group", civic.Queue{Group: in.group}, []civic.Case{urgent, old, mine, gone}},
			{"at a partner", civic.Queue{Partner: true}, []civic.Case{gone}},
			{"of nobody there", civic.Queue{Owner: 8, Partner: true}, nil},
		} {
			want.queue.Network, want.queue.Reader = in.network, everything(in)
			list, err := tx.OpenCases(ctx, want.queue, 9)
			if err != nil {
				return err
			}
			same(t, want.name, want.cases, list)
		}
		return nil
	})
}

// What one answer or one addition said is erased by itself; after a restore it is erased again.
func TestAnAnswerAndAnAdditionAreErasedAlone(t *testing.T) {
	s := fresh(t)
	in := build(t, s)
	person, chat := adopt(t, s, "ana", in)
	ana := person.ID
	number := in.told(t, s, ana, chat, "verhaal")
	var q civic.Question
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		addition := civic.Report{Case: number, Reporter: ana, Alias: 1, Kind: civic.Addition, Text: "en nog iets", Filed: noon}
		asked := civic.Question{Case: number, Report: 1, AskedBy: 7, Text: "Hoe laat?", Asked: noon}
		if err := errors.Join(tx.AddReport(ctx, &addition), tx.AddQuestion(ctx, &asked)); err != nil {
			return err
		}
		q = civic.Question{ID: asked.ID, Answer: "negen uur", Answered: noon, Message: "$e1"}
		return errors.Join(tx.AnswerQuestion(ctx, q), tx.EraseAnswer(ctx, q.ID), tx.EraseReport(ctx, addition.ID))
	})
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		got, err1 := tx.Question(ctx, q.ID)
		reports, err2 := tx.Reports(ctx, number)
		if got.Answer != "" || got.Message != "" || !got.Taken || got.Answered.IsZero() || got.Text == "" {
			t.Errorf("of the answer is left %+v", got)
		}
		if len(reports) != 2 || reports[0].Text != "verhaal" || reports[0].Reporter != ana || len(reports[0].Photos) != 1 {
			t.Errorf("the report is %+v", reports[0])
		}
		if reports[1].Text != "" || reports[1].Reporter != 0 {
			t.Errorf("of the addition is left %+v", reports[1])
		}
		return errors.Join(err1, err2)
	})
	list, err := s.Erasures(t.Context(), noon.Add(-time.Hour))
	var kinds []storage.ErasureKind
	for _, e := range list {
		kinds = append(kinds, e.Kind)
	}
	same(t, "erasures", []storage.ErasureKind{storage.ErasedAnswer, storage.ErasedReport}, kinds)
	if err != nil {
		t.Error(err)
	}
}

func TestAQuestionIsAnsweredOnce(t *testing.T) {
	s := fresh(t)
	in := build(t, s)
	c := opened(t, s, in, "KAS-7F3K", noon)
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		q := civic.Question{Case: c.ID, Report: 1, AskedBy: 7, Text: "Welke kleur?", Asked: noon}
		other := civic.Question{
			Case: c.ID, Report: 1, AskedBy: 7, Text: "Hoe laat?", Canned: "time", Partner: civic.Housing, Asked: noon,
		}
		if err := errors.Join(tx.AddQuestion(ctx, &q), tx.AddQuestion(ctx, &other)); err != nil {
			return err
		}
		if err := tx.AnswerQuestion(ctx, civic.Question{ID: q.ID, Answer: "rood", Answered: noon.Add(time.Minute)}); err != nil {
			return err
		}
		if err := tx.AnswerQuestion(ctx, civic.Question{ID: q.ID, Answer: "blauw", Answered: noon}); !errors.Is(err, bot.ErrConflict) {
			t.Errorf("answered twice: %v", err)
		}
		q.Answer, q.Answered = "rood", noon.Add(time.Minute)
		one, err := tx.Question(ctx, q.ID)
		all, failed := tx.Questions(ctx, c.ID)
		same(t, "one", q, one)
		same(t, "all", []civic.Question{q, other}, all)
		return errors.Join(err, failed)
	})
}

func TestAPartnersNewestWordIsKept(t *testing.T) {
	s := fresh(t)
	in := build(t, s)
	c := opened(t, s, in, "KAS-7F3K", noon)
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		police := civic.Handover{Case: c.ID, Partner: civic.Police, By: 7, At: noon, Status: civic.Forwarded}
		if err := tx.SaveHandover(ctx, police); err != nil {
			return err
		}
		police.Status, police.At = civic.Accepted, noon.Add(time.Hour)
		town := civic.Handover{Case: c.ID, Partner: civic.Municipality, By: 7, At: noon, Status: civic.Forwarded}
		if err := errors.Join(tx.SaveHandover(ctx, police), tx.SaveHandover(ctx, town)); err != nil {
			return err
		}
		list, err := tx.Handovers(ctx, c.ID)
		same(t, "handovers", []civic.Handover{town, police}, list)
		return err
	})
}

// A picture comes after its place was made; one that was dropped meanwhile stays away, and a report goes on without it.
func TestAPictureComesAfterItsPlaceWasMade(t *testing.T) {
	s := fresh(t)
	in := build(t, s)
	c := opened(t, s, in, "KAS-7F3K", noon)
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		kept, dropped := civic.Photo{Owner: 3}, civic.Photo{Owner: 3}
		err := errors.Join(
			tx.AddPhoto(ctx, &kept), tx.AddPhoto(ctx, &dropped), tx.DropPhoto(ctx, dropped.ID),
			tx.FillPhoto(ctx, kept.ID, []byte("jpeg")), tx.FillPhoto(ctx, dropped.ID, []byte("jpeg")),
		)
		if err != nil {
			return err
		}
		kept.Data = []byte("jpeg")
		got, err := tx.Photo(ctx, kept.ID)
		same(t, "kept", kept, got)
		if _, err := tx.Photo(ctx, dropped.ID); !errors.Is(err, bot.ErrNotFound) {
			t.Errorf("the dropped one: %v", err)
		}
		r := civic.Report{Case: c.ID, Alias: 1, Filed: noon, Photos: []int64{dropped.ID, kept.ID}}
		if err := errors.Join(err, tx.AddReport(ctx, &r)); err != nil {
			return err
		}
		reports, err := tx.Reports(ctx, c.ID)
		same(t, "pictures of the report", []int64{kept.ID}, reports[0].Photos)
		return err
	})
}

// Whoever leaves is nobody in what they reported and were told; the case and its words stay for those who work on it.
func TestWhatAPersonDidOutlivesTheirName(t *testing.T) {
	s := fresh(t)
	a := sound(t, s)
	in := build(t, s)
	m, chat := adopt(t, s, "ana", in)
	c := opened(t, s, in, "KAS-7F3K", noon)
	before, err := s.VerifyAudit(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		return tx.Audit(ctx, bot.AuditEntry{At: noon, Actor: m.ID, Action: "case.taken", Object: "case/1"})
	})
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		form := formIn(chat, "")
		r := civic.Report{Case: c.ID, Reporter: m.ID, Alias: 1, Text: "fiets weg", Filed: noon}
		told := civic.Delivery{Alert: a.alert, Notice: civic.NoticeAlarm, Target: 99, Person: m.ID, Chat: chat, At: noon}
		err := errors.Join(
			tx.SaveSession(ctx, &form), tx.AddReport(ctx, &r), tx.Record(ctx, told),
			tx.Grant(ctx, m.ID, civic.Grant{Role: civic.StreetCoordinator, Area: in.group, From: noon}, 0), tx.Forget(ctx, m.ID, noon),
		)
		if err != nil {
			return err
		}
		if form, err := tx.Session(ctx, chat, ""); err != nil || form != nil {
			t.Errorf("the form is %+v, %v", form, err)
		}
		holders, err := tx.Holders(ctx, civic.StreetCoordinator, civic.Scope{Group: in.group}, noon)
		same(t, "holders", 0, len(holders))
		reports, failed := tx.Reports(ctx, c.ID)
		r.Reporter = 0
		same(t, "reports", []civic.Report{r}, reports)
		ledger, missed := tx.Deliveries(ctx, a.alert, civic.NoticeAlarm, 1)
		var persons []int64
		for _, d := range ledger {
			persons = append(persons, d.Person)
		}
		if diff := cmp.Diff([]int64{0, -m.ID}, persons); diff != "" {
			t.Errorf("persons in the ledger (-want +got):\n%s", diff)
		}
		return errors.Join(err, failed, missed)
	})
	if after, err := s.VerifyAudit(t.Context()); err != nil || after != before+1 {
		t.Errorf("the trail has %d entries, and had %d before what they did: %v", after, before, err)
	}
}
