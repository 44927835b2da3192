package botapi

import (
	"sort"
	"time"
)

// User is an account.
type User struct {
	ID                            int64
	FirstName, LastName, Username string
	LanguageCode                  string
	IsBot                         bool
}

// person is an account and what is between it and the bot.
type person struct {
	User
	started, blocked, deactivated bool
	reachable                     time.Time // until when the bot may write because of a request to join
}

// The kinds of group.
const (
	BasicGroup = "group"
	Supergroup = "supergroup"
	Channel    = "channel"
)

const private = "private"

// Group is a chat of several people. Its id is negative; from -100 0000000000 down it is a supergroup or a channel.
type Group struct {
	ID       int64
	Title    string
	Type     string // BasicGroup, Supergroup or Channel; empty = by the id
	Username string // of a public one, without @
	Creator  int64
	Members  []int64
	Bot      Member // the bot's own standing; the zero Member is an ordinary member
}

// chat is a chat as the server knows it.
type chat struct {
	id       int64
	kind     string
	title    string
	username string
	person   *person // of a private chat
	members  map[int64]Member
	asking   map[int64]bool // who waits to be let in
	silent   bool           // ordinary members may not write
	movedTo  int64
	deleted  bool
	lastBot  int64 // the last bot that spoke
	pinned   int64
	last     int64 // the last message id, where the chat counts for itself
	messages []*message
	flow     flow
}

func (c *chat) group() bool { return c.kind == BasicGroup || c.kind == Supergroup }

// ownIDs reports whether message ids count within the chat.
func (c *chat) ownIDs() bool { return c.kind == Supergroup || c.kind == Channel }

func (c *chat) noun() string {
	switch c.kind {
	case BasicGroup:
		return "group chat"
	case Supergroup:
		return "supergroup chat"
	case Channel:
		return "channel chat"
	}
	return "private chat"
}

// AddUser makes an account known; nothing is delivered. An account that is already there is changed.
func (s *Server) AddUser(u User) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if u.FirstName == "" {
		u.FirstName = u.Username
	}
	if p := s.people[u.ID]; p != nil {
		p.User = u
		return
	}
	p := &person{User: u}
	s.people[u.ID] = p
	s.chats[u.ID] = &chat{id: u.ID, kind: private, person: p}
}

// AddGroup makes a group with its members; nothing is delivered.
func (s *Server) AddGroup(g Group) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := &chat{id: g.ID, kind: g.Type, title: g.Title, username: g.Username, members: map[int64]Member{}, asking: map[int64]bool{}}
	if c.kind == "" {
		c.kind = BasicGroup
		if g.ID <= -1000000000000 {
			c.kind = Supergroup
		}
	}
	for _, id := range g.Members {
		c.members[id] = Member{Status: Ordinary}
	}
	if g.Creator != 0 {
		c.members[g.Creator] = Member{Status: Creator}
	}
	c.members[s.me.ID] = g.Bot.orOrdinary()
	s.chats[g.ID] = c
}

// Silence takes from ordinary members of a group the right to write.
func (s *Server) Silence(chatID int64) { s.setSilence(chatID, true) }

// Unsilence gives it back.
func (s *Server) Unsilence(chatID int64) { s.setSilence(chatID, false) }

func (s *Server) setSilence(chatID int64, silent bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c := s.chats[chatID]; c != nil {
		c.silent = silent
	}
}

// DeleteGroup makes a group disappear.
func (s *Server) DeleteGroup(chatID int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c := s.chats[chatID]; c != nil {
		c.deleted = true
	}
}

// Deactivate deletes a person's account.
func (s *Server) Deactivate(user int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if p := s.people[user]; p != nil {
		p.deactivated = true
	}
}

// Migrate turns a basic group into a supergroup with a new id. The bot is told in both chats; the result is the id of
// the update in the old one, and that in the new one follows it. Both are 0 when the bot is told nothing.
func (s *Server) Migrate(chatID, newID int64) int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	old := s.chats[chatID]
	if old == nil || old.kind != BasicGroup || old.movedTo != 0 {
		return 0
	}
	moved := &chat{
		id: newID, kind: Supergroup, title: old.title, members: old.members, asking: map[int64]bool{},
		silent: old.silent, lastBot: old.lastBot,
	}
	s.chats[newID] = moved
	id := s.service(old, old.creator(), service{kind: "migrate_to_chat_id", number: newID})
	s.service(moved, anonymousAdmin, service{kind: "migrate_from_chat_id", number: chatID})
	old.movedTo = newID
	return id
}

func (c *chat) creator() int64 {
	for id, m := range c.members {
		if m.Status == Creator {
			return id
		}
	}
	return anonymousAdmin
}

// admins lists who may rule a chat, by id.
func (c *chat) admins() []int64 {
	var ids []int64
	for id, m := range c.members {
		if m.rules() {
			ids = append(ids, id)
		}
	}
	sort.Slice(ids, func(i, j int) bool { return ids[i] < ids[j] })
	return ids
}

// find is a message of the chat that still stands.
func (c *chat) find(id int64) *message {
	i := sort.Search(len(c.messages), func(i int) bool { return c.messages[i].id >= id })
	if i == len(c.messages) || c.messages[i].id != id || c.messages[i].deleted {
		return nil
	}
	return c.messages[i]
}

// put adds a message to a chat under its next id.
func (s *Server) put(c *chat, m *message) {
	if c.ownIDs() {
		c.last++
		m.id = c.last
	} else {
		s.common++
		m.id = s.common
	}
	m.chat = c
	c.messages = append(c.messages, m)
	if keep := s.books.keep; keep > 0 && len(c.messages) > 2*keep {
		c.messages = append(make([]*message, 0, 2*keep+1), c.messages[len(c.messages)-keep:]...)
	}
	if m.from != 0 && (m.from == s.me.ID || s.people[m.from] != nil && s.people[m.from].IsBot) {
		c.lastBot = m.from
	}
}
