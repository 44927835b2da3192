package botapi

import "strconv"

// need is what a method wants to do in a chat.
type need uint8

const (
	toRead need = iota
	toEdit
	toWrite
)

// access finds the chat of a call and refuses what the bot may not do there, in the server's order and words.
func (s *Server) access(c *call, n need) (*chat, *refusal) {
	return s.room(c.get("chat_id"), n)
}

func (s *Server) room(id string, n need) (*chat, *refusal) {
	if id == "" {
		return nil, badRequest("chat_id is empty")
	}
	c := s.named(id)
	switch {
	case c == nil:
		return nil, badRequest("chat not found")
	case c.kind == private:
		return c, s.privateAccess(c.person, n)
	case c.kind == BasicGroup:
		return c, s.groupAccess(c, n)
	}
	return c, s.supergroupAccess(c, n)
}

func (s *Server) named(id string) *chat {
	if id[0] == '@' {
		for _, c := range s.chats {
			if c.username != "" && c.username == id[1:] {
				return c
			}
		}
		return nil
	}
	n, err := strconv.ParseInt(id, 10, 64)
	if err != nil {
		return nil
	}
	return s.chats[n]
}

func (s *Server) privateAccess(p *person, n need) *refusal {
	switch {
	case n == toRead && !p.started:
		return badRequest("chat not found")
	case n == toRead:
		return nil
	case p.deactivated:
		return forbidden("user is deactivated")
	case p.IsBot:
		return forbidden("bot can't send messages to bots")
	case p.blocked:
		return forbidden("bot was blocked by the user")
	case !p.started && !s.now().Before(p.reachable):
		return forbidden("bot can't initiate conversation with a user")
	}
	return nil
}

func (s *Server) groupAccess(c *chat, n need) *refusal {
	switch status := c.member(s.me.ID).Status; {
	case c.movedTo != 0 && n == toWrite:
		r := badRequest("group chat was upgraded to a supergroup chat")
		r.migrateTo = c.movedTo
		return r
	case c.movedTo != 0:
		return nil
	case c.deleted && n == toWrite:
		return forbidden("the group chat was deleted")
	case n == toRead:
		return nil
	case status == Kicked:
		return forbidden("bot was kicked from the group chat")
	case status == Left:
		return forbidden("bot is not a member of the group chat")
	}
	return nil
}

func (s *Server) supergroupAccess(c *chat, n need) *refusal {
	m := c.member(s.me.ID)
	switch {
	case m.Status == Kicked:
		return forbidden("bot was kicked from the " + c.noun())
	case !m.in() && (c.username == "" || n != toRead):
		return forbidden("bot is not a member of the " + c.noun())
	case c.deleted:
		return badRequest("chat not found")
	case c.kind == Channel && n == toWrite && !m.may(CanPost):
		return badRequest("need administrator rights in the channel chat")
	}
	return nil
}

// mayPost refuses messages of a sort ("text messages", "photos") where the bot has been silenced.
func (s *Server) mayPost(c *chat, sort string) *refusal {
	m := c.member(s.me.ID)
	if !c.group() || m.rules() {
		return nil
	}
	if c.silent || m.Status == Restricted && m.Mute {
		return badRequest("not enough rights to send " + sort + " to the chat")
	}
	return nil
}
