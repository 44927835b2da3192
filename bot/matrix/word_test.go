package matrix

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/buurtbot/buurtbot/bot"
)

// What is done by typing a word cannot be tapped: nothing under the message has a number, and no reaction is put there.
func TestAMessageThatAsksForAWordHasNothingToTap(t *testing.T) {
	w := newWorld(t)
	room := w.private()
	typed := bot.Choice{Key: "=yes", Label: "Ja", Word: "VERSTUUR"}
	w.send(asked(1, room, []bot.Choice{typed}, []bot.Choice{stop}))
	w.send(asked(2, room, []bot.Choice{typed}, []bot.Choice{no, stop}))
	w.send(asked(3, room, []bot.Choice{typed}))
	want := []string{"Is het nog bezig?\n\nStoppen", "Is het nog bezig?\n\nNee, <voorbij> · Stoppen", "Is het nog bezig?"}
	if diff := cmp.Diff(want, w.bodies(room)); diff != "" {
		t.Error(diff)
	}
	if got := w.seeds(room); len(got) != 0 {
		t.Errorf("seeds %v", got)
	}
}
