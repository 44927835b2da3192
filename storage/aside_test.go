package storage_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
	"github.com/buurtbot/buurtbot/storage"
)

// died is a letter that could not be delivered, and that an operator may try again.
func died(t *testing.T, s *storage.Store, l bot.Letter) int64 {
	t.Helper()
	if l.Chat == 0 {
		l.Chat = room(t, s, "desk", bot.Group)
	}
	l.Op, l.Lane, l.Text = bot.OpPost, bot.LaneUrgent, "een man bij de schuur"
	id := post(t, s, l)
	claim(t, s, id)
	settle(t, s, id, bot.Fate{State: bot.LetterDead, At: noon, Why: "no rights"})
	return id
}

// retries reports whether an operator can have a letter delivered after all.
func retries(t *testing.T, s *storage.Store, id int64) bool {
	t.Helper()
	var failed error
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		failed = tx.RetryLetter(ctx, id, noon.Add(time.Hour))
		if failed != nil && !errors.Is(failed, bot.ErrNotFound) {
			return failed
		}
		return nil
	})
	return failed == nil
}

// What was taken back is not told by a letter that died before and is tried again after.
func TestWhatWasTakenBackIsNotTriedAgain(t *testing.T) {
	name := func(kind string, id int64) bot.Letter {
		return bot.Letter{Message: bot.Message{About: bot.About(kind, id)}}
	}
	card := func(id int64) bot.Letter { return bot.Letter{Card: bot.About("case", id)} }
	for what, c := range map[string]struct {
		letter func(number int64) bot.Letter
		erase  func(ctx context.Context, tx bot.Tx, c civic.Case, person int64) error
	}{
		"the whole case": {card, func(ctx context.Context, tx bot.Tx, c civic.Case, _ int64) error { return tx.EraseReports(ctx, c.ID) }},
		"one report": {
			func(id int64) bot.Letter { return name("dossier", id) },
			func(ctx context.Context, tx bot.Tx, _ civic.Case, _ int64) error { return tx.EraseReport(ctx, 2) },
		},
		"a reporter's part": {card, func(ctx context.Context, tx bot.Tx, c civic.Case, person int64) error {
			return tx.EraseReportsOf(ctx, c.ID, person)
		}},
		"an answer, at a partner's": {
			func(id int64) bot.Letter {
				l := name("handover", id)
				l.About += ".municipality"
				return l
			},
			func(ctx context.Context, tx bot.Tx, _ civic.Case, _ int64) error { return tx.EraseAnswer(ctx, 2) },
		},
		"all that a person told, as it was found": {
			func(id int64) bot.Letter {
				l := name("passage", 77)
				l.About += fmt.Sprintf(".%d.report2", id)
				return l
			},
			func(ctx context.Context, tx bot.Tx, _ civic.Case, person int64) error {
				_, err := tx.EraseOwn(ctx, person)
				return err
			},
		},
		"a name, as a search took it out": {card, func(ctx context.Context, tx bot.Tx, c civic.Case, _ int64) error {
			return tx.Reword(ctx, civic.Dossier{Case: c})
		}},
		"a part that was brought elsewhere": {card, func(ctx context.Context, tx bot.Tx, c civic.Case, person int64) error {
			into := civic.Case{ID: 1}
			return errors.Join(tx.MergeCase(ctx, c, into), tx.EraseReportsOf(ctx, into.ID, person))
		}},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			s := fresh(t)
			in := build(t, s)
			bo, other := adopt(t, s, "bo", in)
			ana, chat := adopt(t, s, "ana", in)
			kept := in.told(t, s, bo.ID, other, "wolkbreuk")
			number := in.told(t, s, ana.ID, chat, "zonnebloem")
			if kept != 1 || number != 2 { // as are the report and the question
				t.Fatalf("cases %d and %d", kept, number)
			}
			about, apart := died(t, s, c.letter(number)), died(t, s, card(99))
			do(t, s, func(ctx context.Context, tx bot.Tx) error {
				whole, err := tx.Case(ctx, number)
				return errors.Join(err, c.erase(ctx, tx, whole, ana.ID))
			})
			if retries(t, s, about) {
				t.Error("it is told after all")
			}
			if !retries(t, s, apart) {
				t.Error("what tells of another case went as well")
			}
		})
	}
}

