//go:build goolm

package matrix

import (
	"errors"
	"net/http"
	"testing"
	"time"

	"maunium.net/go/mautrix"
	"maunium.net/go/mautrix/event"
	"maunium.net/go/mautrix/id"

	"github.com/buurtbot/buurtbot/bot"
)

// upgrades lets the server make another room of a version in place of one.
func (p *person) upgrades(room string, version id.RoomVersion) string {
	p.t.Helper()
	var got struct {
		Next string `json:"replacement_room"`
	}
	_, err := p.MakeRequest(p.t.Context(), http.MethodPost, p.BuildClientURL("v3", "rooms", room, "upgrade"),
		map[string]any{"new_version": version}, &got)
	if err != nil {
		p.t.Fatal(err)
	}
	return got.Next
}

func (p *person) invites(room string) {
	p.t.Helper()
	_, err := p.InviteUser(p.t.Context(), id.RoomID(room), &mautrix.ReqInviteUser{UserID: id.UserID(buurtbot)})
	if err != nil {
		p.t.Fatal(err)
	}
}

func TestRealUpgradeIsFollowedWhenTheBotIsTold(t *testing.T) {
	r := newReal(t)
	anna := newPerson(t, r.hs, "ana")
	made, err := anna.CreateRoom(t.Context(), &mautrix.ReqCreateRoom{
		Preset: "private_chat", Name: "Straat", RoomVersion: id.RoomV10, Invite: []id.UserID{id.UserID(buurtbot)},
	})
	if err != nil {
		t.Fatal(err)
	}
	room := made.RoomID.String()
	anna.seesJoin(room)
	for i, version := range []id.RoomVersion{id.RoomV11, id.RoomV12} { // once and once more
		next := anna.upgrades(room, version)
		told := r.gets(func(u bot.Update) bool {
			_, is := u.Event.(bot.Replaced)
			return is && u.Chat.ID == room
		}).Event.(bot.Replaced)
		if told.By.ID != next {
			t.Fatalf("told of %q, not of %q", told.By.ID, next)
		}
		if err := r.m.Follow(t.Context(), ref(room), told.By); !errors.Is(err, bot.ErrShut) {
			t.Errorf("without an invitation: %v", err)
		}
		anna.invites(next)
		r.follows(room, told.By)
		l := letter(int64(i)+1, next, "Wij zijn er weer, versie "+string(version))
		l.To.Kind = bot.Group
		r.send(l)
		anna.reads("Wij zijn er weer, versie " + string(version))
		room = next
	}
}

// follows tries until the room lets the bot in.
func (r *actual) follows(old string, next bot.Successor) {
	r.t.Helper()
	var err error
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		if err = r.m.Follow(r.t.Context(), ref(old), next); err == nil {
			return
		}
	}
	r.t.Fatal(err)
}

// A space that people made goes on in another room of another version: our mark is there again, and who comes into the new
// space comes into the street.
func TestRealUpgradedSpaceHoldsTheStreetAgain(t *testing.T) {
	r := newReal(t)
	anna, bob := newPerson(t, r.hs, "ana"), newPerson(t, r.hs, "bo")
	made, err := anna.CreateRoom(t.Context(), &mautrix.ReqCreateRoom{
		Preset: "private_chat", Name: "Kastanje", RoomVersion: id.RoomV10, Invite: []id.UserID{id.UserID(buurtbot)},
		CreationContent: map[string]any{"type": "m.space"},
		PowerLevelOverride: &event.PowerLevelsEventContent{
			Users: map[id.UserID]int{anna.UserID: 100, id.UserID(buurtbot): 100},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	space := bot.Site{Key: "space", Kind: bot.SiteSpace, Title: "Kastanje"}
	old, err := r.m.Adopt(t.Context(), space, made.RoomID.String())
	if err != nil {
		t.Fatal(err)
	}
	street := r.build(bot.Site{Key: "street", Kind: bot.SiteStreet, Title: "Meldingen", Within: old.ID})
	next := anna.upgrades(old.ID, id.RoomV11)
	anna.invites(next)
	r.follows(old.ID, bot.Successor{ID: next, Via: "hs.test"})
	if _, err := anna.InviteUser(t.Context(), id.RoomID(next), &mautrix.ReqInviteUser{UserID: bob.UserID}); err != nil {
		t.Fatal(err)
	}
	r.admits(bob, next)
	if _, err := bob.JoinRoom(t.Context(), street, &mautrix.ReqJoinRoom{Via: []string{"hs.test"}}); err == nil {
		t.Error("the street is open to the new space before it hangs there")
	}
	for range 2 {
		if err := r.m.Rehang(t.Context(), space, ref(next), ref(street)); err != nil {
			t.Fatal(err)
		}
	}
	r.admits(bob, street)
	state, err := r.m.readState(t.Context(), r.m.login.link, next)
	if err != nil {
		t.Fatal(err)
	}
	marks := 0
	for _, e := range state {
		if e.Type == placeType && e.Sender == buurtbot || e.Type == "m.space.child" && *e.StateKey == street {
			marks++
		}
	}
	if marks != 2 {
		t.Errorf("the space has %d of our mark and the street", marks)
	}
}
