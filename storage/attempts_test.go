package storage_test

import (
	"context"
	"testing"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// perhaps is what becomes of a letter after an attempt of which nobody knows whether it arrived.
func perhaps(at time.Time) bot.Fate {
	return bot.Fate{State: bot.LetterPending, At: at, Before: at, Uncertain: true, Plain: true, Why: "timeout"}
}

// An alarm that may have arrived by its first attempt is unknown, however it ends: too old, called back, or its chat
// closed, and whatever its later attempts came to. The all-clear goes there.
func TestALetterThatMayHaveArrivedEndsAsUnknown(t *testing.T) {
	for name, end := range map[string]func(ctx context.Context, tx bot.Tx, a alarm) error{
		"too old": func(ctx context.Context, tx bot.Tx, _ alarm) error {
			ended, err := tx.Expire(ctx, noon.Add(3*time.Hour))
			same(t, "expired", []string{aboutAlarm}, ended)
			return err
		},
		"called back": func(ctx context.Context, tx bot.Tx, _ alarm) error {
			_, err := tx.Supersede(ctx, aboutAlarm, noon)
			return err
		},
		"chat closed": func(ctx context.Context, tx bot.Tx, a alarm) error {
			return tx.Reach(ctx, a.chat, false, "removed", noon)
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := fresh(t)
			a := sound(t, s)
			a.settle(t, s, a.letter, perhaps(noon))
			a.claim(t, s, a.letter)
			a.settle(t, s, a.letter, bot.Fate{State: bot.LetterPending, At: noon, Before: noon})
			do(t, s, func(ctx context.Context, tx bot.Tx) error { return end(ctx, tx, a) })
			same(t, "ledger", map[civic.Notice]civic.DeliveryStatus{civic.NoticeAlarm: civic.DeliveryUnknown}, a.statuses(t, s))
		})
	}
}

// What one attempt taught of a letter holds for the next: that its markup is refused, and that it may have been written.
func TestWhatAnAttemptTaughtIsKept(t *testing.T) {
	s := fresh(t)
	chat := room(t, s, "1", bot.Group)
	id := post(t, s, bot.Letter{Chat: chat})
	claim(t, s, id)
	settle(t, s, id, perhaps(noon))
	claim(t, s, id)
	settle(t, s, id, bot.Fate{State: bot.LetterPending, At: noon.Add(time.Minute), Before: noon})
	letters := claim(t, s, id)
	if l := letters[0]; !l.Plain || l.Tries != 3 {
		t.Errorf("at the third attempt it is %+v", l)
	}
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		writes, err := tx.Writes(ctx, "p", noon)
		same(t, "possible writes", []bot.Window{{Chat: chat, At: noon}}, writes)
		return err
	})
}

func TestALetterThatIsTooOldMayNotGo(t *testing.T) {
	s := fresh(t)
	post(t, s, bot.Letter{Chat: room(t, s, "1", bot.Group), Lane: bot.LaneRoutine, Expires: noon.Add(time.Minute)})
	for _, order := range []bot.Order{bot.ByLane, bot.ByAge} {
		same(t, "in time", 1, len(candidates(t, s, bot.CandidateQuery{Order: order})))
		same(t, "too old", 0, len(candidates(t, s, bot.CandidateQuery{Order: order, At: noon.Add(time.Minute)})))
	}
}

// A card's letter keeps the urgency of what it replaces, and an edit that names no message leaves the card where it is.
func TestACardKeepsItsUrgencyAndItsMessage(t *testing.T) {
	s := fresh(t)
	chat := room(t, s, "1", bot.Group)
	urgent := post(t, s, bot.Letter{Chat: chat, Card: "case/3", Lane: bot.LaneUrgent})
	post(t, s, bot.Letter{Chat: chat, Card: "case/3", Lane: bot.LaneDigest})
	letters := claim(t, s, urgent)
	same(t, "lane", bot.LaneUrgent, letters[0].Lane)
	settle(t, s, urgent, delivered)
	edit := post(t, s, bot.Letter{Chat: chat, Card: "case/3", Op: bot.OpEdit})
	claim(t, s, edit)
	settle(t, s, edit, bot.Fate{State: bot.LetterSent, At: noon})
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		places, err := tx.CardChats(ctx, "case/3")
		same(t, "places", []bot.CardPlace{{Chat: chat, Message: "m1", Writes: 2, Last: noon}}, places)
		return err
	})
}

func TestWritesAreListedInTheOrderOfTheirTimes(t *testing.T) {
	s := fresh(t)
	first, second := room(t, s, "1", bot.Group), room(t, s, "2", bot.Group)
	for chat, after := range map[int64]time.Duration{first: time.Minute, second: 0} {
		id := post(t, s, bot.Letter{Chat: chat})
		claim(t, s, id)
		settle(t, s, id, bot.Fate{State: bot.LetterSent, Message: "1", At: noon.Add(after)})
	}
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		writes, err := tx.Writes(ctx, "p", noon)
		same(t, "writes", []bot.Window{{Chat: second, At: noon}, {Chat: first, At: noon.Add(time.Minute)}}, writes)
		return err
	})
}

// The chat of a guest stays while a letter is on its way to it.
func TestAChatIsNotSweptWhileALetterIsOnItsWay(t *testing.T) {
	s := fresh(t)
	chat := room(t, s, "1", bot.Private)
	id := post(t, s, bot.Letter{Chat: chat})
	claim(t, s, id)
	for _, want := range []int{0, 1} {
		do(t, s, func(ctx context.Context, tx bot.Tx) error {
			n, err := tx.Sweep(ctx, noon.Add(time.Minute))
			same(t, "chats that went", want, n)
			return err
		})
		if want == 0 {
			settle(t, s, id, delivered)
		}
	}
}
