//go:build goolm

package matrix

import (
	"errors"
	"testing"

	"maunium.net/go/mautrix"
	"maunium.net/go/mautrix/event"
	"maunium.net/go/mautrix/id"

	"github.com/buurtbot/buurtbot/bot"
)

// What people said before they asked the bot in is not for it: it executes none of that, at its first start or later, and hears
// what is said from the invitation on, encrypted or not.
func TestRealWhatWasSaidBeforeTheInvitationIsNotExecuted(t *testing.T) {
	r := installed(t)
	p := newPerson(t, r.hs, "ana")
	invite := func(encrypted bool) string {
		room := p.Meets(id.UserID(bo), encrypted)
		p.says(room.String(), "/stop")
		if _, err := p.InviteUser(t.Context(), room, &mautrix.ReqInviteUser{UserID: id.UserID(buurtbot)}); err != nil {
			t.Fatal(err)
		}
		return room.String()
	}
	rooms := []string{invite(false), invite(true)}
	r.start()
	t.Cleanup(func() { r.stop() })
	rooms = append(rooms, invite(false), invite(true))
	for i, room := range rooms {
		p.seesJoin(room)
		p.says(room, "/start "+string(rune('a'+i)))
		u := r.gets(func(u bot.Update) bool { _, is := u.Event.(bot.Command); return is })
		if got := u.Event.(bot.Command).Name; got != "start" {
			t.Errorf("room %d: /%s is executed", i, got)
		}
	}
}

// setState writes a piece of a room's state in somebody's name.
func setState(t *testing.T, p *person, room id.RoomID, kind event.Type, content any) {
	t.Helper()
	if _, err := p.SendStateEvent(t.Context(), room, kind, "", content); err != nil {
		t.Fatal(err)
	}
}

// A Space that people made is taken over once it is shut and the bot has the rights, and never before.
func TestRealSpaceOfPeopleIsTakenOverOnceItCanBe(t *testing.T) {
	r := newReal(t)
	bob := newPerson(t, r.hs, "bo")
	got, err := bob.CreateRoom(t.Context(), &mautrix.ReqCreateRoom{
		Preset: "public_chat", Name: "Onze buurt", RoomVersion: id.RoomV11,
		CreationContent: map[string]any{"type": "m.space"}, Invite: []id.UserID{id.UserID(buurtbot)},
	})
	if err != nil {
		t.Fatal(err)
	}
	space, site := got.RoomID, bot.Site{Key: "kastanje", Kind: bot.SiteSpace, Title: "Kastanje"}
	adopt := func(want error) {
		t.Helper()
		chat, err := r.m.Adopt(t.Context(), site, space.String())
		if !errors.Is(err, want) || want != nil && !isFinal(err) {
			t.Errorf("%v, not %v", err, want)
		}
		if want == nil && chat.ID != space.String() {
			t.Errorf("taken over: %+v", chat)
		}
	}
	adopt(bot.ErrOpen)
	setState(t, bob, space, event.StateJoinRules, map[string]any{"join_rule": "invite"})
	if _, err := bob.InviteUser(t.Context(), space, &mautrix.ReqInviteUser{UserID: id.UserID(buurtbot)}); err != nil {
		t.Log(err) // it may still be asked in
	}
	adopt(bot.ErrPower)
	setState(t, bob, space, event.StatePowerLevels, map[string]any{
		"users": map[string]any{bo: 100, buurtbot: 100}, "invite": 50, "kick": 50, "state_default": 50,
	})
	adopt(nil)
	adopt(nil)
	street := r.build(bot.Site{Key: "street", Kind: bot.SiteStreet, Title: "Meldingen", Within: space.String()})
	if err := r.m.Admit(t.Context(), ref(space.String()), ana); err != nil {
		t.Fatal(err)
	}
	anna := newPerson(t, r.hs, "ana")
	r.admits(anna, space.String())
	r.admits(anna, street)
}

// Into a room in which people work comes who is invited, and nobody else, and who was put out is out.
func TestRealClosedRoomIsForWhoIsInvited(t *testing.T) {
	r := newReal(t)
	anna, bob := newPerson(t, r.hs, "ana"), newPerson(t, r.hs, "bo")
	room := r.build(bot.Site{Key: "coordinators", Kind: bot.SiteClosed, Title: "Coördinatoren"})
	if got := found(t, r.m, room, bot.UseClosed); got != "" {
		t.Errorf("the room has %s", got)
	}
	if _, err := bob.JoinRoom(t.Context(), room, &mautrix.ReqJoinRoom{Via: []string{"hs.test"}}); err == nil {
		t.Error("somebody who was not invited comes in")
	}
	if err := r.m.Admit(t.Context(), ref(room), ana); err != nil {
		t.Fatal(err)
	}
	r.admits(anna, room)
	r.gets(func(u bot.Update) bool { _, is := u.Event.(bot.Came); return is && u.From.ID == ana })
	l := letter(1, room, "Nieuwe melding")
	l.To.Kind = bot.Group
	r.send(l)
	anna.reads("Nieuwe melding")
	if err := r.m.Doors(t.Context(), bot.DoorPutOut, ref(room), bot.UserRef{ID: ana}); err != nil {
		t.Fatal(err)
	}
	if _, err := anna.SendText(t.Context(), id.RoomID(room), "ben ik er nog?"); !errors.Is(err, mautrix.MForbidden) {
		t.Errorf("who was put out speaks: %v", err)
	}
}

// This server knows no knocking, so people come into a Space by an invitation.
func TestRealSpaceIsByInvitationWhereNobodyCanKnock(t *testing.T) {
	r := newReal(t)
	space := r.build(bot.Site{Key: "kastanje", Kind: bot.SiteSpace, Title: "Kastanje"})
	room, err := r.m.law(t.Context(), r.m.login.link, space)
	if err != nil || room.join != "invite" {
		t.Errorf("one comes in by %q, %v", room.join, err)
	}
}
