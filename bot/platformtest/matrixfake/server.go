// Package matrixfake is a homeserver in memory for tests: the part of the Matrix client API that the bot uses, and
// methods with which people act. It keeps what a client can rely on (one order of events, room state, idempotent
// transactions for one token) and nothing else. What real servers do differently is tried on a real one.
package matrixfake

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
)

// Event is an event in a room.
type Event struct {
	ID       string         `json:"event_id"`
	Type     string         `json:"type"`
	Sender   string         `json:"sender"`
	StateKey *string        `json:"state_key,omitempty"`
	At       int64          `json:"origin_server_ts"`
	Content  map[string]any `json:"content"`
	Redacts  string         `json:"redacts,omitempty"`
	Unsigned map[string]any `json:"unsigned,omitempty"`

	place int // in the server's stream, from 1
}

// room is a room with everything that ever happened in it.
type room struct {
	events []*Event
	state  map[string]*Event // by type and state key
}

// Server is the homeserver. The zero value is not usable; see New.
type Server struct {
	// Refuse is asked before a request has any effect; a status other than 0 is the answer.
	Refuse func(r *http.Request) (status int, body string)
	// Lose is asked after a request had its effect; true loses the answer.
	Lose func(r *http.Request) bool
	// Wait is how long a sync without news is held, in milliseconds; 0 = as long as it asks, less than 0 = not at all.
	Wait int
	// Page is the most events of a room in one sync; 0 = 100.
	Page int

	// Knocks lets people knock.
	Knocks bool
	// Overruns gives what stands before the place at which a reading of the past is to end, an event a page, as Dendrite does.
	Overruns bool
	// Ahead is how many events behind the place of a batch count as before it when the past is read backwards from there or up
	// to there, as one of Dendrite's may that stands beside another.
	Ahead int
	// Stop makes the server end in the middle of making a room.
	Stop bool

	mu       sync.Mutex
	aliases  map[string]string // room by address
	place    int
	rooms    map[string]*room
	tokens   map[string]string // account by access token
	password map[string]string // by account
	done     map[string]string // event by token, room and transaction
	data     map[string]json.RawMessage
	files    map[string][]byte
	calls    []string
	wake     chan struct{}
}

// ServerName is the server's part of every id.
const ServerName = "hs.test"

// New is a server with accounts, whose passwords are "secret-" and their name.
func New(names ...string) *Server {
	s := &Server{
		rooms: map[string]*room{}, aliases: map[string]string{},
		tokens: map[string]string{}, password: map[string]string{}, done: map[string]string{},
		data: map[string]json.RawMessage{}, files: map[string][]byte{}, wake: make(chan struct{}),
	}
	for _, name := range names {
		s.password[User(name)] = "secret-" + name
	}
	return s
}

// User is the full id of an account.
func User(name string) string { return "@" + name + ":" + ServerName }

func key(kind, stateKey string) string { return kind + "\x00" + stateKey }

// add appends an event, and applies it if it is one of state.
func (s *Server) add(roomID string, e Event) *Event {
	s.place++
	e.place = s.place
	e.ID = fmt.Sprintf("$e%d", s.place)
	e.At = 1_790_000_000_000 + int64(s.place)*1000
	r := s.rooms[roomID]
	if e.StateKey != nil {
		if old := r.state[key(e.Type, *e.StateKey)]; old != nil {
			e.Unsigned = map[string]any{"prev_content": old.Content}
		}
		r.state[key(e.Type, *e.StateKey)] = &e
	}
	r.events = append(r.events, &e)
	close(s.wake)
	s.wake = make(chan struct{})
	return &e
}

func (r *room) membership(user string) string {
	if e := r.state[key("m.room.member", user)]; e != nil {
		is, _ := e.Content["membership"].(string)
		return is
	}
	return ""
}

// Room says what a new room is.
type Room struct {
	Name      string
	Direct    bool // made for two
	Encrypted bool
	Public    bool
	Space     bool
	After     string // the room it goes on for
}

// CreateRoom makes a room and invites people into it; the creator is in it.
func (s *Server) CreateRoom(creator string, kind Room, invite ...string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	id := fmt.Sprintf("!r%d:%s", len(s.rooms)+1, ServerName)
	s.rooms[id] = &room{state: map[string]*Event{}}
	create := map[string]any{"room_version": "11"}
	if kind.Space {
		create["type"] = "m.space"
	}
	if kind.After != "" {
		create["predecessor"] = map[string]any{"room_id": kind.After}
	}
	rule := "invite"
	if kind.Public {
		rule = "public"
	}
	s.state(id, creator, "m.room.create", "", create)
	s.member(id, creator, creator, map[string]any{"membership": "join", "displayname": display(creator)})
	s.state(id, creator, "m.room.join_rules", "", map[string]any{"join_rule": rule})
	if kind.Name != "" {
		s.state(id, creator, "m.room.name", "", map[string]any{"name": kind.Name})
	}
	if kind.Encrypted {
		s.state(id, creator, "m.room.encryption", "", map[string]any{"algorithm": "m.megolm.v1.aes-sha2"})
	}
	for _, user := range invite {
		content := map[string]any{"membership": "invite", "displayname": display(user)}
		if kind.Direct {
			content["is_direct"] = true
		}
		s.member(id, creator, user, content)
	}
	return id
}

