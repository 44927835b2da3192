package matrix

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/platformtest/matrixfake"
)

// holds tells the bot's inbox which chats people are told things in.
func (w *world) holds(room string, kind bot.ChatKind, reachable bool) {
	ref := bot.ChatRef{Platform: Name, ID: room, Kind: kind}
	w.in.held = append(w.in.held, bot.Chat{ID: int64(len(w.in.held) + 1), Ref: ref, Reachable: reachable})
}

// loses lets the homeserver forget every place in its stream that it gave before.
func (w *world) loses() {
	var old []string
	mark := checkpoint{}
	if err := json.Unmarshal([]byte(w.in.mark), &mark); err != nil {
		w.t.Fatal(err)
	}
	old = append(old, mark.Batch)
	w.hs.Refuse = func(r *http.Request) (int, string) {
		if strings.HasSuffix(r.URL.Path, "/sync") && slices.Contains(old, r.URL.Query().Get("since")) {
			return http.StatusBadRequest, `{"errcode":"M_UNKNOWN","error":"unknown stream token"}`
		}
		return 0, ""
	}
}

// today sets the clock to that of the homeserver, which writes an event in a second.
func (w *world) today() {
	room := w.hs.CreateRoom(bo, matrixfake.Room{Name: "Klok"})
	w.hs.Say(room, bo, "tik")
	w.now = time.UnixMilli(w.hs.Events(room, bo, "m.room.message")[0].At)
}

// longSince puts so many events in between that what was before is older than what is read twice.
func (w *world) longSince() {
	room := w.hs.CreateRoom(bo, matrixfake.Room{Name: "Elders"})
	for range 2 * overlap / 1000 {
		w.hs.Say(room, bo, "tik")
	}
}

func TestLostPlaceInTheStreamCostsNothingAndRepeatsNothing(t *testing.T) {
	w := newWorld(t)
	room := w.private()
	group := w.hs.CreateRoom(bo, matrixfake.Room{Name: "Straat"}, buurtbot)
	w.hs.Say(room, ana, "!stop")
	w.longSince()
	w.hs.Say(room, ana, "Help")
	w.today()
	w.poll()
	w.holds(room, bot.Private, true)
	w.holds(group, bot.Group, true)
	w.now = w.now.Add(72 * time.Hour)
	w.in.forget()
	w.in.empty()
	w.start()
	w.hs.Page = 4 // so that the rest has to be fetched
	w.hs.Member(group, bo, buurtbot, "leave")
	var want []bot.Event
	for _, text := range []string{"een", "twee", "drie", "vier", "vijf", "zes", "zeven"} {
		w.hs.Say(room, ana, text)
		want = append(want, bot.Text{Body: text})
	}
	w.loses()
	w.poll()
	want = append(want, bot.Left{Why: "kicked"})
	if diff := cmp.Diff(want, w.events()); diff != "" {
		t.Error(diff)
	}
	w.hs.Say(room, ana, "acht")
	w.poll()
	if diff := cmp.Diff([]bot.Event{bot.Text{Body: "acht"}}, w.events()); diff != "" {
		t.Errorf("after it: %s", diff)
	}
}

func TestWhatWasReadBeforeIsNotReadAgainWhenThePlaceIsLost(t *testing.T) {
	w := newWorld(t)
	room := w.private()
	w.today()
	w.hs.Say(room, ana, "Help")
	w.poll()
	w.in.empty()
	w.loses()
	w.poll()
	if got := w.events(); len(got) != 0 {
		t.Errorf("it brought %v", got)
	}
}

// The server's clock is behind ours, so what is said after the last batch seems to be from before it.
func TestWhatCameAfterTheLastBatchIsReadThoughClocksDifferWhenThePlaceIsLost(t *testing.T) {
	w := newWorld(t)
	room := w.private()
	w.hs.Say(room, ana, "Help")
	w.today()
	w.now = w.now.Add(10 * time.Minute)
	w.poll()
	w.in.empty()
	w.hs.Say(room, ana, "Kom gauw")
	w.loses()
	w.poll()
	if diff := cmp.Diff([]bot.Event{bot.Text{Body: "Kom gauw"}}, w.events()); diff != "" {
		t.Error(diff)
	}
}

