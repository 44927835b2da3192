package matrix

import (
	"encoding/json"

	"maunium.net/go/mautrix/event"
	"maunium.net/go/mautrix/id"
)

// loudness is who may call everybody in a room, as its state says.
type loudness struct {
	levels  *event.PowerLevelsEventContent // nil = the room has none
	creator id.UserID
	supreme bool // who made the room may do all there is (room version 12)
}

// hear takes over what a state event says of it.
func (r *room) hear(e *happening) {
	switch e.Type {
	case typePowers:
		var p event.PowerLevelsEventContent
		if json.Unmarshal(e.Content, &p) == nil {
			r.loud.levels = &p
		}
	case "m.room.create":
		var c struct {
			Version id.RoomVersion `json:"room_version"`
		}
		_ = json.Unmarshal(e.Content, &c) // of another form: an old version
		r.loud.creator, r.loud.supreme = id.UserID(e.Sender), c.Version.PrivilegedRoomCreators()
	}
}

// may reports whether a user may call everybody. In a room without levels whoever made it may (client-server API,
// m.room.power_levels).
func (l loudness) may(user id.UserID) bool {
	switch {
	case l.supreme && user == l.creator:
		return true
	case l.levels == nil:
		return user == l.creator
	}
	return l.levels.GetUserLevel(user) >= l.levels.Notifications.Room()
}
