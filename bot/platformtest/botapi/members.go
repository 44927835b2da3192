package botapi

// Status is a person's standing in a group, in the Bot API's words.
type Status string

// The standings.
const (
	Creator       Status = "creator"
	Administrator Status = "administrator"
	Ordinary      Status = "member"
	Restricted    Status = "restricted"
	Left          Status = "left"
	Kicked        Status = "kicked"
)

// Rights are what an administrator may do.
type Rights uint16

// The rights.
const (
	CanDelete Rights = 1 << iota
	CanRestrict
	CanPromote
	CanChangeInfo
	CanInvite
	CanPin
	CanPost // in channels
	CanEdit // in channels
	IsAnonymous
)

// rightNames are the Bot API's words for the rights, in their order.
var rightNames = [...]string{
	"can_delete_messages", "can_restrict_members", "can_promote_members", "can_change_info",
	"can_invite_users", "can_pin_messages", "can_post_messages", "can_edit_messages", "is_anonymous",
}

// Member is a person's standing in a group with what belongs to it.
type Member struct {
	Status Status
	Rights Rights // of an administrator
	Mute   bool   // of somebody restricted: may not write
	Away   bool   // of somebody restricted: is not in the group
}

func (m Member) orOrdinary() Member {
	if m.Status == "" {
		m.Status = Ordinary
	}
	return m
}

// in reports whether somebody is in the group.
func (m Member) in() bool {
	switch m.Status {
	case Creator, Administrator, Ordinary:
		return true
	case Restricted:
		return !m.Away
	}
	return false
}

func (m Member) rules() bool { return m.Status == Creator || m.Status == Administrator }

// may reports whether somebody rules and has a right.
func (m Member) may(r Rights) bool {
	return m.Status == Creator || m.Status == Administrator && m.Rights&r != 0
}

// member is somebody's standing; who was never there has left.
func (c *chat) member(id int64) Member {
	if m, found := c.members[id]; found {
		return m
	}
	return Member{Status: Left}
}

// Join lets a person come into a group. The result is the update of the service message; a chat_member update follows
// it where the bot is an administrator.
func (s *Server) Join(chatID, user int64) int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.chats[chatID]
	if c == nil || c.member(user).in() || s.people[user] == nil {
		return 0
	}
	return s.enter(c, user, user)
}

// enter brings a person into a group and tells the bot.
func (s *Server) enter(c *chat, user, actor int64) int64 {
	old := c.member(user)
	c.members[user] = Member{Status: Ordinary}
	id := s.service(c, actor, service{kind: "new_chat_members", users: []int64{user}})
	s.memberUpdate(c, user, actor, old)
	return id
}

// Leave lets a person go out of a group. The result is the update of the service message.
func (s *Server) Leave(chatID, user int64) int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.chats[chatID]
	if c == nil || !c.member(user).in() {
		return 0
	}
	old := c.member(user)
	id := s.service(c, user, service{kind: "left_chat_member", users: []int64{user}})
	c.members[user] = Member{Status: Left}
	s.memberUpdate(c, user, user, old)
	return id
}

// Promote makes a person or the bot an administrator, by the hand of the creator.
func (s *Server) Promote(chatID, user int64, rights Rights) int64 {
	return s.SetMember(chatID, user, Member{Status: Administrator, Rights: rights})
}

// Demote makes an administrator an ordinary member.
func (s *Server) Demote(chatID, user int64) int64 {
	return s.SetMember(chatID, user, Member{Status: Ordinary})
}

// KickBot removes the bot from a group.
func (s *Server) KickBot(chatID int64) int64 {
	return s.SetMember(chatID, s.Me().ID, Member{Status: Kicked})
}

// AddBot takes the bot into a group as an ordinary member.
func (s *Server) AddBot(chatID int64) int64 {
	return s.SetMember(chatID, s.Me().ID, Member{Status: Ordinary})
}

// SetMember gives somebody another standing, by the hand of the creator, without a service message. The result is the
// my_chat_member or chat_member update.
func (s *Server) SetMember(chatID, user int64, m Member) int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.chats[chatID]
	if c == nil || c.members == nil || s.people[user] == nil {
		return 0
	}
	old := c.member(user)
	c.members[user] = m.orOrdinary()
	return s.memberUpdate(c, user, c.creator(), old)
}

// Block makes a person block the bot.
func (s *Server) Block(user int64) int64 { return s.setBlock(user, true) }

// Unblock makes a person take the bot back.
func (s *Server) Unblock(user int64) int64 { return s.setBlock(user, false) }

func (s *Server) setBlock(user int64, blocked bool) int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.people[user]
	if p == nil || p.blocked == blocked || s.chats[user] == nil {
		return 0
	}
	p.blocked = blocked
	p.started = p.started || !blocked
	old, fresh := Ordinary, Kicked
	if !blocked {
		old, fresh = Kicked, Ordinary
	}
	return s.changed(s.chats[user], "my_chat_member", user, memberChange{s.me.ID, Member{Status: old}, Member{Status: fresh}})
}

// memberUpdate tells the bot about a new standing: always its own, that of others where it rules.
func (s *Server) memberUpdate(c *chat, user, actor int64, old Member) int64 {
	change := memberChange{user, old, c.member(user)}
	if change.old == change.fresh {
		return 0
	}
	if user == s.me.ID {
		return s.changed(c, "my_chat_member", actor, change)
	}
	if !c.member(s.me.ID).rules() {
		return 0
	}
	return s.changed(c, "chat_member", actor, change)
}

// memberChange is what a (my_)chat_member update tells.
type memberChange struct {
	user       int64
	old, fresh Member
}

func (s *Server) changed(c *chat, kind string, actor int64, change memberChange) int64 {
	b := append(s.queue.begin(kind), `{"chat":`...)
	b = s.appendChat(b, c)
	b = append(b, `,"from":`...)
	b = s.appendUser(b, actor)
	b = appendNumber(b, "date", s.now().Unix())
	b = append(b, `,"old_chat_member":`...)
	b = s.appendMember(b, change.user, change.old)
	b = append(b, `,"new_chat_member":`...)
	b = s.appendMember(b, change.user, change.fresh)
	return s.queue.push(kind, c.id, append(b, '}'), s.now().Add(updateLife))
}

// appendMember adds a ChatMember.
func (s *Server) appendMember(b []byte, user int64, m Member) []byte {
	b = append(b, `{"status":"`...)
	b = append(b, m.Status...)
	b = append(b, `","user":`...)
	b = s.appendUser(b, user)
	switch m.Status {
	case Administrator:
		b = append(b, `,"can_be_edited":false`...)
		for i, name := range rightNames {
			b = appendBool(b, name, m.Rights&(1<<i) != 0)
		}
	case Creator:
		b = appendBool(b, "is_anonymous", m.Rights&IsAnonymous != 0)
	case Restricted:
		b = appendBool(b, "is_member", !m.Away)
		b = appendBool(b, "can_send_messages", !m.Mute)
		b = appendNumber(b, "until_date", 0)
	case Kicked:
		b = appendNumber(b, "until_date", 0)
	}
	return append(b, '}')
}

func appendBool(b []byte, name string, so bool) []byte {
	if so {
		return appendTrue(b, name, true)
	}
	b = append(b, ',', '"')
	b = append(b, name...)
	return append(b, `":false`...)
}
