package storage_test

import (
	"context"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// linkedPair are Ana and Bea, whom a network knows as two persons, and an alert that both were told of.
func linkedPair(t *testing.T, ctx context.Context, tx bot.Tx, in town, ana, bea int64, chats [2]int64) civic.Alert { //nolint:revive // a test first
	t.Helper()
	target := civic.Target{Group: in.group, Kind: civic.TargetDirect}
	a := civic.Alert{
		Ref: "A-7F3K", Network: in.network, Kind: civic.UrgentAlert, Status: civic.AlertActive, Text: "Let op",
		Areas: []civic.AreaID{in.group}, Until: noon.Add(time.Hour), Issuer: bea, Issued: noon,
	}
	err := errors.Join(tx.SaveTarget(ctx, &target), tx.CreateAlert(ctx, &a))
	for i, person := range []int64{ana, bea} {
		l := bot.Letter{Chat: chats[i], Op: bot.OpPost, Expires: noon.Add(time.Hour), Message: bot.Message{Text: "Let op"}}
		err = errors.Join(err, tx.Enqueue(ctx, &l), tx.Record(ctx, civic.Delivery{
			Alert: a.ID, Notice: civic.NoticeAlarm, Target: target.ID, Person: person, Chat: chats[i], Letter: l.ID, At: noon,
		}))
	}
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestLinkedAccountsAreOnePerson(t *testing.T) {
	s := fresh(t)
	in := build(t, s)
	ana, chatA := adopt(t, s, "ana", in)
	bea, chatB := adopt(t, s, "bea", in)
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		a := linkedPair(t, ctx, tx, in, ana.ID, bea.ID, [2]int64{chatA, chatB})
		police := civic.Grant{Role: civic.Police, Area: in.network, From: noon, Until: noon.Add(time.Hour)}
		longer := civic.Grant{Role: civic.Police, Area: in.network, From: noon.Add(-time.Hour)}
		admin := civic.Grant{Role: civic.Admin, Area: in.network, From: noon}
		if err := errors.Join(tx.Grant(ctx, ana.ID, police, 0), tx.Grant(ctx, bea.ID, longer, 0), tx.Grant(ctx, bea.ID, admin, 0),
			tx.Audit(ctx, bot.AuditEntry{At: noon, Actor: bea.ID, Action: "before"}), tx.Link(ctx, ana.ID, bea.ID)); err != nil {
			return err
		}
		for _, name := range []string{"ana", "bea"} {
			who, err := tx.Identify(ctx, bot.UserRef{Platform: "p", ID: name})
			if err != nil || who.ID != ana.ID {
				t.Errorf("%s is person %d, %v", name, who.ID, err)
			}
		}
		m, err := tx.Member(ctx, ana.ID)
		if err != nil {
			return err
		}
		slices.SortFunc(m.Grants, func(a, b civic.Grant) int { return len(a.Role) - len(b.Role) })
		if diff := cmp.Diff([]civic.Grant{admin, longer}, m.Grants); diff != "" {
			t.Errorf("roles: %s", diff)
		}
		if _, err := tx.Member(ctx, bea.ID); !errors.Is(err, bot.ErrNotFound) {
			t.Errorf("the other person is still there: %v", err)
		}
		linkLedger(t, ctx, tx, in, a, ana.ID)
		defer func() {
			if err := tx.Forget(ctx, ana.ID, noon); err != nil {
				t.Error(err)
			}
		}()
		own, err := tx.Own(ctx, ana.ID)
		trail := own[slices.IndexFunc(own, func(o bot.OwnSection) bool { return o.Name == "audit trail" })]
		if err != nil || len(trail.Rows) != 1 {
			t.Errorf("what the other did before is not told: %v, %v", trail, err)
		}
		return nil
	})
}

