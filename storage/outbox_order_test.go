package storage_test

import (
	"testing"
	"time"

	"github.com/buurtbot/buurtbot/bot"
)

// Emergency answers come before everything, then the lanes; within a chat only the first lane overtakes, and only the
// last two.
func TestLettersGoByLaneAndInOrderWithinAChat(t *testing.T) {
	s := fresh(t)
	chat := map[string]int64{}
	for _, name := range []string{"a", "b", "c", "d", "e"} {
		chat[name] = room(t, s, name, bot.Private)
	}
	digest := post(t, s, bot.Letter{Chat: chat["a"], Lane: bot.LaneDigest})
	answer := post(t, s, bot.Letter{Chat: chat["b"], Lane: bot.LaneAnswer})
	post(t, s, bot.Letter{Chat: chat["b"], Lane: bot.LaneRoutine}) // waits for the answer
	routine := post(t, s, bot.Letter{Chat: chat["c"], Lane: bot.LaneRoutine})
	post(t, s, bot.Letter{Chat: chat["c"], Lane: bot.LaneUrgent}) // waits for the card before it
	urgent := post(t, s, bot.Letter{Chat: chat["d"], Lane: bot.LaneUrgent})
	behind := post(t, s, bot.Letter{Chat: chat["e"], Lane: bot.LaneAnswer})
	overtakes := post(t, s, bot.Letter{Chat: chat["e"], Lane: bot.LaneUrgent})
	emergency := post(t, s, bot.Letter{Chat: chat["d"], Lane: bot.LaneUrgent, First: true})
	same(t, "by lane", []int64{emergency, overtakes, routine, answer, digest}, candidates(t, s, bot.CandidateQuery{}))
	same(t, "by age", []int64{answer, routine}, candidates(t, s, bot.CandidateQuery{Order: bot.ByAge})[:2])
	same(t, "the first two", []int64{emergency, overtakes}, candidates(t, s, bot.CandidateQuery{Limit: 2}))
	after := bot.Candidate{ID: routine, Chat: chat["c"], Rank: 2}
	same(t, "after the third", []int64{answer, behind, digest}, candidates(t, s, bot.CandidateQuery{After: after}))
	same(t, "of another platform", []int64(nil), candidates(t, s, bot.CandidateQuery{Platform: "q"}))

	claim(t, s, emergency)
	same(t, "claimed while one is on its way", []bot.Letter{}, claim(t, s, urgent))
	settle(t, s, emergency, delivered)
	same(t, "claimed afterwards", 1, len(claim(t, s, urgent)))
}

// What is urgent does not wait for a routine letter that has to be tried again; routine letters stay in their order, and so does
// what is urgent.
func TestWhatIsUrgentOvertakesWhatIsTriedAgain(t *testing.T) {
	s := fresh(t)
	chat, other := room(t, s, "1", bot.Group), room(t, s, "2", bot.Group)
	again := bot.Fate{State: bot.LetterPending, At: noon, Before: noon.Add(time.Minute)}
	fails := func(l bot.Letter) {
		id := post(t, s, l)
		same(t, "claimed", 1, len(claim(t, s, id)))
		settle(t, s, id, again)
	}
	fails(bot.Letter{Chat: chat, Lane: bot.LaneRoutine})
	post(t, s, bot.Letter{Chat: chat, Lane: bot.LaneRoutine})
	urgent := post(t, s, bot.Letter{Chat: chat, Lane: bot.LaneUrgent})
	fails(bot.Letter{Chat: other, Lane: bot.LaneUrgent})
	post(t, s, bot.Letter{Chat: other, Lane: bot.LaneUrgent})
	same(t, "free to go", []int64{urgent}, candidates(t, s, bot.CandidateQuery{}))
}
