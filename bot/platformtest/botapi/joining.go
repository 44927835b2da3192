package botapi

// AskToJoin makes a person ask to be let into a group. The bot is told if it may invite, and may write to them for five
// minutes.
func (s *Server) AskToJoin(who, chat int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	ch := s.place(chat)
	ch.asking[who] = true
	if ch.me != admin || !ch.rights.Invite {
		return
	}
	now := s.now()
	ch.greet[who] = now.Add(greetWithin).Unix()
	b := append(append([]byte(`{"chat":`), ch.json...), `,"from":`...)
	b = append(b, s.person(who).json...)
	b = appendNumber(b, "user_chat_id", who)
	s.push("chat_join_request", chat, updateLife, append(appendNumber(b, "date", now.Unix()), '}'))
}

// StopAsking takes a person's request back; nobody tells the bot.
func (s *Server) StopAsking(who, chat int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.place(chat).asking, who)
}

// Crowd makes a person be in as many chats as Telegram allows, or lets them leave some.
func (s *Server) Crowd(who int64, full bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.person(who).crowded = full
}

func (s *Server) approveChatJoinRequest(c *call) ([]byte, *refusal) {
	s.mu.Lock()
	defer s.mu.Unlock()
	ch, who, refused := s.asker(c)
	if refused != nil {
		return nil, refused
	}
	if ch.people[who].inside() {
		return nil, bad("USER_ALREADY_PARTICIPANT")
	}
	if !ch.asking[who] {
		return nil, bad("HIDE_REQUESTER_MISSING")
	}
	if s.users[who].crowded {
		return nil, bad("USER_CHANNELS_TOO_MUCH")
	}
	delete(ch.asking, who)
	s.join(s.id, who, ch)
	return yes, nil
}

func (s *Server) declineChatJoinRequest(c *call) ([]byte, *refusal) {
	s.mu.Lock()
	defer s.mu.Unlock()
	ch, who, refused := s.asker(c)
	if refused != nil {
		return nil, refused
	}
	if !ch.asking[who] {
		return nil, bad("HIDE_REQUESTER_MISSING")
	}
	delete(ch.asking, who)
	return yes, nil
}

// asker finds whom a call about a request to join is about.
func (s *Server) asker(c *call) (ch *chat, who int64, refused *refusal) {
	if ch, refused = s.governed(c); refused != nil {
		return nil, 0, refused
	}
	if !ch.rights.Invite {
		return nil, 0, bad("not enough rights to manage chat join requests")
	}
	if who = c.id("user_id"); s.users[who] == nil {
		return nil, 0, bad("user not found")
	}
	return ch, who, nil
}

// governed finds the group of a call that only an administrator may make.
func (s *Server) governed(c *call) (*chat, *refusal) {
	ch, refused := s.target(c)
	switch {
	case refused != nil:
		return nil, refused
	case ch.user != nil:
		return nil, bad("chat is a private chat")
	case ch.me != admin:
		return nil, bad("CHAT_ADMIN_REQUIRED")
	}
	return ch, nil
}