// That somebody saw what an alert asks after, or is in the room of their street, holds for whoever the two accounts are.
func TestLinkedAccountsKeepWhatEitherDid(t *testing.T) {
	s := fresh(t)
	in := build(t, s)
	ana, _ := adopt(t, s, "ana", in)
	bea, _ := adopt(t, s, "bea", in)
	both, only := room(t, s, "1", bot.Group), room(t, s, "2", bot.Group)
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		var alerts []int64
		for _, ref := range []string{"A-1", "A-2"} {
			a := civic.Alert{Ref: ref, Network: in.network, Kind: civic.UrgentAlert, Status: civic.AlertActive, Issuer: bea.ID, Issued: noon}
			if err := tx.CreateAlert(ctx, &a); err != nil {
				return err
			}
			alerts = append(alerts, a.ID)
		}
		for _, chat := range []int64{both, only} {
			if _, err := tx.Enters(ctx, chat, bea.ID); err != nil {
				return err
			}
		}
		_, err := tx.Enters(ctx, both, ana.ID)
		if err := errors.Join(err, tx.AddReply(ctx, alerts[0], ana.ID, noon), tx.AddReply(ctx, alerts[0], bea.ID, noon),
			tx.AddReply(ctx, alerts[1], bea.ID, noon), tx.Link(ctx, ana.ID, bea.ID)); err != nil {
			return err
		}
		for _, alert := range alerts {
			if replies, err := tx.Replies(ctx, alert); err != nil || len(replies) != 1 {
				t.Errorf("alert %d: %v, %v", alert, replies, err)
			}
		}
		for _, chat := range []int64{both, only} {
			if was, err := tx.Leaves(ctx, chat, ana.ID); err != nil || !was {
				t.Errorf("chat %d: inside %t, %v", chat, was, err)
			}
		}
		return nil
	})
}

func TestErasingALinkedPersonErasesBothInABackupFromBefore(t *testing.T) {
	s := fresh(t)
	in := build(t, s)
	ana, _ := adopt(t, s, "ana", in)
	bea, _ := adopt(t, s, "bea", in)
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		return errors.Join(tx.Link(ctx, ana.ID, bea.ID), tx.Forget(ctx, ana.ID, noon))
	})
	list, err := s.Erasures(t.Context(), noon.Add(-time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	var erased []int64
	for _, e := range list {
		erased = append(erased, e.Number)
	}
	slices.Sort(erased)
	if diff := cmp.Diff([]int64{ana.ID, bea.ID}, erased); diff != "" {
		t.Error(diff)
	}
}

// linkLedger checks that the alert counts as told once, that the copy that has not left does not leave, and that both chats
// are still known for what follows.
func linkLedger(t *testing.T, ctx context.Context, tx bot.Tx, in town, a civic.Alert, ana int64) { //nolint:revive // a test first
	t.Helper()
	w, err := tx.World(ctx, in.network, a.ID)
	if err != nil {
		t.Fatal(err)
	}
	var told []int64
	states := map[civic.DeliveryStatus]int{}
	for _, d := range w.Ledger {
		told = append(told, d.Person)
		states[d.Status]++
	}
	slices.Sort(told)
	if len(told) != 2 || told[0] >= 0 || told[1] != ana {
		t.Errorf("the ledger names %v", told)
	}
	if states[civic.DeliveryPending] != 1 || states[civic.DeliverySuperseded] != 1 {
		t.Errorf("letters: %v", states)
	}
	if len(w.Listeners) != 1 {
		t.Errorf("%d people listen", len(w.Listeners))
	}
}

// An alert goes to the account that a person would rather read, and to another while the chat of that is closed to the bot.
func TestAlertsGoWhereALinkedPersonIsReached(t *testing.T) {
	s := fresh(t)
	in := build(t, s)
	ana, first := adopt(t, s, "ana", in)
	bea, second := adopt(t, s, "bea", in)
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		direct := civic.Target{Group: in.group, Kind: civic.TargetDirect}
		if err := errors.Join(tx.Link(ctx, ana.ID, bea.ID), tx.SaveTarget(ctx, &direct)); err != nil {
			return err
		}
		accounts, err := tx.Accounts(ctx, ana.ID)
		if err != nil {
			return err
		}
		for _, a := range accounts {
			if a.Chat == second {
				err = tx.Prefer(ctx, ana.ID, a.ID)
			}
		}
		heard := func(where string, chat int64) error {
			w, err := tx.World(ctx, in.network, 0)
			if len(w.Listeners) != 1 || w.Listeners[0].Chat != chat {
				t.Errorf("%s: %+v", where, w.Listeners)
			}
			return err
		}
		return errors.Join(err, heard("preferred", second),
			tx.Reach(ctx, second, false, "blocked", noon), heard("the other", first),
			tx.Reach(ctx, first, false, "blocked", noon), heard("neither", second))
	})
}

