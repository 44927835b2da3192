package storage_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/buurtbot/buurtbot/bot"
)

// In a room of which another took the place nothing more is told that waited or was on its way, and no card is shown there again;
// what takes words away there still does.
func TestNothingThatWaitedIsToldInAForgottenRoom(t *testing.T) {
	s := fresh(t)
	chat := room(t, s, "1", bot.Group)
	card := func(name, text string) bot.Letter {
		return bot.Letter{Chat: chat, Lane: bot.LaneRoutine, Card: name, Op: bot.OpEdit, Message: bot.Message{Text: text, Erases: true}}
	}
	shown := card("case/1", "fiets")
	shown.Op = bot.OpPost
	settle(t, s, claim(t, s, post(t, s, shown))[0].ID, delivered)
	gone := post(t, s, card("case/1", "ingetrokken"))
	alert := post(t, s, bot.Letter{Chat: chat, Lane: bot.LaneUrgent, Report: aboutAlarm, Message: bot.Message{Text: "Let op"}})
	waits := post(t, s, bot.Letter{Chat: chat, Lane: bot.LaneRoutine, Card: "case/2", Message: bot.Message{Text: "auto"}})
	flies := post(t, s, bot.Letter{Chat: chat, Lane: bot.LaneRoutine, Card: "case/3", Message: bot.Message{Text: "bus"}})
	claim(t, s, flies)
	post(t, s, card("case/3", "bus, opgepakt"))
	do(t, s, func(ctx context.Context, tx bot.Tx) error { return tx.ForgetCards(ctx, chat) })
	settle(t, s, flies, bot.Fate{State: bot.LetterPending, At: noon, Before: noon})
	letters := claim(t, s, waits, flies)
	if len(letters) != 0 {
		t.Errorf("told are %+v", letters)
	}
	for id, want := range map[int64]bot.MessageRef{gone: "m1", alert: ""} {
		l := claim(t, s, id)
		if len(l) != 1 || l[0].Edits != want {
			t.Fatalf("letter %d is %+v", id, l)
		}
		settle(t, s, id, bot.Fate{State: bot.LetterPending, At: noon, Before: noon}) // the network puts it off
		if l = claim(t, s, id); len(l) != 1 || l[0].Edits != want {
			t.Errorf("again letter %d is %+v", id, l)
		}
		settle(t, s, id, bot.Fate{State: bot.LetterSent, Message: l[0].Edits, At: noon})
	}
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		for _, card := range []string{"case/1", "case/2", "case/3"} {
			places, err := tx.CardChats(ctx, card)
			if err != nil || len(places) != 0 {
				t.Errorf("%s is shown in %v, %v", card, places, err)
			}
		}
		return nil
	})
	same(t, "candidates", []int64(nil), candidates(t, s, bot.CandidateQuery{At: noon.Add(time.Hour)}))
}

// A card that changed while a change of it was on its way, and once more when that was put off, shows in the end what it came to
// last, in one write; what one of the changes was to take away is taken away.
func TestACardShowsItsLastChangeHoweverManyWait(t *testing.T) {
	s := fresh(t)
	chat := room(t, s, "1", bot.Group)
	change := func(text string, erases bool) bot.Letter {
		return bot.Letter{
			Chat: chat, Lane: bot.LaneRoutine, Card: "case/1", Op: bot.OpEdit, Message: bot.Message{Text: text, Erases: erases},
		}
	}
	settle(t, s, claim(t, s, post(t, s, change("ontvangen", false)))[0].ID, delivered)
	first := post(t, s, change("opgepakt", false))
	claim(t, s, first)
	second := post(t, s, change("ingetrokken", true))
	settle(t, s, first, bot.Fate{State: bot.LetterPending, At: noon, Before: noon})
	if id := post(t, s, change("gesloten", false)); id != first {
		t.Errorf("the last change is letter %d", id)
	}
	var shown []string
	for _, id := range []int64{first, second} {
		for _, l := range claim(t, s, id) {
			shown = append(shown, l.Text)
			if !l.Erases {
				t.Errorf("%q takes nothing away", l.Text)
			}
			settle(t, s, id, bot.Fate{State: bot.LetterSent, Message: "m1", At: noon})
		}
	}
	same(t, "shown", []string{"gesloten"}, shown)
}

func TestCardsOfAKindAreListed(t *testing.T) {
	s := fresh(t)
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		chat, err := tx.Enter(ctx, bot.ChatRef{Platform: "sandbox", ID: "els", Kind: bot.Private}, noon)
		for _, card := range []string{"passage/s3.17.report5", "passages/1", "case/17", "passage/s3.alert9"} {
			l := bot.Letter{Chat: chat.ID, Op: bot.OpPost, Lane: bot.LaneRoutine, Card: card, Message: bot.Message{Text: "x"}}
			err = errors.Join(err, tx.Enqueue(ctx, &l))
		}
		if err != nil {
			return err
		}
		cards, err := tx.CardsOfKind(ctx, "passage")
		if diff := cmp.Diff([]string{"passage/s3.17.report5", "passage/s3.alert9"}, cards); diff != "" {
			t.Errorf("cards (-want +got):\n%s", diff)
		}
		return err
	})
}
