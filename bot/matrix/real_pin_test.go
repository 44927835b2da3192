//go:build goolm

package matrix

import (
	"testing"

	"maunium.net/go/mautrix"
	"maunium.net/go/mautrix/event"

	"github.com/buurtbot/buurtbot/bot"
)

// A real homeserver keeps the list of pins, and says so when the right is missing.
func TestRealPinIsKeptAndRefusedWithoutTheRight(t *testing.T) {
	r := newReal(t)
	owner := newPerson(t, r.hs, "bo")
	got, err := owner.CreateRoom(t.Context(), &mautrix.ReqCreateRoom{Preset: "public_chat", Name: "Kastanje"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.m.login.link.JoinRoomByID(t.Context(), got.RoomID); err != nil {
		t.Fatal(err)
	}
	room := bot.ChatRef{Platform: Name, ID: got.RoomID.String(), Kind: bot.Group}
	if err := r.m.Pin(t.Context(), room, "$nothing"); err == nil {
		t.Error("pinned without the right")
	}
	var levels event.PowerLevelsEventContent
	if err := owner.StateEvent(t.Context(), got.RoomID, event.StatePowerLevels, "", &levels); err != nil {
		t.Fatal(err)
	}
	levels.SetUserLevel(r.m.login.link.UserID, 50)
	if _, err := owner.SendStateEvent(t.Context(), got.RoomID, event.StatePowerLevels, "", &levels); err != nil {
		t.Fatal(err)
	}
	for _, do := range []struct {
		change func() error
		want   int
	}{
		{func() error { return r.m.Pin(t.Context(), room, "$alert") }, 1},
		{func() error { return r.m.Pin(t.Context(), room, "$alert") }, 1},
		{func() error { return r.m.Unpin(t.Context(), room, "$alert") }, 0},
	} {
		if err := do.change(); err != nil {
			t.Fatal(err)
		}
		var now event.PinnedEventsEventContent
		if err := owner.StateEvent(t.Context(), got.RoomID, event.StatePinnedEvents, "", &now); err != nil {
			t.Fatal(err)
		}
		if len(now.Pinned) != do.want {
			t.Errorf("pinned: %v", now.Pinned)
		}
	}
}
