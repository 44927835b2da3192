package matrix

import (
	"maunium.net/go/mautrix/id"

	"github.com/buurtbot/buurtbot/bot"
)

// plot is a room that is to be made, with what depends on the server.
type plot struct {
	bot.Site
	me      id.UserID
	version string
	sealed  bool // we have keys
	knocks  bool // the server lets people knock
}

// piece is a piece of a room's state.
type piece struct {
	Type    string         `json:"type"`
	Key     string         `json:"state_key"`
	Content map[string]any `json:"content"`
}

func (p plot) via() []string { return []string{p.me.Homeserver()} }

// request is what the server is asked for. Names are shown as they are: clients show no markup in them.
func (p plot) request() map[string]any {
	creation := map[string]any{}
	if p.Kind == bot.SiteSpace {
		creation["type"] = "m.space"
	}
	var state []piece
	for _, s := range p.state() {
		if s.Type != typePowers { // the server takes those in another place
			state = append(state, s)
		}
	}
	return map[string]any{
		"preset": "private_chat", "visibility": "private", "room_version": p.version, "room_alias_name": aliasOf(p.Key),
		"name": clean(p.Title), "topic": clean(p.Topic), "creation_content": creation, "initial_state": state,
		"power_level_content_override": p.powers(),
	}
}

// state is what the room's state has to say.
func (p plot) state() []piece {
	all := []piece{
		{typePowers, "", p.powers()},
		{"m.room.join_rules", "", p.joining()},
		// Who comes in while a child is missing has to see the alert; elsewhere nobody reads what was said before they came.
		{"m.room.history_visibility", "", map[string]any{"history_visibility": p.history()}},
		{"m.room.guest_access", "", map[string]any{"guest_access": "forbidden"}},
		p.mark(),
	}
	if p.Kind == bot.SiteClosed && p.sealed {
		all = append(all, piece{"m.room.encryption", "", map[string]any{"algorithm": string(id.AlgorithmMegolmV1)}})
	}
	return append(all, p.parent()...)
}

// mark says that the room is one of ours.
func (p plot) mark() piece {
	return piece{placeType, "", map[string]any{"key": p.Key, "kind": string(p.Kind)}}
}

// parent names the space in which the room hangs.
func (p plot) parent() []piece {
	if p.Within == "" {
		return nil
	}
	return []piece{{"m.space.parent", p.Within, map[string]any{"via": p.via(), "canonical": true}}}
}

func (p plot) history() string {
	if p.Kind == bot.SiteStreet {
		return "shared"
	}
	return "joined"
}

// joining is the rule of coming in: by an invitation, after knocking where the server lets people knock, and into a
// street's room from its space.
func (p plot) joining() map[string]any {
	switch {
	case p.Kind == bot.SiteStreet && p.Within != "":
		return map[string]any{
			"join_rule": "restricted", "allow": []any{map[string]any{"type": "m.room_membership", "room_id": p.Within}},
		}
	case p.Kind == bot.SiteSpace && p.knocks:
		return map[string]any{"join_rule": "knock"}
	}
	return map[string]any{"join_rule": "invite"}
}

// powers lets nobody but the bot speak in a street's room and change a space. A reaction can hold any text, so it is
// speech as well. Whoever makes a room has all power in it from version 12 on without being named, and must be named
// before.
func (p plot) powers() map[string]any {
	speak := 50
	if p.Kind == bot.SiteClosed {
		speak = 0
	}
	levels := map[string]any{
		"users_default": 0, "events_default": speak, "state_default": 50, "invite": 50, "kick": 50, "ban": 50, "redact": 50,
		"notifications": map[string]any{"room": 50},
		"events": map[string]any{
			typePowers: 100, "m.room.tombstone": 100, "m.room.encryption": 100, "m.room.server_acl": 100,
			"m.room.history_visibility": 100, "m.room.join_rules": 100, "m.space.child": 100, "m.space.parent": 100,
			placeType: 100,
		},
	}
	if !id.RoomVersion(p.version).PrivilegedRoomCreators() {
		levels["users"] = map[string]any{string(p.me): 100}
	}
	return levels
}
