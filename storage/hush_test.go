package storage_test

import (
	"context"
	"slices"
	"testing"

	"github.com/buurtbot/buurtbot/bot"
)

// Who leaves hears the goodbye that is said after it, an answer to an emergency, and what takes words away.
func TestHushCallsBackWhatWaitsForAPerson(t *testing.T) {
	s := fresh(t)
	in := build(t, s)
	ana, own := adopt(t, s, "ana", in)
	_, others := adopt(t, s, "bo", in)
	post(t, s, bot.Letter{Chat: own, Lane: bot.LaneRoutine, Message: bot.Message{Text: "news"}})
	help := post(t, s, bot.Letter{Chat: own, Lane: bot.LaneUrgent, First: true, Message: bot.Message{Text: "112"}})
	edit := post(t, s, bot.Letter{Chat: own, Lane: bot.LaneRoutine, Op: bot.OpEdit, Edits: "m1", Message: bot.Message{Text: "gone"}})
	other := post(t, s, bot.Letter{Chat: others, Lane: bot.LaneRoutine, Message: bot.Message{Text: "news"}})
	do(t, s, func(ctx context.Context, tx bot.Tx) error { return tx.Hush(ctx, ana.ID) })
	bye := post(t, s, bot.Letter{Chat: own, Lane: bot.LaneAnswer, Message: bot.Message{Text: "bye"}})
	var left []int64
	for range 5 {
		for _, id := range candidates(t, s, bot.CandidateQuery{}) {
			claim(t, s, id)
			settle(t, s, id, delivered)
			left = append(left, id)
		}
	}
	slices.Sort(left)
	same(t, "left", []int64{help, edit, other, bye}, left)
}
