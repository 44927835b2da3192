package matrix

import (
	"errors"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/platformtest/matrixfake"
)

// Whoever reacts to what the bot says in a room is seen by all there; what people say to each other is not ours.
func TestMarkUnderAMessageOfOursInARoomIsTold(t *testing.T) {
	w := newWorld(t)
	w.poll()
	group := w.hs.CreateRoom(bo, matrixfake.Room{Name: "Straat"}, buurtbot, ana)
	w.hs.Member(group, ana, ana, "join")
	w.poll()
	l := letter(1, group, "Alarm")
	l.To.Kind = bot.Group
	card := w.send(l)
	w.poll()
	w.in.empty()
	w.start() // so that what it sent has to be asked of the server
	w.hs.React(group, bo, w.hs.Say(group, ana, "Ik hoorde iets"), "👍")
	thumb := w.hs.React(group, ana, string(card), "👍")
	two := w.hs.React(group, ana, string(card), "2\uFE0F\u20E3")
	w.poll()
	want := []bot.Event{
		bot.Marked{On: card, Mark: bot.MessageRef(thumb)}, bot.Press{On: card, Key: "2", Mark: bot.MessageRef(two)},
	}
	if diff := cmp.Diff(want, w.events()); diff != "" {
		t.Fatal(diff)
	}
	ref := bot.ChatRef{Platform: Name, ID: group, Kind: bot.Group}
	for range 2 {
		if err := w.m.Unmark(t.Context(), ref, bot.MessageRef(thumb), "Vertel het mij apart"); err != nil {
			t.Fatal(err)
		}
	}
	got := w.hs.Events(group, buurtbot, "m.room.redaction")
	if len(got) != 1 || got[0].Redacts != thumb || got[0].Content["reason"] != "Vertel het mij apart" {
		t.Errorf("taken away: %+v", got)
	}
	w.poll()
	if got := w.events(); len(got) != 0 {
		t.Errorf("our own taking away is told as %v", got)
	}
}

func TestMarkThatMayNotBeTakenAwayIsLeftAndAFullServerIsAskedAgain(t *testing.T) {
	w := newWorld(t)
	w.poll()
	ref := bot.ChatRef{Platform: Name, ID: w.hs.CreateRoom(bo, matrixfake.Room{Name: "Straat"}, buurtbot), Kind: bot.Group}
	w.poll()
	w.hs.Refuse = refusing("/redact/", http.StatusForbidden, `{"errcode":"M_FORBIDDEN"}`)
	if err := w.m.Unmark(t.Context(), ref, "$1", ""); !isFinal(err) {
		t.Errorf("without the right: %v", err)
	}
	w.hs.Refuse = refusing("/redact/", http.StatusTooManyRequests, `{"errcode":"M_LIMIT_EXCEEDED","retry_after_ms":9000}`)
	if err := w.m.Unmark(t.Context(), ref, "$1", ""); isFinal(err) || remedy(t, err).Remedy != bot.Later {
		t.Errorf("with a full server: %v", err)
	}
}

func isFinal(err error) bool {
	_, is := errors.AsType[*bot.FinalError](err)
	return is
}
