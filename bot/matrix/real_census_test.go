//go:build goolm

package matrix

import (
	"regexp"
	"testing"

	"maunium.net/go/mautrix"
	"maunium.net/go/mautrix/id"

	"github.com/buurtbot/buurtbot/bot"
)

// A server that does not know the bot's place in its stream costs nothing: what was said since is read, encrypted as it
// is, what was read is not repeated, and a room that the bot was put out of meanwhile is told.
func TestRealLostPlaceInTheStreamCostsNothing(t *testing.T) {
	r := newReal(t)
	p := newPerson(t, r.hs, "ana")
	room := p.meets(true)
	p.seesJoin(room)
	got, err := p.CreateRoom(t.Context(), &mautrix.ReqCreateRoom{
		Preset: "private_chat", IsDirect: true, Invite: []id.UserID{id.UserID(buurtbot)}, // in which she alone has power
	})
	if err != nil {
		t.Fatal(err)
	}
	other := got.RoomID.String()
	p.seesJoin(other)
	p.says(room, "eerste")
	r.hears("eerste")
	r.stop()
	p.says(room, "tweede")
	if _, err := p.KickUser(t.Context(), id.RoomID(other), &mautrix.ReqKickUser{UserID: id.UserID(buurtbot)}); err != nil {
		t.Fatal(err)
	}
	place := regexp.MustCompile(`^\{"batch":"[^"]+"`)
	if !place.MatchString(r.in.mark) {
		t.Fatalf("the checkpoint has no place in the stream: %s", r.in.mark)
	}
	r.in.mark = place.ReplaceAllString(r.in.mark, `{"batch":"s_of_another_server"`)
	for i, name := range []string{room, other} {
		ref := bot.ChatRef{Platform: Name, ID: name, Kind: bot.Private}
		r.in.held = append(r.in.held, bot.Chat{ID: int64(i + 1), Ref: ref, Reachable: true})
	}
	r.in.empty()
	r.start()
	if u := r.gets(func(u bot.Update) bool { _, is := u.Event.(bot.Left); return is }); u.Chat.ID != other {
		t.Errorf("told of %s", u.Chat.ID)
	}
	p.says(room, "derde")
	r.hears("derde")
	for _, name := range []string{"eerste", "tweede"} {
		if !r.in.seen[textOf(p, name)] {
			t.Errorf("%q was never received", name)
		}
	}
}

// textOf is the event with which somebody said something.
func textOf(p *person, text string) string {
	for _, evt := range p.Seen() {
		if evt.Content.AsMessage().Body == text {
			return evt.ID.String()
		}
	}
	return ""
}
