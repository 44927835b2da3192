package matrix

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/platformtest/matrixfake"
)

func TestFirstSyncExecutesNothingOld(t *testing.T) {
	w := newWorld(t)
	room := w.hs.CreateRoom(ana, matrixfake.Room{Direct: true}, buurtbot)
	w.hs.Member(room, buurtbot, buurtbot, "join")
	w.hs.Say(room, ana, "!stop")
	w.poll()
	if got := w.updates(); len(got) != 0 {
		t.Errorf("the first sync brought %v", got)
	}
	w.hs.Say(room, ana, "!help")
	w.poll()
	want := []bot.Event{bot.Command{Name: "help"}}
	if diff := cmp.Diff(want, w.events()); diff != "" {
		t.Error(diff)
	}
}

func TestInvitationIsAcceptedAndTold(t *testing.T) {
	w := newWorld(t)
	w.poll()
	direct := w.hs.CreateRoom(ana, matrixfake.Room{Direct: true}, buurtbot)
	fire := w.hs.Say(direct, ana, "Er brandt iets") // before the bot is in
	group := w.hs.CreateRoom(bo, matrixfake.Room{Name: "Coördinatoren"}, buurtbot)
	w.poll()
	want := []bot.Update{
		{Chat: chat(direct, bot.Private, ""), From: user("ana"), Message: bot.MessageRef(fire), Event: bot.Text{Body: "Er brandt iets"}},
		{Chat: chat(direct, bot.Private, ""), From: user("ana"), Event: bot.Joined{}},
		{Chat: chat(group, bot.Group, "Coördinatoren"), From: user("bo"), Event: bot.Joined{}},
	}
	if diff := cmp.Diff(want, w.updates()); diff != "" {
		t.Error(diff)
	}
}

func chat(room string, kind bot.ChatKind, title string) bot.ChatRef {
	return bot.ChatRef{Platform: Name, ID: room, Kind: kind, Title: title}
}

func user(name string) bot.UserRef {
	return bot.UserRef{Platform: Name, ID: matrixfake.User(name), Name: strings.ToUpper(name[:1]) + name[1:]}
}

func TestWhatWasSaidBeforeTheInvitationIsNotRead(t *testing.T) {
	w := newWorld(t)
	w.poll()
	room := w.hs.CreateRoom(bo, matrixfake.Room{Name: "Straat"})
	w.hs.Say(room, bo, "!alarm")
	w.hs.Member(room, bo, buurtbot, "invite")
	w.hs.Say(room, bo, "!help")
	w.poll()
	want := []bot.Event{bot.Joined{}, bot.Command{Name: "help"}}
	byKind := cmpopts.SortSlices(func(a, b bot.Event) bool { return fmt.Sprintf("%T", a) < fmt.Sprintf("%T", b) })
	if diff := cmp.Diff(want, w.events(), byKind); diff != "" {
		t.Error(diff)
	}
}

func TestInvitationStormIsDeclined(t *testing.T) {
	w := newWorld(t)
	w.poll()
	var all []string
	for range 100 {
		all = append(all, w.hs.CreateRoom(bo, matrixfake.Room{Direct: true}, buurtbot))
	}
	mine := w.hs.CreateRoom(ana, matrixfake.Room{Direct: true}, buurtbot)
	for range 30 {
		if err := w.pollOnce(); err != nil {
			t.Fatal(err)
		}
	}
	in := 0
	for _, room := range all {
		switch is := w.hs.Membership(room, buurtbot); is {
		case "join":
			in++
		case "leave":
		default:
			t.Fatalf("an invitation is still open: %s", is)
		}
	}
	if in != doorsPerPerson || w.hs.Membership(mine, buurtbot) != "join" {
		t.Errorf("the bot is in %d rooms of the storm, and %q in Ana's", in, w.hs.Membership(mine, buurtbot))
	}
}

