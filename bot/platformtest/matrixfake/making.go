package matrixfake

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// routeMaking answers the calls with which rooms are made and people are let in; false when it is none of them.
func (s *Server) routeMaking(c call) (answer, bool) {
	switch {
	case c.is("GET", 3, "client", "v3", "capabilities"):
		available := map[string]any{"10": "stable", "11": "stable"}
		versions := map[string]any{"m.room_versions": map[string]any{"available": available}}
		return fine(map[string]any{"capabilities": versions}), true
	case c.is("POST", 3, "client", "v3", "createRoom"):
		return s.make(c), true
	case c.is("GET", 5, "client", "v3", "directory", "room"):
		if id, known := s.aliases[c.path[4]]; known {
			return fine(map[string]any{"room_id": id, "servers": []string{ServerName}}), true
		}
		return refuse(http.StatusNotFound, "M_NOT_FOUND"), true
	case c.is("POST", 4, "client", "v3", "knock"):
		return s.knock(c), true
	case c.is("PUT", 7, "client", "v3", "rooms", "", "state"), c.is("PUT", 6, "client", "v3", "rooms", "", "state"):
		return s.set(c), true
	case c.is("POST", 5, "client", "v3", "rooms", "", "invite"):
		return s.change(c, "invite"), true
	case c.is("POST", 5, "client", "v3", "rooms", "", "kick"):
		return s.change(c, "leave"), true
	}
	return answer{}, false
}

// make makes a room as it is asked for. An address is given once.
func (s *Server) make(c call) answer {
	body := c.body()
	alias, _ := body["room_alias_name"].(string)
	if alias != "" {
		alias = "#" + alias + ":" + ServerName
		if s.aliases[alias] != "" {
			return refuse(http.StatusBadRequest, "M_ROOM_IN_USE")
		}
	}
	id := fmt.Sprintf("!r%d:%s", len(s.rooms)+1, ServerName)
	s.rooms[id] = &room{state: map[string]*Event{}}
	if alias != "" {
		s.aliases[alias] = id
	}
	create, _ := body["creation_content"].(map[string]any)
	if create == nil {
		create = map[string]any{}
	}
	create["room_version"] = body["room_version"]
	s.state(id, c.user, "m.room.create", "", create)
	s.member(id, c.user, c.user, map[string]any{"membership": "join", "displayname": display(c.user)})
	if s.Stop { // the server ends in the middle
		return refuse(http.StatusInternalServerError, "M_UNKNOWN")
	}
	powers, _ := body["power_level_content_override"].(map[string]any)
	s.state(id, c.user, "m.room.power_levels", "", powers)
	pieces, _ := body["initial_state"].([]any)
	for _, raw := range pieces {
		e, _ := raw.(map[string]any)
		kind, _ := e["type"].(string)
		stateKey, _ := e["state_key"].(string)
		content, _ := e["content"].(map[string]any)
		s.state(id, c.user, kind, stateKey, content)
	}
	for kind, field := range map[string]string{"m.room.name": "name", "m.room.topic": "topic"} {
		s.state(id, c.user, kind, "", map[string]any{field: body[field]})
	}
	return fine(map[string]any{"room_id": id})
}

// Find gives the room that has a name; empty when none has.
func (s *Server) Find(name string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	for id, r := range s.rooms {
		if e := r.state[key("m.room.name", "")]; e != nil && e.Content["name"] == name {
			return id
		}
	}
	return ""
}

// Named counts the rooms that have a name.
func (s *Server) Named(name string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for _, r := range s.rooms {
		if e := r.state[key("m.room.name", "")]; e != nil && e.Content["name"] == name {
			n++
		}
	}
	return n
}

// Join lets somebody try to come into a room, and Knock to be let in; the status says whether the server let them.
func (s *Server) Join(roomID, user string) int { return s.tries("join", roomID, user) }

// Knock is told with Join.
func (s *Server) Knock(roomID, user string) int { return s.tries("knock", roomID, user) }

func (s *Server) tries(what, roomID, user string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := call{user: user, path: []string{"client", "v3", what, roomID}}
	if what == "join" {
		return s.join(c, roomID).status
	}
	return s.knock(c).status
}

