package botapi

import (
	"fmt"
	"strconv"
)

// User is a person, or another bot.
type User struct {
	ID        int64
	FirstName string
	Username  string // without @; empty = none
	Language  string // language_code; empty = none
	Bot       bool
	Started   bool // wrote to the bot before
}

// Group is a group, a supergroup or a channel.
type Group struct {
	ID      int64 // −100… for supergroups and channels, −… for groups
	Title   string
	Name    string // public username, without @; empty = none
	Type    string // "group", "supergroup" or "channel"; empty = by the id
	Members []int64
	Admins  []int64 // members who are administrators
	Status  string  // of the bot: "member", "administrator", "left" or "kicked"; empty = member
	Rights  Rights  // of the bot, when it is an administrator
	Deny    Deny    // what members, and so the bot as one, may not send
}

// Rights are what an administrator may do, besides reading everything, and writing in a channel unless Mute.
type Rights struct{ Invite, Delete, Restrict, Pin, Mute bool }

// AllRights are those that the bot asks for.
func AllRights() Rights { return Rights{Invite: true, Delete: true, Restrict: true, Pin: true} }

// Deny is what members may not send.
type Deny struct{ Text, Photos bool }

// user is a person with the private chat between them and the bot.
type user struct {
	User
	json        []byte
	started     bool // wrote to the bot at least once
	blocked     bool
	deactivated bool
	crowded     bool // is in as many chats as Telegram allows
}

// status is what somebody is in a chat.
type status string

const (
	member status = "member"
	admin  status = "administrator"
	left   status = "left"
	kicked status = "kicked"
)

func (st status) inside() bool { return st == member || st == admin }

// chat is a private chat, a group, a supergroup or a channel.
type chat struct {
	id       int64
	kind     string
	title    string
	json     []byte
	user     *user // of a private chat
	people   map[int64]status
	me       status
	rights   Rights
	deny     Deny
	deleted  bool
	moved    int64 // the supergroup this group became
	messages map[int64]*message
	order    []*message
	lastID   int64
	pinned   []int64
	written  window
	gauge    gauge
	asking   map[int64]bool // who asks to join
	greet    map[int64]int64
}

// AddUser makes a person known. The bot cannot write to them before they write to it.
func (s *Server) AddUser(u User) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.addUser(u)
}

func (s *Server) addUser(u User) {
	b := strconv.AppendInt([]byte(`{"id":`), u.ID, 10)
	b = append(b, `,"is_bot":`...)
	b = strconv.AppendBool(b, u.Bot)
	b = appendText(b, "first_name", u.FirstName)
	if u.Username != "" {
		b = appendText(b, "username", u.Username)
	}
	if u.Language != "" {
		b = appendText(b, "language_code", u.Language)
	}
	known := &user{User: u, json: append(b, '}'), started: u.Started}
	s.users[u.ID] = known
	if u.ID == s.id {
		return
	}
	c := strconv.AppendInt([]byte(`{"id":`), u.ID, 10)
	c = appendText(c, "first_name", u.FirstName)
	if u.Username != "" {
		c = appendText(c, "username", u.Username)
	}
	s.chats[u.ID] = &chat{
		id: u.ID, kind: "private", title: u.FirstName, json: append(c, `,"type":"private"}`...), user: known, me: member,
		messages: map[int64]*message{},
	}
}

// AddGroup makes a group with its members; they must be known.
func (s *Server) AddGroup(g Group) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if g.Type == "" {
		g.Type = "group"
		if g.ID < -1_000_000_000_000 {
			g.Type = "supergroup"
		}
	}
	if g.Status == "" {
		g.Status = string(member)
	}
	ch := &chat{
		id: g.ID, kind: g.Type, title: g.Title, people: map[int64]status{}, me: status(g.Status), rights: g.Rights, deny: g.Deny,
		messages: map[int64]*message{}, asking: map[int64]bool{}, greet: map[int64]int64{},
	}
	b := strconv.AppendInt([]byte(`{"id":`), g.ID, 10)
	b = appendText(b, "title", g.Title)
	if g.Name != "" {
		b = appendText(b, "username", g.Name)
	}
	ch.json = append(appendText(b, "type", g.Type), '}')
	for _, id := range g.Members {
		ch.people[id] = member
	}
	for _, id := range g.Admins {
		ch.people[id] = admin
	}
	s.chats[g.ID] = ch
}

// person gives a known user, because a test that names another is wrong.
func (s *Server) person(id int64) *user {
	u := s.users[id]
	if u == nil {
		panic(fmt.Sprintf("botapi: nobody has the id %d", id))
	}
	return u
}

func (s *Server) place(id int64) *chat {
	c := s.chats[id]
	if c == nil {
		panic(fmt.Sprintf("botapi: no chat has the id %d", id))
	}
	return c
}

// newMessageID counts in a supergroup or channel by itself, elsewhere for the bot as a whole.
func (s *Server) newMessageID(ch *chat) int64 {
	if ch.kind == "supergroup" || ch.kind == "channel" {
		ch.lastID++
		return ch.lastID
	}
	s.lastID++
	return s.lastID
}

// target finds the chat of a call in which the bot may write.
func (s *Server) target(c *call) (*chat, *refusal) {
	ch, refused := s.lookup(c)
	if refused != nil {
		return nil, refused
	}
	if ch.user != nil {
		return ch, s.reachable(ch)
	}
	return ch, ch.writable()
}

// lookup finds the chat of a call.
func (s *Server) lookup(c *call) (*chat, *refusal) {
	if c.text("chat_id") == "" {
		return nil, bad("chat_id is empty")
	}
	ch := s.chats[c.id("chat_id")]
	if ch == nil {
		return nil, bad("chat not found")
	}
	if ch.moved != 0 {
		r := bad("group chat was upgraded to a supergroup chat")
		r.migrate = ch.moved
		return nil, r
	}
	return ch, nil
}

// reachable reports whether a person can be written to.
func (s *Server) reachable(ch *chat) *refusal {
	switch {
	case ch.user.deactivated:
		return forbidden("user is deactivated")
	case ch.user.blocked:
		return forbidden("bot was blocked by the user")
	case ch.user.Bot:
		return forbidden("bot can't send messages to bots")
	case !ch.user.started && !s.greeting(ch.id):
		return forbidden("bot can't initiate conversation with a user")
	}
	return nil
}

func (ch *chat) writable() *refusal {
	switch {
	case ch.deleted:
		return forbidden("the group chat was deleted")
	case ch.me == kicked:
		return forbidden("bot was kicked from the " + ch.kind + " chat")
	case !ch.me.inside():
		return forbidden("bot is not a member of the " + ch.kind + " chat")
	case ch.kind == "channel" && (ch.me != admin || ch.rights.Mute):
		return bad("need administrator rights in the channel chat")
	}
	return nil
}

// may reports whether the bot may send content of a sort, which an administrator always may.
func (ch *chat) may(what string) *refusal {
	denied := (what == words && ch.deny.Text) || (what == pictures && ch.deny.Photos)
	if !denied || ch.me == admin {
		return nil
	}
	return bad("not enough rights to send " + what + " to the chat")
}

// The sorts of content, as they stand in refusals.
const (
	words    = "text messages"
	pictures = "photos"
)
