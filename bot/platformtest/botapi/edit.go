package botapi

import (
	"bytes"
	"encoding/json"
	"slices"
	"time"
)

const deleteWithin = 48 * time.Hour

const notModified = "message is not modified: specified new message content and reply markup are exactly the same as a " +
	"current content and reply markup of the message"

// editable finds the message of a call that the bot may change.
func (s *Server) editable(c *call) (*message, *refusal) {
	ch, refused := s.target(c)
	if refused != nil {
		return nil, refused
	}
	id := c.id("message_id")
	if id == 0 {
		return nil, bad("message identifier is not specified")
	}
	m := ch.messages[id]
	switch {
	case m == nil || m.Deleted:
		return nil, bad("message to edit not found")
	case m.From != s.id || m.forwarded || m.fixed || m.Kind == service:
		return nil, bad("message can't be edited")
	}
	return m, nil
}

func (s *Server) editMessageText(c *call) ([]byte, *refusal) {
	w, refused := readText(c)
	if refused != nil {
		return nil, refused
	}
	return s.editWords(c, w, "text")
}

func (s *Server) editMessageCaption(c *call) ([]byte, *refusal) {
	w, refused := readCaption(c)
	if refused != nil {
		return nil, refused
	}
	return s.editWords(c, w, "caption")
}

// editWords changes the text of a text, or the caption of anything else. The keyboard is replaced, too: none in the call
// is none below the message.
func (s *Server) editWords(c *call, w said, what string) ([]byte, *refusal) {
	e, refused := readEnvelope(c)
	if refused != nil {
		return nil, refused
	}
	if e.keyboard.fixed {
		return nil, bad("inline keyboard expected")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	m, refused := s.editable(c)
	if refused != nil {
		return nil, refused
	}
	if (m.Kind == "text") != (what == "text") || m.Kind == "location" {
		return nil, bad("there is no " + what + " in the message to edit")
	}
	entities := s.known(w.entities)
	if m.Text == w.text && slices.Equal(m.entities, entities) && e.keyboard.equals(m.markup) {
		return nil, bad(notModified)
	}
	if refused := s.write(m.chat, 1); refused != nil {
		return nil, refused
	}
	m.Text, m.Raw, m.entities = w.text, w.raw, entities
	m.NoPreview = e.bare || what == "caption"
	s.redraw(m, e.keyboard)
	return s.appendMessage(nil, m), nil
}

func (s *Server) editMessageReplyMarkup(c *call) ([]byte, *refusal) {
	k, refused := readKeyboard(c)
	if refused != nil {
		return nil, refused
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	m, refused := s.editable(c)
	if refused != nil {
		return nil, refused
	}
	if bytes.Equal(k.raw, m.markup) {
		return nil, bad(notModified)
	}
	if refused := s.write(m.chat, 1); refused != nil {
		return nil, refused
	}
	s.redraw(m, k)
	return s.appendMessage(nil, m), nil
}

// redraw puts another keyboard below a message whose words were changed before.
func (s *Server) redraw(m *message, k keyboard) {
	m.Keyboard, m.markup = k.rows, k.raw
	m.Edited, m.edited = true, s.now().Unix()
	s.show(Edited, m)
}

func (s *Server) deleteMessage(c *call) ([]byte, *refusal) {
	s.mu.Lock()
	defer s.mu.Unlock()
	ch, refused := s.target(c)
	if refused != nil {
		return nil, refused
	}
	m := ch.messages[c.id("message_id")]
	if m == nil || m.Deleted {
		return nil, bad("message to delete not found")
	}
	if refused := s.deletable(m); refused != nil {
		return nil, refused
	}
	s.remove(m)
	return yes, nil
}

// deletable reports whether the bot may delete a message: not after 48 h, and only its own where it has no right to.
func (s *Server) deletable(m *message) *refusal {
	own := m.From == s.id || m.chat.user != nil
	switch {
	case s.now().Sub(m.Date) >= deleteWithin:
		return bad("message can't be deleted for everyone")
	case !own && (m.chat.me != admin || !m.chat.rights.Delete):
		return bad("message can't be deleted")
	}
	return nil
}

func (s *Server) remove(m *message) {
	m.Deleted = true
	s.show(Deleted, m)
}

// deleteMessages skips what is not there.
func (s *Server) deleteMessages(c *call) ([]byte, *refusal) {
	var ids []int64
	if err := json.Unmarshal([]byte(c.text("message_ids")), &ids); err != nil || len(ids) == 0 {
		return nil, bad("message identifiers are not specified")
	}
	if len(ids) > 100 {
		return nil, bad("too many message identifiers specified")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	ch, refused := s.target(c)
	if refused != nil {
		return nil, refused
	}
	for _, id := range ids {
		if m := ch.messages[id]; m != nil && !m.Deleted && s.deletable(m) == nil {
			s.remove(m)
		}
	}
	return yes, nil
}