// A storm that comes at a real server's pace, a few invitations at each poll, is one all the same, also over a restart. After
// an hour the person can invite the bot again.
func TestInvitationStormAtAPollEachIsDeclined(t *testing.T) {
	w := newWorld(t)
	w.poll()
	in := 0
	ask := func(n int) (last string) {
		for i := range n {
			last = w.hs.CreateRoom(bo, matrixfake.Room{Direct: true}, buurtbot)
			w.poll()
			switch is := w.hs.Membership(last, buurtbot); is {
			case "join":
				in++
			case "leave":
			default:
				t.Fatalf("an invitation is still open: %s", is)
			}
			w.now = w.now.Add(30 * time.Second)
			if i == n/2 {
				w.start()
			}
		}
		return last
	}
	last := ask(40)
	if in != doorsPerPerson {
		t.Errorf("the bot is in %d rooms of the storm", in)
	}
	if why := w.hs.Why(last, buurtbot); why != "Eén persoon kan me in een uur voor 5 gesprekken uitnodigen, "+
		"en dat is gebeurd. Nodig me later nog eens uit." {
		t.Errorf("it says %q", why)
	}
	mine := w.hs.CreateRoom(ana, matrixfake.Room{Direct: true}, buurtbot)
	w.poll()
	if is := w.hs.Membership(mine, buurtbot); is != "join" {
		t.Errorf("the bot's membership in Ana's room is %q", is)
	}
	w.now = w.now.Add(time.Hour)
	if ask(1); in != doorsPerPerson+1 {
		t.Errorf("after an hour the bot is in %d rooms", in)
	}
}

func TestSpaceIsNotEntered(t *testing.T) {
	w := newWorld(t)
	w.poll()
	space := w.hs.CreateRoom(bo, matrixfake.Room{Name: "Vlierdam", Space: true}, buurtbot)
	w.poll()
	if is := w.hs.Membership(space, buurtbot); is != "invite" { // it may be taken over later
		t.Errorf("the bot's membership is %q", is)
	}
	if got := w.updates(); len(got) != 0 {
		t.Errorf("the space brought %v", got)
	}
}

func TestInvitationOutlivesACrashAndABusyServer(t *testing.T) {
	w := newWorld(t)
	w.poll()
	room := w.hs.CreateRoom(ana, matrixfake.Room{Direct: true}, buurtbot)
	w.hs.Refuse = refusing("/join", http.StatusTooManyRequests, `{"errcode":"M_LIMIT_EXCEEDED","retry_after_ms":60000}`)
	w.poll()
	w.start()
	w.poll()
	if is := w.hs.Membership(room, buurtbot); is != "invite" {
		t.Fatalf("the bot's membership is %q", is)
	}
	w.hs.Refuse = nil
	w.hs.Calls()
	w.poll()
	for _, call := range w.hs.Calls() {
		if strings.HasSuffix(call, "/join") || strings.Contains(call, "v3/join/") {
			t.Errorf("asked again within the minute that the server wanted: %s", call)
		}
	}
	w.now = w.now.Add(61 * time.Second)
	w.poll()
	if is := w.hs.Membership(room, buurtbot); is != "join" {
		t.Errorf("the bot's membership is %q", is)
	}
}

func TestGapIsFilledInOrder(t *testing.T) {
	w := newWorld(t)
	room := w.private()
	w.hs.Page = 10
	var want []bot.Event
	for i := range 250 {
		text := fmt.Sprintf("bericht %d", i)
		w.hs.Say(room, ana, text)
		want = append(want, bot.Text{Body: text})
	}
	w.poll()
	if diff := cmp.Diff(want, w.events()); diff != "" {
		t.Error(diff)
	}
}

func TestNothingIsLostWhenStoringFails(t *testing.T) {
	w := newWorld(t)
	room := w.private()
	w.hs.Say(room, ana, "Help")
	w.in.fail = errors.New("disk is full")
	if err := w.pollOnce(); !errors.Is(err, w.in.fail) {
		t.Fatalf("the poll says %v", err)
	}
	w.in.fail = nil
	w.start()
	w.poll()
	if diff := cmp.Diff([]bot.Event{bot.Text{Body: "Help"}}, w.events()); diff != "" {
		t.Error(diff)
	}
}

func TestKickWhileOfflineIsTold(t *testing.T) {
	w := newWorld(t)
	w.poll()
	group := w.hs.CreateRoom(bo, matrixfake.Room{Name: "Straat"}, buurtbot)
	w.poll()
	w.in.empty()
	w.start()
	w.hs.Member(group, bo, buurtbot, "leave")
	w.poll()
	want := []bot.Update{{Chat: chat(group, bot.Group, ""), From: bot.UserRef{Platform: Name, ID: bo}, Event: bot.Left{Why: "kicked"}}}
	if diff := cmp.Diff(want, w.updates()); diff != "" {
		t.Error(diff)
	}
}

