package matrix

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync"

	"maunium.net/go/mautrix/event"
	"maunium.net/go/mautrix/id"
)

// room is what we know of a room's state.
type room struct {
	title     string
	named     bool // a name or an address makes it a room for more than two, however many are in it
	open      bool // anybody may join
	space     bool
	made      bool // by us
	encrypted bool
	before    string              // the room that this one goes on in place of
	people    map[string]occupant // who are in it or invited, we included
	loud      loudness
}

// occupant is somebody in a room.
type occupant struct {
	name string
	in   bool // false = invited only
}

// rooms is the state of the rooms that were needed since the start.
type rooms struct {
	mu      sync.Mutex
	known   map[string]*room
	direct  map[string]bool // rooms that were made for two; nil = not read yet
	entered map[string]bool // rooms that we entered in place of others, until the stream says so
}

// glance is a copy of what a caller needs of a room.
type glance struct {
	kind      string
	title     string
	encrypted bool
	space     bool
	made      bool
	before    string
	alone     bool // nobody else is in the room
	crowd     int  // people in it or invited, we included
	loud      bool // we may call everybody
	names     map[string]string
	people    []id.UserID
}

// look gives a room's state, from memory or else from the server.
func (m *Matrix) look(ctx context.Context, l *link, roomID string) (glance, error) {
	if g, known := m.rooms.glance(roomID, string(l.UserID)); known {
		return g, nil
	}
	if err := m.readDirect(ctx, l); err != nil {
		return glance{}, err
	}
	state, err := m.readState(ctx, l, roomID)
	if err != nil {
		return glance{}, err
	}
	r := &room{people: map[string]occupant{}}
	for _, e := range state {
		r.apply(e)
	}
	if err := m.rememberSealed(ctx, l, roomID, r); err != nil {
		return glance{}, err
	}
	m.rooms.mu.Lock()
	m.rooms.known[roomID] = r
	m.rooms.mu.Unlock()
	g, _ := m.rooms.glance(roomID, string(l.UserID))
	return g, nil
}

// rememberSealed keeps the flag of an encrypted room where no server can take it back.
func (m *Matrix) rememberSealed(ctx context.Context, l *link, roomID string, r *room) error {
	if l.vault == nil {
		return nil
	}
	if r.encrypted {
		return l.vault.mark(ctx, roomID)
	}
	marked, err := l.vault.marked(ctx, roomID)
	r.encrypted = marked
	return err
}

// count is how many rooms were needed since the start.
func (s *rooms) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.known)
}

// isDirect reports whether a room was made for one person and us.
func (s *rooms) isDirect(roomID string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.direct[roomID]
}

// enters notes that we enter a room in place of another; wasEntered asks, once.
func (s *rooms) enters(roomID string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.entered == nil {
		s.entered = map[string]bool{}
	}
	s.entered[roomID] = true
}

func (s *rooms) wasEntered(roomID string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	was := s.entered[roomID]
	delete(s.entered, roomID)
	return was
}

// forget drops a room that we are not in any more.
func (s *rooms) forget(roomID string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.known, roomID)
}

func (s *rooms) glance(roomID, me string) (glance, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r, known := s.known[roomID]
	if !known {
		return glance{}, false
	}
	g := glance{
		kind: kindGroup, title: r.title, encrypted: r.encrypted, space: r.space, before: r.before, made: r.made,
		crowd: len(r.people), names: map[string]string{}, alone: true,
		loud: r.loud.may(id.UserID(me)),
	}
	for user, o := range r.people {
		g.names[user] = o.name
		g.people = append(g.people, id.UserID(user))
		if user != me && o.in {
			g.alone = false
		}
	}
	slices.Sort(g.people)
	if len(r.people) <= 2 && !r.space && (s.direct[roomID] || !r.named && !r.open) {
		g.kind = kindPrivate
	}
	return g, true
}

// change applies a state event to a room that is known, and reports whether it is.
func (s *rooms) change(roomID string, e *happening) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	r, known := s.known[roomID]
	if known {
		r.apply(e)
	}
	return known
}

