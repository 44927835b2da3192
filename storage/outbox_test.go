package storage_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/storage"
)

// post enqueues a letter and gives its number.
func post(t *testing.T, s *storage.Store, l bot.Letter) int64 {
	t.Helper()
	do(t, s, func(ctx context.Context, tx bot.Tx) error { return tx.Enqueue(ctx, &l) })
	return l.ID
}

// candidates are the numbers of the letters that may go.
func candidates(t *testing.T, s *storage.Store, q bot.CandidateQuery) []int64 {
	t.Helper()
	if q.Platform == "" {
		q.Platform = "p"
	}
	if q.At.IsZero() {
		q.At = noon
	}
	if q.Limit == 0 {
		q.Limit = 100
	}
	var ids []int64
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		ids = nil
		list, err := tx.Candidates(ctx, q)
		for _, c := range list {
			ids = append(ids, c.ID)
		}
		return err
	})
	return ids
}

func same(t *testing.T, what string, want, got any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func settle(t *testing.T, s *storage.Store, id int64, f bot.Fate) {
	t.Helper()
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		_, err := tx.Settle(ctx, id, f)
		return err
	})
}

func claim(t *testing.T, s *storage.Store, ids ...int64) []bot.Letter {
	t.Helper()
	var letters []bot.Letter
	do(t, s, func(ctx context.Context, tx bot.Tx) (err error) {
		letters, err = tx.Claim(ctx, ids, noon)
		return err
	})
	return letters
}

var delivered = bot.Fate{State: bot.LetterSent, Message: "m1", At: noon}

func TestALetterIsClaimedAsItWasWritten(t *testing.T) {
	s := fresh(t)
	chat := room(t, s, "1", bot.Private)
	want := bot.Letter{
		Chat: chat, Op: bot.OpPost, Lane: bot.LaneDigest, Expires: noon.Add(time.Hour), Report: "alert/3", Person: 7,
		Token: "tok", Plain: true,
		Message: bot.Message{
			Text: "<b>Hoi</b>", Rows: [][]bot.Choice{{{Key: "yes", Label: "Ja"}, {Label: "Praat", Link: "hi"}}}, Photos: []int64{1, 2},
			Protect: true, Silent: true, About: "case/3", Version: 4, Reply: "m0",
		},
	}
	want.ID = post(t, s, want)
	want.To, want.Tries, want.Written = bot.ChatRef{Platform: "p", ID: "1", Kind: bot.Private}, 1, noon
	same(t, "claimed", []bot.Letter{want}, claim(t, s, want.ID))
	same(t, "claimed again", []bot.Letter{}, claim(t, s, want.ID))
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		if _, err := tx.Settle(ctx, 99, delivered); !errors.Is(err, bot.ErrConflict) {
			t.Errorf("settled nothing: %v", err)
		}
		return nil
	})
	settle(t, s, want.ID, delivered)
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		if _, err := tx.Settle(ctx, want.ID, delivered); !errors.Is(err, bot.ErrConflict) {
			t.Errorf("settled twice: %v", err)
		}
		return nil
	})
}

// A letter that changed between the choice and the claim is left out: too early, too old, or its chat busy.
func TestALetterThatChangedMeanwhileIsNotClaimed(t *testing.T) {
	s := fresh(t)
	busy, free := room(t, s, "1", bot.Private), room(t, s, "2", bot.Private)
	first, second := post(t, s, bot.Letter{Chat: busy}), post(t, s, bot.Letter{Chat: busy})
	early := post(t, s, bot.Letter{Chat: free, Before: noon.Add(time.Second)})
	old := post(t, s, bot.Letter{Chat: free, Expires: noon})
	good := post(t, s, bot.Letter{Chat: free})
	var ids []int64
	for _, l := range claim(t, s, first, second, early, old, good, 99) {
		ids = append(ids, l.ID)
	}
	same(t, "claimed", []int64{first, good}, ids)
}