// Why is the reason that came with somebody's membership as it is now; empty when none came.
func (s *Server) Why(roomID, user string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	e := s.rooms[roomID].state[key("m.room.member", user)]
	if e == nil {
		return ""
	}
	why, _ := e.Content["reason"].(string)
	return why
}

// knock lets somebody ask to be let in, where the server knows of that.
func (s *Server) knock(c call) answer {
	switch r := s.rooms[c.path[3]]; {
	case !s.Knocks:
		return refuse(http.StatusNotFound, "M_UNRECOGNIZED")
	case r == nil:
		return refuse(http.StatusNotFound, "M_NOT_FOUND")
	case r.rule() != "knock" || slices.Contains([]string{"join", "invite", "ban"}, r.membership(c.user)):
		return refuse(http.StatusForbidden, "M_FORBIDDEN")
	}
	s.member(c.path[3], c.user, c.user, map[string]any{"membership": "knock", "displayname": display(c.user)})
	return fine(map[string]any{"room_id": c.path[3]})
}

func (s *Server) set(c call) answer {
	r := s.rooms[c.path[3]]
	if r == nil || r.membership(c.user) != "join" || r.level(c.user) < r.needs(c.path[5], "state_default", 50) {
		return refuse(http.StatusForbidden, "M_FORBIDDEN")
	}
	stateKey := ""
	if len(c.path) > 6 {
		stateKey = c.path[6]
	}
	return fine(map[string]any{"event_id": s.state(c.path[3], c.user, c.path[5], stateKey, c.body()).ID})
}

// change invites somebody or puts them out.
func (s *Server) change(c call, to string) answer {
	body := c.body()
	who, _ := body["user_id"].(string)
	r := s.rooms[c.path[3]]
	needs := "invite"
	if to == "leave" {
		needs = "kick"
	}
	switch {
	case r == nil || r.membership(c.user) != "join" || r.level(c.user) < r.setting(needs, 0):
		return refuse(http.StatusForbidden, "M_FORBIDDEN")
	case to == "invite" && slices.Contains([]string{"join", "ban"}, r.membership(who)):
		return refuse(http.StatusForbidden, "M_FORBIDDEN")
	}
	content := map[string]any{"membership": to, "displayname": display(who)}
	if body["reason"] != nil {
		content["reason"] = body["reason"]
	}
	s.member(c.path[3], c.user, who, content)
	return fine(map[string]any{})
}

// rule is how people come into the room.
func (r *room) rule() string {
	if e := r.state[key("m.room.join_rules", "")]; e != nil {
		rule, _ := e.Content["join_rule"].(string)
		return rule
	}
	return "invite"
}

// allows reports whether somebody may come in because they are in another room.
func (s *Server) allows(r *room, user string) bool {
	e := r.state[key("m.room.join_rules", "")]
	if e == nil || !strings.Contains(r.rule(), "restricted") {
		return false
	}
	list, _ := e.Content["allow"].([]any)
	for _, raw := range list {
		a, _ := raw.(map[string]any)
		id, _ := a["room_id"].(string)
		if other := s.rooms[id]; other != nil && other.membership(user) == "join" {
			return true
		}
	}
	return false
}

// setting is a level of the room; a room without levels asks for none.
func (r *room) setting(name string, otherwise float64) float64 {
	e := r.state[key("m.room.power_levels", "")]
	if e == nil {
		return 0
	}
	return number(e.Content[name], otherwise)
}

// needs is the power that an event of a kind takes.
func (r *room) needs(kind, otherwise string, level float64) float64 {
	if e := r.state[key("m.room.power_levels", "")]; e != nil {
		events, _ := e.Content["events"].(map[string]any)
		if events[kind] != nil {
			return number(events[kind], 0)
		}
	}
	return r.setting(otherwise, level)
}

// level is somebody's power.
func (r *room) level(user string) float64 {
	if e := r.state[key("m.room.power_levels", "")]; e != nil {
		users, _ := e.Content["users"].(map[string]any)
		if users[user] != nil {
			return number(users[user], 0)
		}
	}
	create := r.state[key("m.room.create", "")]
	if create != nil && create.Sender == user && create.Content["room_version"] == "12" {
		return 1 << 53
	}
	return r.setting("users_default", 0)
}

func number(v any, otherwise float64) float64 {
	switch n := v.(type) {
	case float64:
		return n
	case int:
		return float64(n)
	}
	return otherwise
}
