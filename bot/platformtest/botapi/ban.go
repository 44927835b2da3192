package botapi

// banChatMember puts a person out of a group and keeps them out.
func (s *Server) banChatMember(c *call) ([]byte, *refusal) {
	s.mu.Lock()
	defer s.mu.Unlock()
	ch, who, refused := s.restricting(c)
	if refused != nil {
		return nil, refused
	}
	from := ch.status(who)
	if from == kicked {
		return yes, nil
	}
	ch.people[who] = kicked
	if from.inside() {
		s.announce(s.id, ch, append([]byte(`,"left_chat_member":`), s.person(who).json...))
	}
	s.tellMember(s.id, who, ch, [2]status{from, kicked})
	return yes, nil
}

// unbanChatMember lets a person come back. Without only_if_banned it puts out who is inside, as the Bot API does.
func (s *Server) unbanChatMember(c *call) ([]byte, *refusal) {
	s.mu.Lock()
	defer s.mu.Unlock()
	ch, who, refused := s.restricting(c)
	if refused != nil {
		return nil, refused
	}
	if ch.kind == "group" {
		return nil, bad("method is available for supergroup and channel chats only")
	}
	from := ch.status(who)
	if from == left || from != kicked && c.flag("only_if_banned") {
		return yes, nil
	}
	ch.people[who] = left
	s.tellMember(s.id, who, ch, [2]status{from, left})
	return yes, nil
}

// restricting finds whom a ban is about, whom an administrator with the right may ban unless they are one, too.
func (s *Server) restricting(c *call) (ch *chat, who int64, refused *refusal) {
	if ch, refused = s.governed(c); refused != nil {
		return nil, 0, refused
	}
	if !ch.rights.Restrict {
		return nil, 0, bad("not enough rights to restrict/unrestrict chat member")
	}
	who = c.id("user_id")
	switch {
	case s.users[who] == nil:
		return nil, 0, bad("PARTICIPANT_ID_INVALID")
	case who == s.id:
		return nil, 0, bad("can't restrict self")
	case ch.status(who) == admin:
		return nil, 0, bad("user is an administrator of the chat")
	}
	return ch, who, nil
}

// Inside reports whether a person is in a group.
func (s *Server) Inside(who, chat int64) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.place(chat).status(who).inside()
}
