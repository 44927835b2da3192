package matrix

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/platformtest/matrixfake"
)

// talks lets Ana say so many things, and gives them as they have to be heard.
func (w *world) talks(room, about string, n int) []bot.Event {
	var all []bot.Event
	for i := range n {
		text := fmt.Sprint(about, " ", i)
		w.hs.Say(room, ana, text)
		all = append(all, bot.Text{Body: text})
	}
	return all
}

// once polls once, and gives what that brought.
func (w *world) once() []bot.Event {
	w.t.Helper()
	if err := w.pollOnce(); err != nil {
		w.t.Fatal(err)
	}
	return w.events()
}

// again makes the bot anew, with an inbox that has forgotten what it was given before and a poll that reads little.
func (w *world) again(pages int) {
	w.t.Helper()
	w.in.forget()
	w.start()
	w.m.pages = pages
}

// What is too much for one poll is heard at the next ones, in its order and once, also over a restart; what is said
// meanwhile waits behind it.
func TestGapLargerThanAPollIsReadOnInItsOrder(t *testing.T) {
	w := newWorld(t)
	room := w.private()
	w.hs.Say(room, ana, "gehoord")
	w.poll()
	w.in.empty()
	w.hs.Page = 10
	w.again(2)
	want := w.talks(room, "eerder", 650)
	if got := w.once(); len(got) != 0 {
		t.Fatalf("the end is heard first: %v", got[0])
	}
	want = append(want, w.talks(room, "intussen", 3)...)
	got := w.once()
	if len(got) == 0 || len(got) > 2*pageSize {
		t.Errorf("a poll brought %d messages", len(got))
	}
	w.again(2)
	want = append(want, w.talks(room, "na de herstart", 30)...)
	for range 5 {
		got = append(got, w.once()...)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	want = w.talks(room, "later", 1)
	if diff := cmp.Diff(want, w.once()); diff != "" {
		t.Errorf("after it: %s", diff)
	}
	if strings.Contains(w.in.mark, "gaps") {
		t.Errorf("it is kept: %s", w.in.mark)
	}
}

// hearsGaps fails unless each event of a gap that a poll can read, and of one that takes four polls, is heard once, in order.
func (w *world) hearsGaps(room string) {
	w.t.Helper()
	want := w.talks(room, "eerder", 150)
	if diff := cmp.Diff(want, w.once()); diff != "" {
		w.t.Error(diff)
	}
	want = w.talks(room, "later", 450)
	var got []bot.Event
	for range 4 {
		got = append(got, w.once()...)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		w.t.Errorf("with more than a poll reads: %s", diff)
	}
}

// A gap ends at what was heard last, also where a server goes on to the beginning of the room: what was obeyed long ago is
// not obeyed again.
func TestGapBeginsBehindWhatWasHeardLast(t *testing.T) {
	w := newWorld(t)
	w.hs.Overruns = true
	room := w.private()
	w.hs.Say(room, ana, "!stop")
	w.talks(room, "gehoord", 5)
	w.poll()
	w.in.empty()
	w.hs.Page = 10
	w.again(3)
	w.hearsGaps(room)
}

// A server may say that what came right after the last batch was in it. It is heard all the same, once.
func TestEventBesideTheLastBatchIsHeard(t *testing.T) {
	w := newWorld(t)
	w.hs.Ahead = 2
	w.now = time.UnixMilli(1_790_000_000_000) // when the server's first event was
	room := w.private()
	w.talks(room, "gehoord", 5)
	w.poll()
	w.in.empty()
	w.hs.Page = 10
	w.start()
	w.m.pages = 3
	w.hearsGaps(room)
}

// What the stream tells of a room's state counts before the gap is read: nothing plain goes into a room that is encrypted
// by now.
func TestRoomWithAGapIsKnownAsItIsNow(t *testing.T) {
	w := newWorld(t)
	room := w.private()
	w.send(letter(1, room, "Hoi"))
	w.hs.Page = 10
	w.m.pages = 1
	w.talks(room, "eerder", 300)
	w.hs.State(room, ana, "m.room.encryption", map[string]any{"algorithm": "m.megolm.v1.aes-sha2"})
	for range 5 {
		w.once()
		_, err := w.m.Send(t.Context(), letter(2, room, "Geheim"), nil)
		if e := remedy(t, err); e.Remedy != bot.Later {
			t.Errorf("%v", e)
		}
	}
	if n := len(w.hs.Events(room, buurtbot, "m.room.message")); n != 1 {
		t.Errorf("%d messages are plain", n)
	}
}

// Somebody came into a private room and went, and both lies in the gap: the chat is private, and neither what they said nor
// that they went is told as if it had happened now.
func TestGuestOfThePastIsNotHeard(t *testing.T) {
	w := newWorld(t)
	room := w.private()
	w.send(letter(1, room, "Hoi"))
	w.hs.Page = 10
	w.m.pages = 1
	want := w.talks(room, "eerder", 150)
	w.hs.Member(room, ana, bo, "invite")
	w.hs.Member(room, bo, bo, "join")
	w.hs.Say(room, bo, "!stop")
	want = append(want, w.talks(room, "bezoek", 120)...)
	w.hs.Member(room, bo, bo, "leave")
	want = append(want, w.talks(room, "later", 150)...)
	var got []bot.Event
	for i := range 9 {
		got = append(got, w.once()...)
		w.send(letter(int64(2+i), room, "Ik ben er nog"))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if is := w.hs.Membership(room, buurtbot); is != "join" {
		t.Errorf("the bot's membership is %q", is)
	}
}

// A room of which the server does not give the past now keeps its gap, and the other rooms are heard.
func TestGapThatCannotBeReadNowStaysOpenAndOthersAreHeard(t *testing.T) {
	w := newWorld(t)
	room := w.private()
	other := w.hs.CreateRoom(bo, matrixfake.Room{Direct: true}, buurtbot)
	w.poll()
	w.in.empty()
	w.hs.Page = 10
	w.m.pages = 1
	want := w.talks(room, "eerder", 150)
	w.once()
	w.hs.Refuse = func(r *http.Request) (int, string) {
		if strings.HasSuffix(r.URL.Path, "/messages") && r.URL.Query().Get("dir") == "f" {
			return http.StatusInternalServerError, `{"errcode":"M_UNKNOWN"}`
		}
		return 0, ""
	}
	w.hs.Say(other, bo, "Help")
	for range idleReads + 1 {
		w.poll()
	}
	if diff := cmp.Diff([]bot.Event{bot.Text{Body: "Help"}}, w.events()); diff != "" {
		t.Errorf("while it cannot be read: %s", diff)
	}
	w.hs.Refuse = nil
	w.poll()
	if diff := cmp.Diff(want, w.events()); diff != "" {
		t.Error(diff)
	}
}

// What the server refuses to tell for good is not waited for: the time is kept in which it was said, so that people can be
// asked for it.
func TestGapThatStaysUnreadIsToldOf(t *testing.T) {
	for name, open := range map[string]bool{"before it is begun": false, "while it is read on": true} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			room := w.private()
			w.hs.Page = 10
			w.m.pages = 1
			heard := w.now
			w.hs.Say(room, ana, "eerder")
			w.poll()
			w.in.empty()
			w.now = w.now.Add(time.Hour)
			w.talks(room, "intussen", 250)
			if open {
				w.once()
				w.now = w.now.Add(time.Hour)
			}
			if from, until := w.m.Unread(); !from.IsZero() || !until.IsZero() {
				t.Fatalf("before: from %s until %s", from, until)
			}
			w.hs.Refuse = refusing("/messages", http.StatusBadRequest, `{"errcode":"M_UNKNOWN"}`)
			w.hs.Say(room, ana, "Help")
			w.poll()
			if from, until := w.m.Unread(); !from.Equal(heard) || !until.Equal(w.now) {
				t.Errorf("from %s until %s, not from %s until %s", from, until, heard, w.now)
			}
		})
	}
}

// The server loses its stream, and much was said since, or was still to be read: nothing is lost, and nothing old is
// executed.
func TestLostPlaceBeforeALargeGapCostsNothing(t *testing.T) {
	for name, open := range map[string]bool{"while a gap is open": true, "before it": false} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			room := w.private()
			w.hs.Say(room, ana, "!stop")
			w.longSince()
			w.today()
			w.poll()
			w.in.empty()
			w.hs.Page = 4
			w.again(1)
			want := w.talks(room, "eerder", 350)
			var got []bot.Event
			if open {
				w.now = w.now.Add(2 * overlap * 1_000_000)
				w.once()
				got = w.once()
				want = append(want, w.talks(room, "intussen", 150)...)
			}
			w.loses()
			for range 10 {
				got = append(got, w.once()...)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}
