package botapi

import "slices"

func (s *Server) pinChatMessage(c *call) ([]byte, *refusal) {
	s.mu.Lock()
	defer s.mu.Unlock()
	ch, refused := s.pinnable(c)
	if refused != nil {
		return nil, refused
	}
	m := ch.messages[c.id("message_id")]
	if m == nil || m.Deleted || m.Kind == service {
		return nil, bad("message to pin not found")
	}
	if refused := s.write(ch, 1); refused != nil {
		return nil, refused
	}
	if !slices.Contains(ch.pinned, m.ID) {
		ch.pinned = append(ch.pinned, m.ID)
		s.announce(s.id, ch, s.appendDeep([]byte(`,"pinned_message":`), m, nil))
	}
	return yes, nil
}

// unpinChatMessage unpins one message, or the newest.
func (s *Server) unpinChatMessage(c *call) ([]byte, *refusal) {
	s.mu.Lock()
	defer s.mu.Unlock()
	ch, refused := s.pinnable(c)
	if refused != nil {
		return nil, refused
	}
	id := c.id("message_id")
	if id == 0 && len(ch.pinned) > 0 {
		id = ch.pinned[len(ch.pinned)-1]
	}
	i := slices.Index(ch.pinned, id)
	if i < 0 {
		return nil, bad("message to unpin not found")
	}
	ch.pinned = slices.Delete(ch.pinned, i, i+1)
	return yes, nil
}

func (s *Server) pinnable(c *call) (*chat, *refusal) {
	ch, refused := s.target(c)
	if refused != nil {
		return nil, refused
	}
	if ch.user == nil && (ch.me != admin || !ch.rights.Pin) {
		return nil, bad("not enough rights to manage pinned messages in the chat")
	}
	return ch, nil
}