func TestInvitationWhileOfflineIsAcceptedAfterwards(t *testing.T) {
	w := newWorld(t)
	w.poll()
	w.start()
	room := w.hs.CreateRoom(ana, matrixfake.Room{Direct: true}, buurtbot)
	w.poll()
	want := []bot.Update{{Chat: chat(room, bot.Private, ""), From: user("ana"), Event: bot.Joined{}}}
	if diff := cmp.Diff(want, w.updates()); diff != "" {
		t.Error(diff)
	}
}

func TestPersonWhoLeavesIsFollowedOut(t *testing.T) {
	w := newWorld(t)
	room := w.private()
	w.hs.Member(room, ana, ana, "leave")
	w.poll()
	if diff := cmp.Diff([]bot.Event{bot.Left{Why: "blocked"}}, w.events()); diff != "" {
		t.Error(diff)
	}
	if is := w.hs.Membership(room, buurtbot); is != "leave" {
		t.Errorf("the bot's membership is %q", is)
	}
}

func TestThirdPersonEndsThePrivacy(t *testing.T) {
	w := newWorld(t)
	room := w.private()
	w.send(letter(1, room, "Hoi"))
	w.hs.Member(room, ana, bo, "invite")
	w.poll()
	want := []bot.Update{{Chat: chat(room, bot.Private, ""), From: user("ana"), Event: bot.Left{Why: "not alone any more"}}}
	if diff := cmp.Diff(want, w.updates()); diff != "" {
		t.Error(diff)
	}
	_, err := w.m.Send(t.Context(), letter(2, room, "Geheim"), nil)
	if e := remedy(t, err); e.Remedy != bot.Gone {
		t.Errorf("a private letter to three people: %v", e)
	}
}

func TestTalkOfPeopleInARoomIsNotStored(t *testing.T) {
	w := newWorld(t)
	w.poll()
	group := w.hs.CreateRoom(bo, matrixfake.Room{Name: "Straat"}, buurtbot, ana)
	w.hs.Member(group, ana, ana, "join")
	w.poll()
	w.in.empty()
	l := letter(1, group, "Alarm")
	l.To.Kind = bot.Group
	card := w.send(l)
	said := w.hs.Say(group, ana, "Ik hoorde iets")
	w.hs.React(group, bo, said, "👍")
	w.hs.Send(group, bo, "m.room.message", map[string]any{"msgtype": "m.notice", "body": "!help"})
	w.hs.Send(group, ana, "m.room.message", map[string]any{"msgtype": "m.image", "url": "mxc://hs.test/f1", "body": "a.jpg"})
	w.hs.Say(group, ana, "Buurtbot: wat is er?")
	w.hs.Send(group, ana, "m.room.message", map[string]any{
		"msgtype": "m.text", "body": "gezien", "m.relates_to": map[string]any{"m.in_reply_to": map[string]any{"event_id": string(card)}},
	})
	w.hs.Say(group, bo, "/alarm")
	w.poll()
	want := []bot.Event{
		bot.Text{Body: "wat is er?"}, bot.Text{Body: "gezien", ReplyTo: card}, bot.Command{Name: "alarm"},
	}
	if diff := cmp.Diff(want, w.events()); diff != "" {
		t.Error(diff)
	}
}

func TestReactionTakenBackIsUnderstood(t *testing.T) {
	w := newWorld(t)
	room := w.private()
	card := w.send(letter(1, room, "Is het nog bezig?"))
	reaction := w.hs.React(room, ana, string(card), "2\uFE0F\u20E3")
	w.poll()
	w.start()
	w.hs.Redact(room, ana, reaction)
	said := w.hs.Say(room, ana, "weg")
	w.hs.Redact(room, ana, said)
	w.poll()
	want := []bot.Event{bot.Press{On: card, Key: "2"}, bot.Withdrawn{On: card, Key: "2"}, bot.Erased{On: bot.MessageRef(said)}}
	if diff := cmp.Diff(want, w.events()); diff != "" {
		t.Error(diff)
	}
}

