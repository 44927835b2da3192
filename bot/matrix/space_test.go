package matrix

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/platformtest/matrixfake"
)

func (w *world) build(s bot.Site) string {
	w.t.Helper()
	made, err := w.m.Build(w.t.Context(), s)
	if err != nil {
		w.t.Fatal(err)
	}
	return made.ID
}

func site(key string, kind bot.SiteKind) bot.Site {
	return bot.Site{Key: key, Kind: kind, Title: "Kastanje", Topic: "Meldingen"}
}

func TestStreetIsOpenToItsSpaceAndSilent(t *testing.T) {
	for _, version := range []string{"10", "11", "12"} {
		w := newWorld(t)
		w.m = w.bot(Config{User: buurtbot, Password: "secret-buurtbot", RoomVersion: version})
		w.poll()
		space := w.build(site("aa", bot.SiteSpace))
		of := site("bb", bot.SiteStreet)
		of.Within = space
		street := w.build(of)
		if got := found(t, w.m, street, bot.UseDelivery); got != "" {
			t.Errorf("version %s: the street has %s", version, got)
		}
		if err := w.m.Admit(t.Context(), ref(space), ana); err != nil {
			t.Fatal(err)
		}
		cas := w.client("cas")
		if cas.join(street) == http.StatusOK {
			t.Error("somebody from outside comes into the street")
		}
		anna := w.client("ana")
		if anna.join(street) == http.StatusOK {
			t.Error("somebody who was invited only comes into the street")
		}
		if is := anna.join(space); is != http.StatusOK {
			t.Fatalf("the space does not let in who was invited: %d", is)
		}
		if is := anna.join(street); is != http.StatusOK {
			t.Errorf("the street does not let in who is in its space: %d", is)
		}
		if anna.says(street, "m.room.message") == http.StatusOK || anna.says(street, "m.reaction") == http.StatusOK {
			t.Error("a member speaks in the street")
		}
	}
}

// The answer to the request that made the room is lost, so the bot does not know that there is one; or the bot ends before
// it stored the room. Either way it asks again with the same key.
func TestRoomIsMadeOnceAcrossACrash(t *testing.T) {
	w := newWorld(t)
	w.poll()
	w.hs.Lose = func(r *http.Request) bool { return strings.HasSuffix(r.URL.Path, "createRoom") }
	if _, err := w.m.Build(t.Context(), site("aa", bot.SiteSpace)); remedy(t, err).Remedy != bot.Later {
		t.Fatal(err)
	}
	w.hs.Lose = nil
	first := w.build(site("aa", bot.SiteSpace))
	w.start()
	if again := w.build(site("aa", bot.SiteSpace)); again != first {
		t.Errorf("another room %s than %s", again, first)
	}
	if other := w.build(site("cc", bot.SiteSpace)); other == first {
		t.Error("another key gives the same room")
	}
}

// A server that ends while it makes a room leaves one without rules, in which everybody would speak.
func TestHalfMadeRoomIsFinished(t *testing.T) {
	w := newWorld(t)
	w.poll()
	space := w.build(site("aa", bot.SiteSpace))
	of := site("bb", bot.SiteStreet)
	of.Within = space
	w.hs.Stop = true
	if _, err := w.m.Build(t.Context(), of); remedy(t, err).Remedy != bot.Later {
		t.Fatal(err)
	}
	w.hs.Stop = false
	street := w.build(of)
	if got := found(t, w.m, street, bot.UseDelivery); got != "" {
		t.Errorf("the street has %s", got)
	}
	w.hs.Calls()
	w.build(of)
	for _, call := range w.hs.Calls() {
		if strings.Contains(call, street+"/state/") {
			t.Errorf("a finished room is changed: %s", call)
		}
	}
}

func TestRoomOfSomebodyElseIsNotTaken(t *testing.T) {
	w := newWorld(t)
	w.poll()
	thief := w.client("bo")
	thief.creates(aliasOf("aa"))
	var final *bot.FinalError
	if _, err := w.m.Build(t.Context(), site("aa", bot.SiteSpace)); !errors.As(err, &final) {
		t.Errorf("a room that somebody else made is taken: %v", err)
	}
}

func TestSpaceCanBeKnockedOnWhereTheServerKnowsThat(t *testing.T) {
	w := newWorld(t)
	w.poll()
	rules := func() []string {
		var all []string
		for _, key := range []string{"aa", "bb"} {
			w.hs.Knocks = key == "bb"
			space := w.build(site(key, bot.SiteSpace))
			l, err := w.m.session(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			room, err := w.m.law(t.Context(), l, space)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, room.join)
		}
		return all
	}
	if diff := cmp.Diff([]string{"invite", "knock"}, rules()); diff != "" {
		t.Error(diff)
	}
}

