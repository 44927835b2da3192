//go:build goolm

package matrix

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"maunium.net/go/mautrix"
	"maunium.net/go/mautrix/event"
	"maunium.net/go/mautrix/id"

	"github.com/buurtbot/buurtbot/bot"
)

// setting is a piece of a new room's state.
func setting(kind event.Type, content any) *event.Event {
	return &event.Event{Type: kind, Content: event.Content{Parsed: content}}
}

func TestRealRoomsOfEveryVersionAreInspected(t *testing.T) {
	r := newReal(t)
	r.hs.Register("cas")
	// Each asked by somebody else: one person may not ask for so many rooms in an hour.
	for name, version := range map[string]id.RoomVersion{"ana": id.RoomV10, "bo": id.RoomV11, "cas": id.RoomV12} {
		asker := newPerson(t, r.hs, name)
		open, err := asker.CreateRoom(t.Context(), &mautrix.ReqCreateRoom{
			Preset: "private_chat", RoomVersion: version, Invite: []id.UserID{id.UserID(buurtbot)},
		})
		if err != nil {
			t.Fatal(err)
		}
		tight, err := asker.CreateRoom(t.Context(), &mautrix.ReqCreateRoom{
			Preset: "private_chat", RoomVersion: version, Invite: []id.UserID{id.UserID(buurtbot)},
			InitialState: []*event.Event{
				setting(event.StateHistoryVisibility, &event.HistoryVisibilityEventContent{HistoryVisibility: "joined"}),
				setting(event.StateGuestAccess, &event.GuestAccessEventContent{GuestAccess: "forbidden"}),
				setting(event.StateEncryption, &event.EncryptionEventContent{Algorithm: id.AlgorithmMegolmV1}),
			},
			PowerLevelOverride: &event.PowerLevelsEventContent{Users: map[id.UserID]int{id.UserID(buurtbot): 50}},
		})
		if err != nil {
			t.Fatal(err)
		}
		asker.seesJoin(open.RoomID.String())
		asker.seesJoin(tight.RoomID.String())
		got := []string{found(t, r.m, open.RoomID.String(), bot.UseClosed), found(t, r.m, tight.RoomID.String(), bot.UseClosed)}
		want := []string{"guests! history no_delete no_pin unsealed!", ""}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("version %s (-want +got)\n%s", version, diff)
		}
	}
	if got := found(t, r.m, "!nowhere:hs.test", bot.UseClosed); got != "absent!" {
		t.Errorf("a room that is none: %s", got)
	}
}
