package botapi

import (
	"maps"
	"slices"
	"strconv"
)

func sortedKeys[V any](m map[int64]V) []int64 { return slices.Sorted(maps.Keys(m)) }

// source finds the message that a call passes on.
func (s *Server) source(c *call, what string) (*message, *refusal) {
	from := s.chats[c.id("from_chat_id")]
	if from == nil || from.moved != 0 || (from.user == nil && !from.me.inside()) {
		return nil, bad("chat not found")
	}
	m := from.messages[c.id("message_id")]
	switch {
	case m == nil || m.Deleted || m.Kind == service:
		return nil, bad("message to " + what + " not found")
	case m.Protected && what == "forward":
		return nil, bad("message has protected content and can't be forwarded")
	}
	return m, nil
}

// copyMessage posts a message anew. A bot may copy its own protected messages.
func (s *Server) copyMessage(c *call) ([]byte, *refusal) {
	m, refused := s.passOn(c, "copy")
	if refused != nil {
		return nil, refused
	}
	return append(strconv.AppendInt([]byte(`{"message_id":`), m.ID, 10), '}'), nil
}

// forwardMessage passes a message on, unless it is protected.
func (s *Server) forwardMessage(c *call) ([]byte, *refusal) {
	m, refused := s.passOn(c, "forward")
	if refused != nil {
		return nil, refused
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.appendMessage(nil, m), nil
}

func (s *Server) passOn(c *call, what string) (*message, *refusal) {
	e, refused := readEnvelope(c)
	if refused != nil {
		return nil, refused
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	ch, reply, refused := s.open(c, e, words)
	if refused != nil {
		return nil, refused
	}
	old, refused := s.source(c, what)
	if refused != nil {
		return nil, refused
	}
	if refused := s.write(ch, 1); refused != nil {
		return nil, refused
	}
	m := &message{
		Message:  Message{Kind: old.Kind, Text: old.Text, Raw: old.Raw},
		entities: old.entities, media: old.media, file: old.file, forwarded: what == "forward",
	}
	return s.post(ch, e, reply, m), nil
}