// Who may knock, and what that opens: servers without knocking know no such call, and others take it of whoever is outside, at
// a door for it.
func TestKnockingOpensNoDoorByItself(t *testing.T) {
	w := newWorld(t)
	w.poll()
	cas := w.client("cas")
	knock := func(room string) int { return cas.call(http.MethodPost, "knock/"+room, "{}") }
	closed := w.build(site("aa", bot.SiteSpace))
	if got := knock(closed); got != http.StatusNotFound {
		t.Errorf("at a server that knows no knocking: %d", got)
	}
	w.hs.Knocks = true
	space := w.build(site("bb", bot.SiteSpace))
	who := bot.UserRef{ID: matrixfake.User("cas")}
	for _, step := range []struct {
		what string
		do   func() int
		want int
		is   string
	}{
		{"a knock at a closed room", func() int { return knock(closed) }, http.StatusForbidden, ""},
		{"in without a knock", func() int { return cas.join(space) }, http.StatusForbidden, ""},
		{"a knock", func() int { return knock(space) }, http.StatusOK, "knock"},
		{"in after it", func() int { return cas.join(space) }, http.StatusForbidden, "knock"},
		{"turned away", func() int { return status(w.m.TurnAway(t.Context(), ref(space), who, "Niet nu")) }, http.StatusOK, "leave"},
		{"another knock", func() int { return knock(space) }, http.StatusOK, "knock"},
		{"let in", func() int { return status(w.m.Admit(t.Context(), ref(space), who.ID)) }, http.StatusOK, "invite"},
		{"a knock at an open door", func() int { return knock(space) }, http.StatusForbidden, "invite"},
		{"in", func() int { return cas.join(space) }, http.StatusOK, "join"},
		{"a knock from inside", func() int { return knock(space) }, http.StatusForbidden, "join"},
		{"banned", func() int { w.hs.Member(space, buurtbot, who.ID, "ban"); return knock(space) }, http.StatusForbidden, "ban"},
	} {
		if got := step.do(); got != step.want {
			t.Errorf("%s: %d", step.what, got)
		}
		if is := w.hs.Membership(space, who.ID); is != step.is {
			t.Errorf("after %s the membership is %q", step.what, is)
		}
	}
}

// status is that of a call that came through, or did not.
func status(err error) int {
	if err != nil {
		return http.StatusTeapot
	}
	return http.StatusOK
}

func TestPeopleAreLetInAndPutOutOnce(t *testing.T) {
	w := newWorld(t)
	w.poll()
	space := w.build(site("aa", bot.SiteSpace))
	for _, step := range []struct {
		do func() error
		is string
	}{
		{func() error { return w.m.Admit(t.Context(), ref(space), ana) }, "invite"},
		{func() error { return w.m.Admit(t.Context(), ref(space), ana) }, "invite"},
		{func() error { w.hs.Member(space, ana, ana, "join"); return w.m.Admit(t.Context(), ref(space), ana) }, "join"},
		{func() error { return w.m.Doors(t.Context(), bot.DoorPutOut, ref(space), bot.UserRef{ID: ana}) }, "leave"},
		{func() error { return w.m.Doors(t.Context(), bot.DoorPutOut, ref(space), bot.UserRef{ID: ana}) }, "leave"},
	} {
		if err := step.do(); err != nil {
			t.Error(err)
		}
		if is := w.hs.Membership(space, ana); is != step.is {
			t.Errorf("Ana's membership is %q, not %q", is, step.is)
		}
	}
	if err := w.m.Doors(t.Context(), bot.DoorAdmit, ref(space), bot.UserRef{ID: ana}); !errors.Is(err, bot.ErrUnasked) {
		t.Errorf("letting in who does not ask gives %v", err)
	}
	if is := w.hs.Membership(space, ana); is != "leave" {
		t.Errorf("Ana did not ask, and her membership is %q", is)
	}
}