func display(user string) string {
	name, _, _ := strings.Cut(strings.TrimPrefix(user, "@"), ":")
	return strings.ToUpper(name[:1]) + name[1:]
}

func (s *Server) state(roomID, sender, kind, stateKey string, content map[string]any) *Event {
	return s.add(roomID, Event{Type: kind, Sender: sender, StateKey: &stateKey, Content: content})
}

func (s *Server) member(roomID, sender, user string, content map[string]any) *Event {
	return s.state(roomID, sender, "m.room.member", user, content)
}

// Member changes somebody's membership: join, leave, invite, ban.
func (s *Server) Member(roomID, sender, user, is string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.member(roomID, sender, user, map[string]any{"membership": is, "displayname": display(user)}).ID
}

// State sets a state event.
func (s *Server) State(roomID, sender, kind string, content map[string]any) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.state(roomID, sender, kind, "", content).ID
}

// Send puts an event that is not one of state into a room.
func (s *Server) Send(roomID, sender, kind string, content map[string]any) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.add(roomID, Event{Type: kind, Sender: sender, Content: content}).ID
}

// Say writes a text.
func (s *Server) Say(roomID, sender, text string) string {
	content := map[string]any{"msgtype": "m.text", "body": text, "m.mentions": map[string]any{}}
	return s.Send(roomID, sender, "m.room.message", content)
}

// React puts a reaction under an event.
func (s *Server) React(roomID, sender, on, with string) string {
	return s.Send(roomID, sender, "m.reaction", map[string]any{
		"m.relates_to": map[string]any{"rel_type": "m.annotation", "event_id": on, "key": with},
	})
}

// Redact blanks an event.
func (s *Server) Redact(roomID, sender, target string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.redact(roomID, sender, target)
}

func (s *Server) redact(roomID, sender, target string) string {
	for _, e := range s.rooms[roomID].events {
		if e.ID == target {
			e.Content = map[string]any{}
			e.Unsigned = map[string]any{"redacted_because": map[string]any{"type": "m.room.redaction"}}
		}
	}
	content := map[string]any{"redacts": target}
	return s.add(roomID, Event{Type: "m.room.redaction", Sender: sender, Redacts: target, Content: content}).ID
}

// Events lists what an account put into a room, of one type, in order.
func (s *Server) Events(roomID, sender, kind string) []Event {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []Event
	for _, e := range s.rooms[roomID].events {
		if e.Sender == sender && e.Type == kind {
			c := *e
			c.Content = maps.Clone(e.Content)
			all = append(all, c)
		}
	}
	return all
}

// Membership is how somebody stands to a room.
func (s *Server) Membership(roomID, user string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.rooms[roomID].membership(user)
}

// Login gives somebody a login, with which they act over the wire.
func (s *Server) Login(user string) (token string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.place++
	token = fmt.Sprintf("P-%d", s.place)
	s.tokens[token] = user
	return token
}

// Revoke ends every login of an account.
func (s *Server) Revoke(user string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	maps.DeleteFunc(s.tokens, func(_, of string) bool { return of == user })
}

// Keep stores a file and gives its address.
func (s *Server) Keep(data []byte) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.keep(data)
}

func (s *Server) keep(data []byte) string {
	id := fmt.Sprintf("f%d", len(s.files)+1)
	s.files[id] = data
	return "mxc://" + ServerName + "/" + id
}

// File is a stored file.
func (s *Server) File(address string) []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.files[address[strings.LastIndexByte(address, '/')+1:]]
}

// Calls lists the requests since the last call of Calls: method and path, without parameters.
func (s *Server) Calls() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	calls := slices.Clone(s.calls)
	s.calls = nil
	return calls
}

// Forget drops what the server knows of transactions, as some do at a restart.
func (s *Server) Forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.done)
}

// Words gives the text of a message as people see it: its own, or that of its last edit by the same account.
func (s *Server) Words(roomID, event string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	words, sender := "", ""
	for _, e := range s.rooms[roomID].events {
		body, _ := e.Content["body"].(string)
		if e.ID == event {
			words, sender = body, e.Sender
		}
		about, _ := e.Content["m.relates_to"].(map[string]any)
		if anew, is := e.Content["m.new_content"].(map[string]any); is && about["event_id"] == event && e.Sender == sender {
			words, _ = anew["body"].(string)
		}
	}
	return words
}
