package matrix

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/platformtest/matrixfake"
)

// erasing is an edit after which nobody is to read what stood before.
func erasing(room string, on bot.MessageRef) bot.Letter {
	l := letter(9, room, "Wat hier stond, is weggehaald")
	l.Op, l.Edits, l.Erases, l.Card = bot.OpEdit, on, true, "case/1"
	return l
}

// anew is the letter after it was told that its message is lost.
func anew(l bot.Letter) bot.Letter {
	l.Op, l.Edits, l.Tries = bot.OpPost, "", l.Tries+1
	return l
}

// Erased words stand in no history: the message goes with every wording it had, and a new one takes its place that wakes
// nobody.
func TestErasedWordsStandInNoHistory(t *testing.T) {
	w := newWorld(t)
	room := w.private()
	ref := w.send(letter(1, room, "Een man met een rode jas"))
	for i, text := range []string{"Een man met een blauwe jas", "Een man"} {
		l := letter(int64(2+i), room, text)
		l.Op, l.Edits = bot.OpEdit, ref
		w.send(l)
	}
	l := erasing(room, ref)
	for range 2 { // the answer may be lost on the way to the store
		if _, err := w.m.Send(t.Context(), l, nil); remedy(t, err).Remedy != bot.Lost {
			t.Fatal(err)
		}
	}
	if got := w.standing(room); len(got) > 0 {
		t.Errorf("what stands is %q", got)
	}
	w.send(anew(l))
	if diff := cmp.Diff([]string{"m.notice Wat hier stond, is weggehaald"}, w.standing(room)); diff != "" {
		t.Error(diff)
	}
}

// The new message is looked for like every other, so a lost answer makes no second one.
func TestMessageInThePlaceOfAnErasedOneIsPostedOnce(t *testing.T) {
	w := newWorld(t)
	room := w.private()
	l := erasing(room, w.send(letter(1, room, "Een man met een rode jas")))
	l.Lane = bot.LaneUrgent
	if _, err := w.m.Send(t.Context(), l, nil); remedy(t, err).Remedy != bot.Lost {
		t.Fatal(err)
	}
	w.hs.Lose = func(r *http.Request) bool { return strings.Contains(r.URL.Path, "/send/") }
	if _, err := w.m.Send(t.Context(), anew(l), nil); remedy(t, err).Remedy != bot.Uncertain {
		t.Fatal(err)
	}
	w.hs.Lose = nil
	w.hs.Forget()
	w.start()
	w.poll()
	w.send(anew(anew(l)))
	if got := w.standing(room); len(got) != 1 {
		t.Errorf("what stands is %q", got)
	}
	said := w.hs.Events(room, buurtbot, "m.room.message")
	if called := said[len(said)-1].Content["m.mentions"]; len(called.(map[string]any)) > 0 {
		t.Errorf("it calls %v", called)
	}
}

// A message that is not there any more is pinned no longer, and where nothing may be pinned it is erased all the same.
func TestErasedMessageIsPinnedNoLonger(t *testing.T) {
	for _, may := range []bool{true, false} {
		w := newWorld(t)
		w.poll()
		room := w.hs.CreateRoom(ana, matrixfake.Room{Name: "Straat"}, buurtbot)
		w.poll()
		send := func(l bot.Letter) bot.MessageRef {
			l.To.Kind = bot.Group
			return w.send(l)
		}
		ref := send(letter(1, room, "Een man met een rode jas"))
		other := send(letter(2, room, "Iets anders"))
		w.hs.State(room, ana, "m.room.pinned_events", map[string]any{"pinned": []any{string(ref), string(other)}})
		want := []string{string(other)}
		if !may {
			w.hs.Refuse = refusing("/state/m.room.pinned_events", 403, `{"errcode":"M_FORBIDDEN"}`)
			want = append([]string{string(ref)}, want...)
		}
		l := erasing(room, ref)
		l.To.Kind = bot.Group
		if _, err := w.m.Send(t.Context(), l, nil); remedy(t, err).Remedy != bot.Lost {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, w.hs.Pinned(room)); diff != "" {
			t.Error(diff)
		}
		if got := w.standing(room); len(got) != 1 {
			t.Errorf("what stands is %q", got)
		}
	}
}