func TestTheNextLetterIsTheEarliestThatMayGo(t *testing.T) {
	s := fresh(t)
	chat, other := room(t, s, "1", bot.Private), room(t, s, "2", bot.Private)
	next := func() (at time.Time) {
		do(t, s, func(ctx context.Context, tx bot.Tx) (err error) {
			at, err = tx.NextLetter(ctx, "p")
			return err
		})
		return at
	}
	same(t, "none waits", time.Time{}, next())
	post(t, s, bot.Letter{Chat: chat, Before: noon.Add(time.Hour)})
	same(t, "one waits", noon.Add(time.Hour), next())
	now := post(t, s, bot.Letter{Chat: other, Before: noon.Add(time.Minute)})
	same(t, "two wait", noon.Add(time.Minute), next())
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		_, err := tx.Claim(ctx, []int64{now}, noon.Add(time.Minute))
		return err
	})
	same(t, "one is on its way", noon.Add(time.Hour), next())
}

// A card's letter takes the place of one that waits in the same chat, and stays a post if that was one; what was said
// about trying again stays as well.
func TestALetterOfACardReplacesTheOneThatWaits(t *testing.T) {
	s := fresh(t)
	chat := room(t, s, "1", bot.Group)
	card := func(op bot.Op, version int64) bot.Letter {
		return bot.Letter{
			Chat: chat, Op: op, Card: "case/3", Lane: bot.LaneRoutine, Token: fmt.Sprint("t", version),
			Message: bot.Message{Text: fmt.Sprint("version ", version), About: "case/3", Version: version},
		}
	}
	first := post(t, s, card(bot.OpPost, 1))
	same(t, "number of the second", first, post(t, s, card(bot.OpEdit, 2)))
	letters := claim(t, s, first)
	if l := letters[0]; l.Op != bot.OpPost || l.Text != "version 2" || l.Token != "t2" || l.Version != 2 {
		t.Errorf("claimed %+v", l)
	}
	on := post(t, s, card(bot.OpEdit, 3)) // the first is on its way
	if on == first {
		t.Error("a letter on its way was changed")
	}
	settle(t, s, first, delivered)
	letters = claim(t, s, on)
	if l := letters[0]; l.Op != bot.OpEdit || l.Edits != "m1" {
		t.Errorf("the edit is %+v", l)
	}
	settle(t, s, on, bot.Fate{State: bot.LetterPending, At: noon, Before: noon.Add(time.Minute)})
	same(t, "number of the fourth", on, post(t, s, card(bot.OpEdit, 4)))
	same(t, "may go at once", []int64(nil), candidates(t, s, bot.CandidateQuery{}))
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		places, err := tx.CardChats(ctx, "case/3")
		same(t, "places", []bot.CardPlace{{Chat: chat, Message: "m1", Version: 2, Writes: 1, Last: noon}}, places)
		return err
	})
}

// What a letter was to erase is erased by whatever takes its place, also after the message was lost and is posted anew.
func TestWhatACardsLetterErasesIsErasedByTheOneInItsPlace(t *testing.T) {
	s := fresh(t)
	chat := room(t, s, "1", bot.Group)
	card := func(text string, erases bool) bot.Letter {
		return bot.Letter{
			Chat: chat, Op: bot.OpEdit, Card: "case/3", Lane: bot.LaneRoutine, Message: bot.Message{Text: text, Erases: erases},
		}
	}
	settle(t, s, claim(t, s, post(t, s, card("a bike", false)))[0].ID, delivered)
	on := post(t, s, card("nothing", true))
	same(t, "number of the next", on, post(t, s, card("closed", false)))
	l := claim(t, s, on)[0]
	if l.Op != bot.OpEdit || l.Text != "closed" || !l.Erases {
		t.Errorf("claimed %+v", l)
	}
	settle(t, s, on, bot.Fate{State: bot.LetterPending, At: noon, Before: noon, Op: bot.OpPost})
	same(t, "number of the last", on, post(t, s, card("reopened", false)))
	if l := claim(t, s, on)[0]; l.Op != bot.OpPost || l.Text != "reopened" || !l.Erases {
		t.Errorf("claimed after it was lost %+v", l)
	}
	settle(t, s, on, bot.Fate{State: bot.LetterSent, At: noon, Message: "m2"})
	if l := claim(t, s, post(t, s, card("open", false)))[0]; l.Edits != "m2" || l.Erases {
		t.Errorf("the edit after that is %+v", l)
	}
}