// Names are shown as they are: what looks like markup or a link in one is nothing to the server and to us.
func TestMarkupInANameStaysText(t *testing.T) {
	w := newWorld(t)
	w.poll()
	const name = "<b>Kastanje</b> [x](https://matrix.to/#/@ana:hs.test) & *zo* _door_\u0007"
	s := site("aa", bot.SiteStreet)
	s.Title = name
	room := w.build(s)
	w.poll()
	w.in.empty()
	w.hs.Say(room, bo, "!help")
	w.poll()
	us := w.updates()
	if len(us) != 1 || us[0].Chat.Title != strings.TrimSuffix(name, "\u0007") {
		t.Errorf("the title is read as %+v", us)
	}
	l := letter(1, room, "Dit is <b>&lt;b&gt;Kastanje&lt;/b&gt;</b>")
	l.To.Kind = bot.Group
	w.send(l)
	sent := w.hs.Events(room, buurtbot, "m.room.message")
	if html := sent[0].Content["formatted_body"]; html != "Dit is <b>&lt;b&gt;Kastanje&lt;/b&gt;</b>" {
		t.Errorf("the name becomes markup: %v", html)
	}
}

// A room in which the bot may not speak keeps the letter until somebody gives it the right.
func TestRoomThatTheBotMayNotWriteToIsWaitedFor(t *testing.T) {
	w := newWorld(t)
	room := w.street()
	mute := func(level int) {
		w.hs.State(room, bo, "m.room.power_levels", map[string]any{"users": map[string]any{bo: 100}, "events_default": level})
	}
	mute(50)
	l := letter(1, room, "Let op")
	l.To.Kind = bot.Group
	_, err := w.m.Send(t.Context(), l, nil)
	if e := remedy(t, err); e.Remedy != bot.Later || e.After != rightsPause || e.Global {
		t.Errorf("%s after %v, for all rooms: %t", e.Remedy, e.After, e.Global)
	}
	if got := found(t, w.m, room, bot.UseDelivery); !strings.Contains(got, bot.FindMuted+"!") {
		t.Errorf("the inspection finds %s", got)
	}
	mute(0)
	l.Tries = 2
	w.send(l)
	if n := len(w.hs.Events(room, buurtbot, "m.room.message")); n != 1 {
		t.Errorf("%d messages", n)
	}
}

// client is somebody who acts over the wire, so that the server decides what they may.
type client struct {
	w     *world
	token string
}

func (w *world) client(name string) client {
	w.t.Helper()
	return client{w, w.hs.Login(matrixfake.User(name))}
}

func (c client) call(method, path, body string) int {
	c.w.t.Helper()
	req, err := http.NewRequestWithContext(c.w.t.Context(), method, "http://hs.test/_matrix/client/v3/"+path, strings.NewReader(body))
	if err != nil {
		c.w.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+c.token)
	resp, err := c.w.hs.RoundTrip(req)
	if err != nil {
		c.w.t.Fatal(err)
	}
	_ = resp.Body.Close()
	return resp.StatusCode
}

func (c client) join(room string) int { return c.call(http.MethodPost, "join/"+room, "{}") }

func (c client) creates(alias string) {
	c.call(http.MethodPost, "createRoom", `{"room_alias_name":"`+alias+`","preset":"public_chat","room_version":"11"}`)
}

func (c client) says(room, kind string) int {
	return c.call(http.MethodPut, "rooms/"+room+"/send/"+kind+"/x", `{"body":"hoi"}`)
}

func TestComingAndGoingInARoomOfOursIsTold(t *testing.T) {
	w := newWorld(t)
	w.hs.Knocks = true
	w.poll()
	space := w.build(site("aa", bot.SiteSpace))
	w.poll()
	if got := w.updates(); len(got) > 0 && !got[0].Empty() {
		t.Errorf("our own coming into a room that we made is told: %v", got)
	}
	for range 2 { // the same is told after a restart
		cas := w.client("cas")
		cas.call(http.MethodPost, "knock/"+space, "{}")
		if err := w.m.Admit(t.Context(), ref(space), ana); err != nil {
			t.Fatal(err)
		}
		w.client("ana").join(space)
		w.hs.Member(space, ana, ana, "leave")
		if err := w.m.Doors(t.Context(), bot.DoorTurnAway, ref(space), bot.UserRef{ID: matrixfake.User("cas")}); err != nil {
			t.Fatal(err)
		}
		w.poll()
		var got []string
		for _, u := range w.updates() {
			got = append(got, strings.TrimPrefix(u.From.ID, "@")+" "+strings.TrimPrefix(fmt.Sprintf("%T", u.Event), "bot."))
		}
		want := []string{"cas:hs.test AskedIn", "ana:hs.test Came", "ana:hs.test WentOut", "cas:hs.test WentOut"}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		w.start()
	}
}