// A person who is forgotten gets nothing any more that died on its way to them, and neither does a room that is replaced, not
// even what was on its way when it was.
func TestNothingIsTriedAgainWhereNobodyIsToReadIt(t *testing.T) {
	s := fresh(t)
	in := build(t, s)
	ana, chat := adopt(t, s, "ana", in)
	old := room(t, s, "old", bot.Group)
	flying := post(t, s, bot.Letter{Chat: old, Op: bot.OpPost, Lane: bot.LaneUrgent, Card: "case/5"})
	toAna, apart := died(t, s, bot.Letter{Chat: chat}), died(t, s, bot.Letter{})
	held := died(t, s, bot.Letter{Chat: old})
	claim(t, s, flying)
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		return errors.Join(tx.Forget(ctx, ana.ID, noon), tx.ForgetCards(ctx, old))
	})
	settle(t, s, flying, bot.Fate{State: bot.LetterDead, At: noon, Why: "no rights"})
	for what, id := range map[string]int64{"to who is forgotten": toAna, "to the old room": held, "on its way to the old room": flying} {
		if retries(t, s, id) {
			t.Errorf("the letter %s is told after all", what)
		}
	}
	if !retries(t, s, apart) {
		t.Error("the letter to another room went as well")
	}
}

// What stands on a card is drawn anew; what else shows a report that was taken back does not leave any more, and what tells the
// same people to stop does.
func TestWhatWasTakenBackIsNotToldByALetterThatWaits(t *testing.T) {
	s := fresh(t)
	in := build(t, s)
	ana, chat := adopt(t, s, "ana", in)
	number := in.told(t, s, ana.ID, chat, "zonnebloem")
	letter := func(name, about, card string, retells bool) int64 {
		return post(t, s, bot.Letter{
			Chat: room(t, s, name, bot.Group), Op: bot.OpPost, Lane: bot.LaneUrgent, Card: card,
			Message: bot.Message{Text: "een zonnebloem", About: about, Retells: retells},
		})
	}
	flying := letter("flying", bot.About("dossier", number), "", true)
	claim(t, s, flying)
	dossier := letter("reader", bot.About("dossier", number), "", true)
	desk := letter("desk", bot.About("handover", number)+".municipality", "", true)
	call := letter("caller", bot.About("dossier", number), "", false)
	card := letter("room", bot.About("case", number), bot.About("case", number), true)
	apart := letter("apart", bot.About("dossier", number+1), "", true)
	do(t, s, func(ctx context.Context, tx bot.Tx) error { return tx.EraseReports(ctx, number) })
	settle(t, s, flying, bot.Fate{State: bot.LetterPending, At: noon, Before: noon})
	if diff := cmp.Diff([]int64{call, card, apart}, candidates(t, s, bot.CandidateQuery{Limit: 9})); diff != "" {
		t.Errorf("what still goes out, of %v: %s", []int64{flying, dossier, desk, call, card, apart}, diff)
	}
}

