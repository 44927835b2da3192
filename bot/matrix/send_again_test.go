package matrix

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/buurtbot/buurtbot/bot"
)

// A lost answer, a server that forgot the transaction and a restart of ours: still one message.
func TestUncertainLetterIsFoundAgain(t *testing.T) {
	w := newWorld(t)
	room := w.private()
	l := letter(17, room, "Alarm")
	w.hs.Lose = func(r *http.Request) bool { return strings.Contains(r.URL.Path, "/send/m.room.message/") }
	if _, err := w.m.Send(t.Context(), l, nil); remedy(t, err).Remedy != bot.Uncertain {
		t.Fatalf("the lost answer is %v", err)
	}
	w.hs.Lose = nil
	w.hs.Forget()
	w.start()
	w.poll()
	for tries := 2; tries < 4; tries++ {
		l.Tries = tries
		if ref := w.send(l); string(ref) != w.hs.Events(room, buurtbot, "m.room.message")[0].ID {
			t.Errorf("the letter is said to be %s", ref)
		}
	}
	if got := w.bodies(room); len(got) != 1 {
		t.Errorf("Ana reads %v", got)
	}
}

// However much is said while a chat is left alone after a crash, a letter that may be there is looked for until before it
// was written, and no further.
func TestUncertainLetterIsFoundBehindMuchTalk(t *testing.T) {
	w := newWorld(t)
	room := w.private()
	written := func() time.Time { return time.UnixMilli(w.hs.Events(room, ana, "m.room.message")[0].At) }
	w.hs.Say(room, ana, "Hoi")
	l := letter(17, room, "Alarm")
	l.Written = written()
	w.hs.Lose = func(r *http.Request) bool { return strings.Contains(r.URL.Path, "/send/m.room.message/") }
	if _, err := w.m.Send(t.Context(), l, nil); remedy(t, err).Remedy != bot.Uncertain {
		t.Fatalf("the lost answer is %v", err)
	}
	for i := range 2000 {
		w.hs.Say(room, ana, fmt.Sprint("en toen ", i))
	}
	w.hs.Lose = nil
	w.hs.Forget()
	pages := 0
	w.hs.Refuse = func(r *http.Request) (int, string) {
		if strings.HasSuffix(r.URL.Path, "/messages") {
			pages++
		}
		return 0, ""
	}
	w.start()
	w.poll()
	pages, l.Tries = 0, 2
	if ref := w.send(l); string(ref) != w.hs.Events(room, buurtbot, "m.room.message")[0].ID || pages < 20 {
		t.Errorf("the letter is said to be %s, after %d pages", ref, pages)
	}
	if got := w.bodies(room); len(got) != 1 {
		t.Errorf("Ana reads %v", got)
	}
	next := letter(18, room, "Later")
	next.Tries, next.Written = 2, time.UnixMilli(w.hs.Events(room, ana, "m.room.message")[2000].At)
	pages = 0
	if w.send(next); pages > 7 { // an event a second, and ten minutes more
		t.Errorf("a letter that is not there was looked for on %d pages", pages)
	}
}

func TestCardThatChangedMeanwhileIsEdited(t *testing.T) {
	w := newWorld(t)
	room := w.private()
	l := letter(17, room, "Zaak: nieuw")
	l.Card = "case/1"
	w.send(l)
	w.start()
	w.poll()
	l.Tries, l.Text = 2, "Zaak: opgepakt"
	first := w.hs.Events(room, buurtbot, "m.room.message")[0].ID
	if ref := w.send(l); string(ref) != first {
		t.Errorf("the card is said to be %s", ref)
	}
	if diff := cmp.Diff([]string{"Zaak: nieuw", "* Zaak: opgepakt"}, w.bodies(room)); diff != "" {
		t.Error(diff)
	}
}

// A card that is changed and changed back while answers are lost shows what it is now: the server must not take its last
// words for a repeat of those that it dropped in between.
func TestCardThatIsChangedBackWhileAnswersAreLostShowsWhatItIs(t *testing.T) {
	for name, posted := range map[string]bool{"edited": true, "posted": false} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			room := w.private()
			l := letter(17, room, "Zaak: nieuw")
			l.Card = "case/1"
			if posted {
				on := w.send(l)
				l.ID, l.Op, l.Edits = 18, bot.OpEdit, on
			}
			sending := func(r *http.Request) bool { return strings.Contains(r.URL.Path, "/send/m.room.message/") }
			for n, text := range []string{"Zaak: opgepakt", "Zaak: nieuw", "Zaak: opgepakt"} {
				l.Tries, l.Text = n+1, text
				w.hs.Lose = nil
				if n < 2 {
					w.hs.Lose = sending
				}
				if _, err := w.m.Send(t.Context(), l, nil); (err != nil) != (n < 2) {
					t.Fatalf("try %d: %v", n+1, err)
				}
			}
			said := w.bodies(room)
			if got := said[len(said)-1]; got != "* Zaak: opgepakt" {
				t.Errorf("the card shows the last of %q", said)
			}
		})
	}
}

func TestHalfSentLetterGoesOn(t *testing.T) {
	w := newWorld(t)
	room := w.private()
	l := letter(1, room, "Gezien?")
	photos := [][]byte{[]byte("een"), []byte("twee")}
	sent := 0
	w.hs.Refuse = func(r *http.Request) (int, string) {
		if strings.Contains(r.URL.Path, "/send/m.room.message/") {
			if sent++; sent == 2 {
				return 502, ""
			}
		}
		return 0, ""
	}
	if _, err := w.m.Send(t.Context(), l, photos); err == nil {
		t.Fatal("the broken letter arrived")
	}
	w.start()
	w.poll()
	l.Tries = 2
	if _, err := w.m.Send(t.Context(), l, photos); err != nil {
		t.Fatal(err)
	}
	if got := w.bodies(room); len(got) != 3 {
		t.Errorf("Ana reads %v", got)
	}
}