func TestNewCodeEndsTheOneBefore(t *testing.T) {
	s := fresh(t)
	in := build(t, s)
	ana, _ := adopt(t, s, "ana", in)
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		i := bot.Invite{Kind: "account", By: ana.ID, Expires: noon.Add(time.Hour)}
		others := bot.Invite{Kind: "account", By: ana.ID + 1, Expires: noon.Add(time.Hour)}
		err := errors.Join(tx.CreateInvite(ctx, "FIRST", i, noon), tx.CreateInvite(ctx, "OTHERS", others, noon),
			tx.EndInvites(ctx, "account", ana.ID))
		if _, peeked := tx.PeekInvite(ctx, "FIRST", noon); !errors.Is(peeked, bot.ErrNotFound) {
			t.Errorf("the first code is still good: %v", peeked)
		}
		_, peeked := tx.PeekInvite(ctx, "OTHERS", noon)
		return errors.Join(err, peeked)
	})
}

func TestPreferredAccountIsWrittenToAndAnUnlinkedOneIsNobodys(t *testing.T) {
	s := fresh(t)
	in := build(t, s)
	ana, chatA := adopt(t, s, "ana", in)
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		other, err := tx.Enter(ctx, bot.ChatRef{Platform: "q", ID: "elsewhere", Kind: bot.Private}, noon)
		if err != nil {
			return err
		}
		who := bot.UserRef{Platform: "q", ID: "elsewhere"}
		if err := tx.Attach(ctx, who, other.ID, ana.ID, noon.Add(time.Minute)); err != nil {
			return err
		}
		list, err := tx.Accounts(ctx, ana.ID)
		if err != nil || len(list) != 2 {
			t.Fatalf("accounts %v, %v", list, err)
		}
		for _, a := range list {
			if err := tx.Prefer(ctx, ana.ID, a.ID); err != nil {
				return err
			}
			if chat, err := tx.PrivateChat(ctx, ana.ID); err != nil || chat != a.Chat {
				t.Errorf("written to in chat %d rather than %d, %v", chat, a.Chat, err)
			}
		}
		if err := tx.Reach(ctx, other.ID, false, "blocked", noon); err != nil {
			return err
		}
		if chat, err := tx.PrivateChat(ctx, ana.ID); err != nil || chat != chatA {
			t.Errorf("the preferred chat is closed, and she is written to in %d, %v", chat, err)
		}
		if err := tx.Unlink(ctx, ana.ID, list[1].ID); err != nil {
			return err
		}
		if m, err := tx.Identify(ctx, who); err != nil || !m.Guest() {
			t.Errorf("unlinked, but %v, %v", m, err)
		}
		if err := tx.Unlink(ctx, ana.ID+1, list[0].ID); !errors.Is(err, bot.ErrNotFound) {
			t.Errorf("somebody else's account was unlinked: %v", err)
		}
		return nil
	})
}

// Each table whose rows go with a person is told whose they are from now on when two persons turn out to be one: what is forgotten
// here is lost.
func TestEveryTableOfPeopleIsLinked(t *testing.T) {
	schema, err := os.ReadFile("testdata/schema.golden.sql")
	if err != nil {
		t.Fatal(err)
	}
	source, err := os.ReadFile("link.go")
	if err != nil {
		t.Fatal(err)
	}
	table, seen := "", 0
	for line := range strings.Lines(string(schema)) {
		if name, is := strings.CutPrefix(line, "CREATE TABLE "); is {
			table = strings.Trim(strings.Fields(name)[0], `"`)
		}
		if !strings.Contains(line, "REFERENCES persons (id)") {
			continue
		}
		seen++
		column := strings.Fields(line)[0]
		if !strings.Contains(string(source), "UPDATE "+table+" SET "+column+" = $1") {
			t.Errorf("%s.%s stays with the person who is no more", table, column)
		}
	}
	if seen < 10 {
		t.Errorf("only %d columns name a person", seen)
	}
}
