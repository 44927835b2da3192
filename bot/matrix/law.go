package matrix

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"maunium.net/go/mautrix/event"
	"maunium.net/go/mautrix/id"
)

// law is how a room is set up, as its state says.
type law struct {
	powers  *event.PowerLevelsEventContent
	join    string // rule of joining
	allow   []string
	history string // who reads what was said before
	guests  bool
	version id.RoomVersion
	name    string
	space   bool
	sealed  bool
	bridged bool
	next    string // the room that it goes on as
	before  string // the room that it goes on for
	people  map[string]string
}

// readState reads the whole state of a room.
func (m *Matrix) readState(ctx context.Context, l *link, roomID string) ([]*happening, error) {
	ctx, cancel := context.WithTimeout(ctx, callDeadline)
	defer cancel()
	var raws []json.RawMessage
	if _, err := l.MakeRequest(ctx, http.MethodGet, l.BuildClientURL("v3", "rooms", roomID, "state"), nil, &raws); err != nil {
		return nil, fmt.Errorf("state of a room: %w", err)
	}
	var state []*happening
	for _, raw := range raws {
		if e, err := parse(raw); err == nil && e.StateKey != nil {
			state = append(state, e)
		}
	}
	return state, nil
}

// lawOf reads how a room is set up out of its state. What has a form we do not know counts as not being there.
func lawOf(state []*happening, roomID string) law {
	l := law{powers: &event.PowerLevelsEventContent{}, version: id.RoomV1, people: map[string]string{}}
	// A room without levels of its own gives all power to who made it.
	bare := true
	var creator *event.Event
	for _, e := range state {
		var c lawContent
		_ = json.Unmarshal(e.Content, &c) // of another form: nothing known
		l.read(e, c)
		switch e.Type {
		case "m.room.create":
			creator, _ = e.library(roomID)
		case typePowers:
			var p event.PowerLevelsEventContent
			if json.Unmarshal(e.Content, &p) == nil {
				l.powers, bare = &p, false
			}
		}
	}
	l.powers.CreateEvent = creator
	if bare && creator != nil {
		l.powers.SetUserLevel(creator.Sender, 100) // client-server API, m.room.power_levels
	}
	return l
}

// lawContent is the union of the contents that are read.
type lawContent struct {
	Name    string `json:"name"`
	Join    string `json:"join_rule"`
	History string `json:"history_visibility"`
	Guests  string `json:"guest_access"`
	Is      string `json:"membership"`
	Type    string `json:"type"`
	Version string `json:"room_version"`
	Next    string `json:"replacement_room"`
	Allow   []struct {
		Type string `json:"type"`
		Room string `json:"room_id"`
	} `json:"allow"`
	Before struct {
		Room string `json:"room_id"`
	} `json:"predecessor"`
}

func (l *law) read(e *happening, c lawContent) {
	switch e.Type {
	case "m.room.create":
		l.space, l.before = c.Type == "m.space", c.Before.Room
		if c.Version != "" {
			l.version = id.RoomVersion(c.Version)
		}
	case "m.room.join_rules":
		l.join = c.Join
		for _, a := range c.Allow {
			if a.Type == "m.room_membership" {
				l.allow = append(l.allow, a.Room)
			}
		}
	case "m.room.name":
		l.name = c.Name
	case "m.room.history_visibility":
		l.history = c.History
	case "m.room.guest_access":
		l.guests = c.Guests == "can_join"
	case "m.room.encryption":
		l.sealed = true
	case "m.bridge", "uk.half-shot.bridge":
		l.bridged = l.bridged || strings.TrimSpace(string(e.Content)) != "{}"
	case typeTombstone:
		l.next = c.Next
	case typeMember:
		l.people[*e.StateKey] = c.Is
	}
}

// may reports whether somebody has the power that is needed.
func (l law) may(user id.UserID, needs int) bool { return l.powers.GetUserLevel(user) >= needs }
