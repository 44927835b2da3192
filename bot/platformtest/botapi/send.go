package botapi

import (
	"encoding/json"
)

// envelope is what all methods that post have in common.
type envelope struct {
	keyboard keyboard
	reply    int64
	whatever bool // post also when the message to be answered is gone
	thread   int64
	silent   bool
	protect  bool
	bare     bool // without a preview of links
}

func readEnvelope(c *call) (e envelope, refused *refusal) {
	if e.keyboard, refused = readKeyboard(c); refused != nil {
		return envelope{}, refused
	}
	e.silent, e.protect = c.flag("disable_notification"), c.flag("protect_content")
	e.thread, e.reply = c.id("message_thread_id"), c.id("reply_to_message_id")
	e.whatever, e.bare = c.flag("allow_sending_without_reply"), c.flag("disable_web_page_preview")
	if raw := c.text("reply_parameters"); raw != "" {
		var p struct {
			ID       int64 `json:"message_id"`
			Whatever bool  `json:"allow_sending_without_reply"`
		}
		if err := json.Unmarshal([]byte(raw), &p); err != nil {
			return envelope{}, bad("can't parse reply parameters: " + err.Error())
		}
		e.reply, e.whatever = p.ID, p.Whatever
	}
	if raw := c.text("link_preview_options"); raw != "" {
		if raw == barePreview {
			e.bare = true
			return e, nil
		}
		var p struct {
			Off bool `json:"is_disabled"`
		}
		if err := json.Unmarshal([]byte(raw), &p); err != nil {
			return envelope{}, bad("can't parse link preview options: " + err.Error())
		}
		e.bare = p.Off
	}
	return e, nil
}

// barePreview is the usual form, which needs no decoding.
const barePreview = `{"is_disabled":true}`

func (s *Server) sendMessage(c *call) ([]byte, *refusal) {
	w, refused := readText(c)
	if refused != nil {
		return nil, refused
	}
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
	if refused := s.write(ch, 1); refused != nil {
		return nil, refused
	}
	m := s.post(ch, e, reply, &message{Message: Message{Kind: "text", Text: w.text, Raw: w.raw}, entities: s.known(w.entities)})
	return s.appendMessage(make([]byte, 0, 512+len(w.text)), m), nil
}

// open checks where a message is to go, and what it answers.
func (s *Server) open(c *call, e envelope, what string) (ch *chat, reply *message, refused *refusal) {
	if ch, refused = s.target(c); refused != nil {
		return nil, nil, refused
	}
	if refused = ch.may(what); refused != nil {
		return nil, nil, refused
	}
	if e.thread != 0 {
		return nil, nil, bad("message thread not found")
	}
	if e.reply != 0 {
		reply = ch.messages[e.reply]
		if reply == nil || reply.Deleted {
			reply = nil
			if !e.whatever {
				return nil, nil, bad("message to be replied not found")
			}
		}
	}
	return ch, reply, nil
}

// post adds a message of the bot.
func (s *Server) post(ch *chat, e envelope, reply, m *message) *message {
	m.From, m.reply = s.id, reply
	if reply != nil {
		m.ReplyTo = reply.ID
	}
	m.Keyboard, m.markup, m.fixed = e.keyboard.rows, e.keyboard.raw, e.keyboard.fixed
	m.Silent, m.Protected, m.NoPreview = e.silent, e.protect, e.bare
	s.add(ch, m)
	s.show(Sent, m)
	return m
}
