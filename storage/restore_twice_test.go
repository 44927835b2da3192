package storage_test

import (
	"testing"
	"time"

	"github.com/buurtbot/buurtbot/bot"
)

// Two copies from before the same letters, or one copy twice, that are put back one after the other: no letter has the number
// of one that was sent in between.
func TestLettersAfterASecondRestoreHaveNumbersOfTheirOwn(t *testing.T) {
	for name, first := range map[string]bool{"letters before the copy": true, "none": false} {
		l := begin(t)
		chat := room(t, l.store, "1", bot.Group)
		letter := bot.Letter{Chat: chat, Lane: bot.LaneAnswer, Message: bot.Message{Text: "Hoi"}}
		if first {
			post(t, l.store, letter)
		}
		copied := l.backup("copy.db")
		seen := map[int64]int{}
		for restores := range 3 {
			for range 3 {
				id := post(t, l.store, letter)
				if at, is := seen[id]; is {
					t.Errorf("%s: letter %d of restore %d has the number of one after restore %d", name, id, restores, at)
				}
				seen[id] = restores
			}
			l.clock = l.clock.Add(time.Hour)
			l.restore(copied)
		}
	}
}
