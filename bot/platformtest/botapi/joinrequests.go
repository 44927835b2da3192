package botapi

import "time"

// contactTime is how long the bot may write to somebody because of a request to join.
const contactTime = 5 * time.Minute

// AskToJoin makes a person ask to be let into a group. The bot hears of it where it may invite people, and may then
// write to the person for 5 minutes.
func (s *Server) AskToJoin(chatID, user int64) int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, p := s.chats[chatID], s.people[user]
	if c == nil || c.asking == nil || p == nil || c.member(user).in() {
		return 0
	}
	c.asking[user] = true
	if !c.member(s.me.ID).may(CanInvite) {
		return 0
	}
	now := s.now()
	p.reachable = now.Add(contactTime)
	b := append(s.queue.begin("chat_join_request"), `{"chat":`...)
	b = s.appendChat(b, c)
	b = append(b, `,"from":`...)
	b = s.appendUser(b, user)
	b = appendNumber(b, "user_chat_id", user)
	b = appendNumber(b, "date", now.Unix())
	return s.queue.push("chat_join_request", chatID, append(b, '}'), now.Add(updateLife))
}

func approveChatJoinRequest(s *Server, c *call) ([]byte, *refusal) {
	room, user, refused := s.joinRequest(c)
	if refused != nil {
		return nil, refused
	}
	delete(room.asking, user)
	s.enter(room, user, s.me.ID)
	return yes()
}

func declineChatJoinRequest(s *Server, c *call) ([]byte, *refusal) {
	room, user, refused := s.joinRequest(c)
	if refused != nil {
		return nil, refused
	}
	delete(room.asking, user)
	return yes()
}

func (s *Server) joinRequest(c *call) (*chat, int64, *refusal) {
	room, refused := s.access(c, toWrite)
	if refused != nil {
		return nil, 0, refused
	}
	user := c.integer("user_id")
	switch {
	case s.people[user] == nil:
		return nil, 0, badRequest("user not found")
	case room.members == nil || !room.member(s.me.ID).may(CanInvite):
		return nil, 0, badRequest("not enough rights to manage chat join requests")
	case room.member(user).in():
		return nil, 0, badRequest("USER_ALREADY_PARTICIPANT")
	case !room.asking[user]:
		return nil, 0, badRequest("HIDE_REQUESTER_MISSING")
	}
	return room, user, nil
}