func TestUpgradedPrivateRoomIsFollowedWhenBothSaySo(t *testing.T) {
	w := newWorld(t)
	old := w.private()
	trap := w.hs.CreateRoom(bo, matrixfake.Room{Name: "Val"}, buurtbot)
	next := w.hs.CreateRoom(ana, matrixfake.Room{Direct: true, After: old}, buurtbot)
	w.hs.State(old, ana, "m.room.tombstone", map[string]any{"replacement_room": next})
	w.hs.State(old, ana, "m.room.tombstone", map[string]any{"replacement_room": trap})
	w.poll()
	var moved []bot.Update
	for _, u := range w.updates() {
		if _, is := u.Event.(bot.Moved); is {
			moved = append(moved, u)
		}
	}
	want := []bot.Update{{Chat: chat(old, bot.Private, ""), Event: bot.Moved{To: next}}}
	if diff := cmp.Diff(want, moved); diff != "" {
		t.Error(diff)
	}
}

func TestStrangeEventSpoilsNoOther(t *testing.T) {
	w := newWorld(t)
	room := w.private()
	w.hs.Send(room, ana, "m.room.message", map[string]any{"msgtype": 7, "body": []string{"x"}})
	w.hs.Say(room, ana, "Help")
	w.poll()
	rows := w.in.empty()
	if len(rows) != 2 {
		t.Fatalf("%d rows", len(rows))
	}
	if _, err := w.m.Decode(rows[0].Body); err == nil {
		t.Error("the strange event is decoded")
	}
	if u, err := w.m.Decode(rows[1].Body); err != nil || u.Event != (bot.Text{Body: "Help"}) {
		t.Errorf("the other is %v, %v", u, err)
	}
}

func TestOwnWordsAreNotStored(t *testing.T) {
	w := newWorld(t)
	room := w.private()
	w.send(letter(1, room, "!help"))
	w.poll()
	if got := w.updates(); len(got) != 0 {
		t.Errorf("the bot's own words came back: %v", got)
	}
}

func TestPollSaysHowLongToWait(t *testing.T) {
	for name, c := range map[string]struct {
		status int
		body   string
		remedy bot.Remedy
		after  time.Duration
	}{
		"busy":          {429, `{"errcode":"M_LIMIT_EXCEEDED","retry_after_ms":7500}`, bot.Later, 7500 * time.Millisecond},
		"broken":        {500, `{"errcode":"M_UNKNOWN"}`, bot.Later, firstPause},
		"behind a wall": {403, `<html>captive</html>`, bot.Down, time.Minute},
		"locked":        {403, `{"errcode":"M_USER_LOCKED"}`, bot.Down, 5 * time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.poll()
			w.hs.Refuse = refusing("/sync", c.status, c.body)
			e := remedy(t, w.pollOnce())
			if e.Remedy != c.remedy || e.After != c.after {
				t.Errorf("%v after %v", e.Remedy, e.After)
			}
		})
	}
}

// stopped is a homeserver whose clock stands still.
type stopped struct {
	http.RoundTripper
	at time.Time
}

func (s stopped) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := s.RoundTripper.RoundTrip(req)
	if err == nil && !s.at.IsZero() {
		resp.Header.Set("Date", s.at.Format(http.TimeFormat))
	}
	return resp, err
}

// What a homeserver says of the time is heard; one that says nothing of it contradicts nobody.
func TestClockOfTheServerIsHeard(t *testing.T) {
	w := newWorld(t)
	for _, at := range []time.Time{w.now.AddDate(-1, 0, 0), {}} {
		m := New(Config{
			Homeserver: "http://hs.test", User: buurtbot, Password: "secret-buurtbot", Dir: w.dir, Transport: stopped{w.hs, at},
			Now: func() time.Time { return w.now }, Log: slog.New(slog.DiscardHandler),
		})
		if err := m.PollOnce(t.Context(), w.in); err != nil {
			t.Fatal(err)
		}
		want := at
		if at.IsZero() {
			want = w.now
		}
		if said := m.Testimony(); !said.Said.Equal(want) || !said.Heard.Equal(w.now) {
			t.Errorf("a server whose clock shows %v told %v", at, said)
		}
		_ = m.Close()
	}
}
