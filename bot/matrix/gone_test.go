package matrix

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/buurtbot/buurtbot/bot"
)

// standing lists what can still be read of what the bot said in a room.
func (w *world) standing(room string) []string {
	var all []string
	for _, e := range w.hs.Events(room, buurtbot, "m.room.message") {
		if len(e.Content) > 0 {
			all = append(all, fmt.Sprint(e.Content["msgtype"], " ", e.Content["body"]))
		}
	}
	return all
}

// pictured is a letter with two pictures that stands in a room, of which the words were changed twice.
func (w *world) pictured(room string) (last bot.MessageRef) {
	w.t.Helper()
	ref, err := w.m.Send(w.t.Context(), letter(1, room, "Gezien?"), [][]byte{[]byte("een"), []byte("twee")})
	if err != nil {
		w.t.Fatal(err)
	}
	for i := range 2 {
		l := letter(int64(2+i), room, fmt.Sprint("Gezien, ", i))
		l.Op, l.Edits = bot.OpEdit, ref
		w.send(l)
	}
	return ref
}

func takenAway(room string, ref bot.MessageRef) bot.Letter {
	l := letter(9, room, "Weggehaald")
	l.Op, l.Edits, l.Gone = bot.OpEdit, ref, true
	return l
}

// Whoever reads that a picture was taken away relies on it: nothing of the letter may stand, in any form that it had.
func TestLetterIsTakenAwayWithItsPicturesAndEdits(t *testing.T) {
	w := newWorld(t)
	room := w.private()
	w.send(letter(8, room, "Iets anders"))
	ref := w.pictured(room)
	for range 2 { // what is gone already is no error
		w.send(takenAway(room, ref))
	}
	if got := w.standing(room); len(got) != 1 || got[0] != "m.text Iets anders" {
		t.Errorf("what stands is %q", got)
	}
}

// Wherever an attempt breaks off, the next one goes on, because the message that names the others goes last.
func TestLetterThatIsHalfTakenAwayIsTakenAwayByTheNextAttempt(t *testing.T) {
	for broken := 1; broken <= 5; broken++ {
		w := newWorld(t)
		room := w.private()
		ref := w.pictured(room)
		n := 0
		w.hs.Refuse = func(r *http.Request) (int, string) {
			if strings.Contains(r.URL.Path, "/redact/") {
				if n++; n == broken {
					return 500, `{"errcode":"M_UNKNOWN"}`
				}
			}
			return 0, ""
		}
		l := takenAway(room, ref)
		if _, err := w.m.Send(t.Context(), l, nil); remedy(t, err).Remedy != bot.Later {
			t.Fatalf("broken off at %d: %v", broken, err)
		}
		w.start()
		w.poll()
		l.Tries = 2
		w.send(l)
		if got := w.standing(room); len(got) > 0 {
			t.Errorf("broken off at %d, what stands is %q", broken, got)
		}
	}
}

func TestManyEditsAreTakenAwayWithTheirMessage(t *testing.T) {
	w := newWorld(t)
	room := w.private()
	ref := w.send(letter(1, room, "Gezien?"))
	for i := range 230 {
		w.hs.Send(room, buurtbot, "m.room.message", content{"msgtype": "m.notice", "body": fmt.Sprint("* ", i)}.about(ref))
	}
	w.hs.Send(room, ana, "m.room.message", content{"msgtype": "m.text", "body": "* van Ana"}.about(ref))
	w.send(takenAway(room, ref))
	if got := w.standing(room); len(got) > 0 {
		t.Errorf("%d edits stand", len(got))
	}
	if got := w.hs.Events(room, ana, "m.room.message"); len(got) != 1 || len(got[0].Content) == 0 {
		t.Errorf("of Ana's stands %v", got)
	}
}

func (c content) about(on bot.MessageRef) content {
	c["m.relates_to"] = map[string]any{"rel_type": "m.replace", "event_id": string(on)}
	return c
}

// A picture that was sent long before its words is still the letter's: people wrote between the two attempts.
func TestPictureThatWasSentLongBeforeItsWordsIsTakenAway(t *testing.T) {
	w := newWorld(t)
	room := w.private()
	l := letter(1, room, "Gezien?")
	w.hs.Refuse = refusing("/send/m.room.message/bb.post.1.1", 502, "")
	if _, err := w.m.Send(t.Context(), l, [][]byte{[]byte("een")}); err == nil {
		t.Fatal("the broken letter arrived")
	}
	w.hs.Refuse = nil
	for i := range 250 {
		w.hs.Say(room, ana, fmt.Sprint("en toen ", i))
	}
	w.start()
	w.poll()
	l.Tries = 2
	w.hs.Lose = func(r *http.Request) bool { return strings.Contains(r.URL.Path, "/send/m.room.message/") }
	if _, err := w.m.Send(t.Context(), l, [][]byte{[]byte("een")}); err == nil {
		t.Fatal("the lost answer arrived")
	}
	w.hs.Lose = nil
	w.start()
	w.poll()
	l.Tries = 3
	ref, err := w.m.Send(t.Context(), l, [][]byte{[]byte("een")})
	if err != nil || len(w.bodies(room)) != 2 {
		t.Fatal(err, w.bodies(room))
	}
	w.send(takenAway(room, ref))
	if got := w.standing(room); len(got) > 0 {
		t.Errorf("what stands is %q", got)
	}
}

func TestMessageThatIsNotThereIsTakenAway(t *testing.T) {
	w := newWorld(t)
	room := w.private()
	if _, err := w.m.Send(t.Context(), takenAway(room, "$nergens"), nil); err != nil {
		t.Error(errors.Unwrap(err))
	}
}
