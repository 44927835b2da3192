package storage_test

import (
	"context"
	"testing"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/storage"
)

// Whatever becomes of the letter before it, a letter that waited behind one is the next to go.
func TestALetterStepsUpWhenTheOneBeforeItLeaves(t *testing.T) {
	after := noon.Add(time.Hour)
	for name, leave := range map[string]func(t *testing.T, s *storage.Store, first int64){
		"sent": func(t *testing.T, s *storage.Store, first int64) {
			claim(t, s, first)
			settle(t, s, first, bot.Fate{State: bot.LetterSent, At: noon, Message: "m"})
		},
		"refused for good": func(t *testing.T, s *storage.Store, first int64) {
			claim(t, s, first)
			settle(t, s, first, bot.Fate{State: bot.LetterDead, At: noon})
		},
		"expired": func(t *testing.T, s *storage.Store, _ int64) {
			do(t, s, func(ctx context.Context, tx bot.Tx) error { _, err := tx.Expire(ctx, after); return err })
		},
		"called back": func(t *testing.T, s *storage.Store, _ int64) {
			do(t, s, func(ctx context.Context, tx bot.Tx) error { _, err := tx.Supersede(ctx, "alert/3", after); return err })
		},
		"lost sight of": func(t *testing.T, s *storage.Store, first int64) {
			claim(t, s, first)
			do(t, s, func(ctx context.Context, tx bot.Tx) error { _, err := tx.Recover(ctx, noon, noon); return err })
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := fresh(t)
			chat := room(t, s, "1", bot.Group)
			first := post(t, s, bot.Letter{Chat: chat, Lane: bot.LaneAnswer, Report: "alert/3", Expires: noon.Add(time.Minute)})
			second := post(t, s, bot.Letter{Chat: chat, Lane: bot.LaneAnswer})
			third := post(t, s, bot.Letter{Chat: chat, Lane: bot.LaneAnswer})
			same(t, "at first", []int64{first}, candidates(t, s, bot.CandidateQuery{}))
			leave(t, s, first)
			same(t, "afterwards", []int64{second}, candidates(t, s, bot.CandidateQuery{At: after}))
			claim(t, s, second)
			settle(t, s, second, bot.Fate{State: bot.LetterSent, At: noon, Message: "m"})
			same(t, "at last", []int64{third}, candidates(t, s, bot.CandidateQuery{At: after}))
		})
	}
}

// A letter that is tried again keeps its place before those behind it.
func TestALetterThatIsTriedAgainKeepsItsPlace(t *testing.T) {
	s := fresh(t)
	chat := room(t, s, "1", bot.Group)
	first := post(t, s, bot.Letter{Chat: chat, Lane: bot.LaneAnswer})
	post(t, s, bot.Letter{Chat: chat, Lane: bot.LaneAnswer})
	claim(t, s, first)
	settle(t, s, first, bot.Fate{State: bot.LetterPending, At: noon})
	same(t, "to go", []int64{first}, candidates(t, s, bot.CandidateQuery{}))
}

// What is kept for later on purpose, over quiet hours or for the message of the day, holds up nothing: danger least of all.
// When its time has come it goes first, as the older one.
func TestALetterThatIsKeptForLaterHoldsUpNothing(t *testing.T) {
	s := fresh(t)
	chat := room(t, s, "1", bot.Private)
	evening := noon.Add(6 * time.Hour)
	kept := post(t, s, bot.Letter{Chat: chat, Lane: bot.LaneRoutine, Before: evening})
	also := post(t, s, bot.Letter{Chat: chat, Lane: bot.LaneRoutine, Before: evening})
	alarm := post(t, s, bot.Letter{Chat: chat, Lane: bot.LaneUrgent})
	answer := post(t, s, bot.Letter{Chat: chat, Lane: bot.LaneAnswer})
	next := post(t, s, bot.Letter{Chat: chat, Lane: bot.LaneAnswer})
	last := post(t, s, bot.Letter{Chat: chat, Lane: bot.LaneDigest})
	for _, id := range []int64{alarm, answer, next, last} {
		same(t, "to go at noon", []int64{id}, candidates(t, s, bot.CandidateQuery{}))
		claim(t, s, id)
		settle(t, s, id, bot.Fate{State: bot.LetterSent, At: noon, Message: "m"})
	}
	same(t, "nothing more at noon", []int64(nil), candidates(t, s, bot.CandidateQuery{}))
	answer = post(t, s, bot.Letter{Chat: chat, Lane: bot.LaneAnswer})
	for _, id := range []int64{kept, also, answer} {
		same(t, "to go in the evening", []int64{id}, candidates(t, s, bot.CandidateQuery{At: evening}))
		do(t, s, func(ctx context.Context, tx bot.Tx) error { _, err := tx.Claim(ctx, []int64{id}, evening); return err })
		settle(t, s, id, bot.Fate{State: bot.LetterSent, At: evening, Message: "m"})
	}
}