// apply takes over what a state event says. Encryption is never taken back.
func (r *room) apply(e *happening) {
	if e.StateKey == nil {
		return
	}
	r.hear(e)
	var c struct {
		Name        string `json:"name"`
		Alias       string `json:"alias"`
		Join        string `json:"join_rule"`
		Type        string `json:"type"`
		Predecessor struct {
			Room string `json:"room_id"`
		} `json:"predecessor"`
		membership
	}
	if json.Unmarshal(e.Content, &c) != nil {
		return
	}
	switch e.Type {
	case "m.room.name":
		r.title, r.named = c.Name, c.Name != ""
	case "m.room.canonical_alias":
		r.named = r.named || c.Alias != ""
	case "m.room.join_rules":
		r.open = c.Join == "public"
	case "m.room.create":
		r.space, r.before = c.Type == "m.space", c.Predecessor.Room
	case "m.room.encryption":
		r.encrypted = true
	case placeType:
		r.made = true
	case typeMember:
		r.occupy(*e.StateKey, c.membership)
	}
}

func (r *room) occupy(user string, c membership) {
	switch c.Is {
	case "join":
		r.people[user] = occupant{name: c.Name, in: true}
	case "invite":
		r.people[user] = occupant{name: c.Name}
	default:
		delete(r.people, user)
	}
}

const directType = "m.direct"

// readDirect reads which rooms were made for two people; the bot keeps that where clients do.
func (m *Matrix) readDirect(ctx context.Context, l *link) error {
	m.rooms.mu.Lock()
	read := m.rooms.direct != nil
	m.rooms.mu.Unlock()
	if read {
		return nil
	}
	all := map[string][]string{}
	if err := l.GetAccountData(ctx, directType, &all); err != nil && !refusedWith(err, http.StatusNotFound) {
		return fmt.Errorf("direct rooms: %w", err)
	}
	direct := map[string]bool{}
	for _, list := range all {
		for _, roomID := range list {
			direct[roomID] = true
		}
	}
	m.rooms.mu.Lock()
	defer m.rooms.mu.Unlock()
	m.rooms.direct = direct
	return nil
}

// markDirect notes on the server that a room was made for one person and us.
func (m *Matrix) markDirect(ctx context.Context, l *link, person, roomID string) error {
	all := map[string][]string{}
	if err := l.GetAccountData(ctx, directType, &all); err != nil && !refusedWith(err, http.StatusNotFound) {
		return fmt.Errorf("direct rooms: %w", err)
	}
	if !slices.Contains(all[person], roomID) {
		all[person] = append(all[person], roomID)
		if err := l.SetAccountData(ctx, directType, all); err != nil {
			return fmt.Errorf("direct rooms: %w", err)
		}
	}
	if err := m.readDirect(ctx, l); err != nil {
		return err
	}
	m.rooms.mu.Lock()
	defer m.rooms.mu.Unlock()
	m.rooms.direct[roomID] = true
	return nil
}

// happening is an event as the server sends it. Each is read on its own, so that one with a strange form spoils no other.
type happening struct {
	ID       string          `json:"event_id"`
	Type     string          `json:"type"`
	Sender   string          `json:"sender"`
	StateKey *string         `json:"state_key"`
	At       int64           `json:"origin_server_ts"`
	Content  json.RawMessage `json:"content"`
	Redacts  string          `json:"redacts"`
	Unsigned struct {
		Previous *membership     `json:"prev_content"`
		Because  json.RawMessage `json:"redacted_because"`
	} `json:"unsigned"`
	raw json.RawMessage
}

var errNoEvent = errors.New("no event")

func parse(raw json.RawMessage) (*happening, error) {
	e := &happening{raw: raw}
	if err := json.Unmarshal(raw, e); err != nil {
		return nil, err
	}
	if e.Type == "" {
		return nil, errNoEvent
	}
	return e, nil
}

// library gives the event as the library wants it.
func (e *happening) library(roomID string) (*event.Event, error) {
	var evt event.Event
	if err := json.Unmarshal(e.raw, &evt); err != nil {
		return nil, err
	}
	evt.RoomID = id.RoomID(roomID)
	evt.Type.Class = event.MessageEventType
	if evt.StateKey != nil {
		evt.Type.Class = event.StateEventType
	}
	if err := evt.Content.ParseRaw(evt.Type); err != nil && !errors.Is(err, event.ErrUnsupportedContentType) {
		return nil, err
	}
	return &evt, nil
}