// Who leaves one of two networks gets nothing any more that died on its way to them and may tell of it.
func TestNothingOfANetworkIsTriedAgainToWhoLeftIt(t *testing.T) {
	s := fresh(t)
	in := build(t, s)
	ana, chat := adopt(t, s, "ana", in)
	berk := civic.Network{Name: "BIN De Berk", Profile: "be", Languages: []string{"nl"}, Prefix: "BRK"}
	var here, there civic.Case
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		err := tx.SaveNetwork(ctx, &berk)
		here = civic.Case{Ref: "KAS-AAAA", Network: in.network, Status: civic.Received, Category: civic.Burglary, Created: noon}
		there = civic.Case{Ref: "BRK-AAAA", Network: berk.ID, Status: civic.Received, Category: civic.Burglary, Created: noon}
		return errors.Join(err, tx.CreateCase(ctx, &here), tx.CreateCase(ctx, &there))
	})
	named := func(about string) int64 {
		return died(t, s, bot.Letter{Chat: chat, Message: bot.Message{About: about}})
	}
	ofThere, ofHere := named(bot.About("case", there.ID)), named(bot.About("dossier", here.ID))
	nameless := named("")
	toOthers := died(t, s, bot.Letter{Message: bot.Message{About: bot.About("case", there.ID)}})
	do(t, s, func(ctx context.Context, tx bot.Tx) error { return tx.Depart(ctx, ana.ID, berk.ID) })
	for what, id := range map[string]int64{"about a case there": ofThere, "about nothing": nameless} {
		if retries(t, s, id) {
			t.Errorf("the letter %s is told after all", what)
		}
	}
	if !retries(t, s, ofHere) || !retries(t, s, toOthers) {
		t.Error("a letter of the other network, or to others, went as well")
	}
}

// What is not kept any more is not told by a letter that is tried again.
func TestWhatRetentionErasedIsNotTriedAgain(t *testing.T) {
	s := fresh(t)
	in := build(t, s)
	ana, chat := adopt(t, s, "ana", in)
	number := in.told(t, s, ana.ID, chat, "zonnebloem")
	name := func(id int64) bot.Letter { return bot.Letter{Card: bot.About("case", id)} }
	old, apart := died(t, s, name(number)), died(t, s, name(number+1))
	keep, at := civic.Retention{Text: time.Hour, TextMost: time.Hour}, noon.Add(100*24*time.Hour)
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		return tx.Retire(ctx, civic.RetainPictures, keep, at, number)
	})
	if !retries(t, s, old) {
		t.Fatal("its pictures are gone, and so are its words")
	}
	old = died(t, s, name(number))
	do(t, s, func(ctx context.Context, tx bot.Tx) error { return tx.Retire(ctx, civic.RetainTexts, keep, at, number) })
	if retries(t, s, old) {
		t.Error("it is told after all")
	}
	if !retries(t, s, apart) {
		t.Error("what tells of another case went as well")
	}
}

// What somebody searches for goes with the search.
func TestASearchThatEndedIsNotTriedAgain(t *testing.T) {
	s := fresh(t)
	in := build(t, s)
	ana, _ := adopt(t, s, "ana", in)
	q := civic.Lookup{Network: in.network, By: ana.ID, Sought: civic.Sought{Kind: civic.SoughtName, Words: "Jan de Vries"}, Made: noon, Expires: noon.Add(time.Hour)}
	do(t, s, func(ctx context.Context, tx bot.Tx) error { return tx.AddLookup(ctx, &q) })
	id := died(t, s, bot.Letter{Card: bot.About("lookupsecond", q.ID)})
	do(t, s, func(ctx context.Context, tx bot.Tx) error { return tx.EndLookup(ctx, q.ID) })
	if retries(t, s, id) {
		t.Error("it is told after all")
	}
}

// A letter of a card that died, and was overtaken by a newer one, is not tried again: the room would read what was so before.
func TestACardIsNotPutBackToWhatItWas(t *testing.T) {
	s := fresh(t)
	desk := room(t, s, "desk", bot.Group)
	old := died(t, s, bot.Letter{Chat: desk, Card: "case/1", Message: bot.Message{Version: 3}})
	lone := died(t, s, bot.Letter{Chat: desk, Card: "case/2", Message: bot.Message{Version: 3}})
	newer := post(t, s, bot.Letter{Chat: desk, Card: "case/1", Op: bot.OpPost, Lane: bot.LaneUrgent, Message: bot.Message{Version: 4}})
	claim(t, s, newer)
	settle(t, s, newer, bot.Fate{State: bot.LetterSent, Message: "m", At: noon})
	if retries(t, s, old) {
		t.Error("the card went back")
	}
	if !retries(t, s, lone) {
		t.Error("a card that nothing overtook is not tried again")
	}
}