// The cards of a chat are forgotten, and those of another are not.
func TestCardsOfAChatAreForgotten(t *testing.T) {
	s := fresh(t)
	chat, other := room(t, s, "1", bot.Group), room(t, s, "2", bot.Group)
	for _, c := range []int64{chat, other} {
		post(t, s, bot.Letter{Chat: c, Card: "case/3", Message: bot.Message{About: "case/3"}})
	}
	do(t, s, func(ctx context.Context, tx bot.Tx) error { return tx.ForgetCards(ctx, chat) })
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		places, err := tx.CardChats(ctx, "case/3")
		same(t, "places", []bot.CardPlace{{Chat: other}}, places)
		return err
	})
}

// Letters that are too old or called back end; one that may have arrived is unknown, and its chat is not among those
// that surely did not get it.
func TestLettersEndWithoutHavingBeenDelivered(t *testing.T) {
	s := fresh(t)
	perhaps, never := room(t, s, "1", bot.Group), room(t, s, "2", bot.Group)
	maybe := post(t, s, bot.Letter{Chat: perhaps, Report: "alert/3"})
	claim(t, s, maybe)
	settle(t, s, maybe, bot.Fate{State: bot.LetterPending, At: noon, Uncertain: true})
	post(t, s, bot.Letter{Chat: never, Report: "alert/3"})
	post(t, s, bot.Letter{Chat: never, Report: "alert/4"})
	post(t, s, bot.Letter{Chat: never})
	post(t, s, bot.Letter{Chat: never, Expires: noon.Add(time.Minute)})
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		chats, err := tx.Supersede(ctx, "alert/3", noon)
		same(t, "chats that surely did not get it", []int64{never}, chats)
		if err != nil {
			return err
		}
		for after, want := range []int{0, 1, 0} {
			if ended, err := tx.Expire(ctx, noon.Add(time.Duration(after)*time.Minute)); err != nil || len(ended) != want {
				t.Errorf("%q expired after %d minutes, %v", ended, after, err)
			}
		}
		return nil
	})
	same(t, "left", 1, len(candidates(t, s, bot.CandidateQuery{})))
}

// After a crash, letters of the first lanes go again after the silence; the others may have arrived and stay.
func TestLettersOnTheirWayAreRecoveredByLane(t *testing.T) {
	s := fresh(t)
	var letters []int64
	for lane := bot.LaneUrgent; lane <= bot.LaneDigest; lane++ {
		letters = append(letters, post(t, s, bot.Letter{Chat: room(t, s, fmt.Sprint(lane), bot.Group), Lane: lane}))
	}
	claim(t, s, letters...)
	until := noon.Add(bot.Silence)
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		n, err := tx.Recover(ctx, noon, until)
		if n != len(letters) {
			t.Errorf("%d letters were dealt with", n)
		}
		return err
	})
	post(t, s, bot.Letter{Chat: 4})
	same(t, "in the silence", []int64(nil), candidates(t, s, bot.CandidateQuery{At: until.Add(-time.Second)}))
	same(t, "after it", 3, len(candidates(t, s, bot.CandidateQuery{At: until})))
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		writes, err := tx.Writes(ctx, "p", noon)
		same(t, "possible writes", len(letters), len(writes))
		return err
	})
}

func TestWritesOfThePastAreListed(t *testing.T) {
	s := fresh(t)
	chat := room(t, s, "1", bot.Group)
	for _, after := range []time.Duration{0, time.Minute, 2 * time.Minute} {
		id := post(t, s, bot.Letter{Chat: chat})
		claim(t, s, id)
		settle(t, s, id, bot.Fate{State: bot.LetterSent, Message: "1", At: noon.Add(after)})
	}
	refused := post(t, s, bot.Letter{Chat: chat})
	claim(t, s, refused)
	settle(t, s, refused, later)
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		writes, err := tx.Writes(ctx, "p", noon.Add(time.Minute))
		same(t, "writes", []bot.Window{{Chat: chat, At: noon.Add(time.Minute)}, {Chat: chat, At: noon.Add(2 * time.Minute)}}, writes)
		if none, err := tx.Writes(ctx, "q", noon); err != nil || len(none) != 0 {
			t.Errorf("of another platform %v, %v", none, err)
		}
		return err
	})
}