func TestLostPlaceFromBeforeTimesWereKeptExecutesNothingOld(t *testing.T) {
	w := newWorld(t)
	room := w.private()
	w.hs.Say(room, ana, "!stop")
	w.in.mark = `{"batch":"s1"}`
	w.loses()
	w.start()
	w.poll()
	if got := w.events(); len(got) != 0 {
		t.Errorf("it brought %v", got)
	}
}

// forwards puts the bot's place in the stream to its end, as if the server never told of what came before.
func (w *world) forwards() {
	other := &box{}
	m := w.bot(Config{User: buurtbot, Password: "secret-buurtbot"})
	if err := m.PollOnce(w.t.Context(), other); err != nil {
		w.t.Fatal(err)
	}
	w.in.mark = other.mark
}

func TestRoomsThatWeAreOutOfAreFoundAtAStart(t *testing.T) {
	w := newWorld(t)
	stays, gone, away, back := w.private(), w.private(), w.private(), w.private()
	group := w.hs.CreateRoom(bo, matrixfake.Room{Name: "Straat"}, buurtbot)
	w.poll()
	w.in.empty()
	w.hs.Member(gone, ana, buurtbot, "leave")
	w.hs.Member(group, bo, buurtbot, "leave")
	w.forwards()
	w.holds(stays, bot.Private, true)
	w.holds(gone, bot.Private, true)
	w.holds(away, bot.Private, false)
	w.holds(back, bot.Private, false)
	w.holds(group, bot.Group, true)
	w.hs.Member(away, ana, ana, "leave")
	w.forwards()
	w.start()
	w.poll()
	nobody := bot.UserRef{}
	want := []bot.Update{
		{Chat: chat(gone, bot.Private, ""), From: nobody, Event: bot.Left{Why: "kicked"}},
		{Chat: chat(back, bot.Private, ""), From: user("ana"), Event: bot.Joined{}},
		{Chat: chat(group, bot.Group, ""), From: nobody, Event: bot.Left{Why: "kicked"}},
	}
	if diff := cmp.Diff(want, w.updates()); diff != "" {
		t.Error(diff)
	}
	w.poll()
	if got := w.updates(); len(got) != 0 {
		t.Errorf("later it is told again: %v", got)
	}
}

func TestPersonWhoWentWhileThePlaceWasLostIsFollowedOut(t *testing.T) {
	w := newWorld(t)
	room := w.private()
	w.holds(room, bot.Private, true)
	w.hs.Member(room, ana, ana, "leave")
	w.loses()
	w.start()
	w.poll()
	if diff := cmp.Diff([]bot.Event{bot.Left{Why: "kicked"}}, w.events()); diff != "" {
		t.Error(diff)
	}
	if is := w.hs.Membership(room, buurtbot); is != "leave" {
		t.Errorf("the bot's membership is %q", is)
	}
}

func TestWhoIsInARoomOfOursIsKnownAgainWhenThePlaceIsLost(t *testing.T) {
	w := newWorld(t)
	w.poll()
	made, err := w.m.Build(t.Context(), bot.Site{Key: "straat1", Kind: bot.SiteStreet, Title: "Alarmen"})
	if err != nil {
		t.Fatal(err)
	}
	w.hs.Member(made.ID, buurtbot, ana, "join")
	w.hs.Member(made.ID, buurtbot, bo, "join")
	w.poll()
	w.in.empty()
	w.hs.Member(made.ID, ana, ana, "leave")
	w.in.seen = nil
	w.loses()
	w.start()
	w.poll()
	got := map[string]bot.Event{}
	for _, u := range w.updates() {
		got[u.From.ID] = u.Event
	}
	if diff := cmp.Diff(map[string]bot.Event{ana: bot.WentOut{}, bo: bot.Came{}}, got); diff != "" {
		t.Error(diff)
	}
}
