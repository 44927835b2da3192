package botapi

import (
	"fmt"
	"slices"
	"strconv"
	"time"
	"unicode/utf8"
)

const answerLimit = 200 // characters

// query is a press that waits for its answer.
type query struct {
	from, chat, message int64
	at                  time.Time
}

// Press presses the button with a label below a message as it is now, and gives the id of the query.
func (s *Server) Press(from, chat, message int64, label string) (queryID string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	ch := s.place(chat)
	m := ch.messages[message]
	if m == nil || m.Deleted {
		return "", fmt.Errorf("chat %d has no message %d", chat, message)
	}
	if err := s.present(ch, from); err != nil {
		return "", err
	}
	for _, row := range m.Keyboard {
		for _, b := range row {
			if b.Label != label {
				continue
			}
			if b.Data == "" {
				return "", fmt.Errorf("the button %q opens %s", label, b.URL)
			}
			return s.press(from, ch, message, b.Data), nil
		}
	}
	return "", fmt.Errorf("message %d in chat %d has no button %q: %v", message, chat, label, m.Keyboard)
}

// PressLast presses the button with a label below the newest message that has one.
func (s *Server) PressLast(from, chat int64, label string) (queryID string, err error) {
	s.mu.Lock()
	order := s.place(chat).order
	on := int64(0)
	for _, m := range slices.Backward(order) {
		if !m.Deleted && slices.ContainsFunc(m.Keyboard, func(row []Button) bool {
			return slices.ContainsFunc(row, func(b Button) bool { return b.Label == label })
		}) {
			on = m.ID
			break
		}
	}
	s.mu.Unlock()
	return s.Press(from, chat, on, label)
}

// present reports whether a person can see a chat.
func (s *Server) present(ch *chat, who int64) error {
	s.person(who)
	if (ch.user != nil && ch.id != who) || (ch.user == nil && !ch.people[who].inside()) {
		return fmt.Errorf("%d is not in chat %d", who, ch.id)
	}
	return nil
}

// PressData sends a press that no button need have, as an old or a changed app does. A message that does not exist any
// more is shown without its content; message 0 is none at all.
func (s *Server) PressData(from, chat, message int64, data string) (queryID string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.person(from)
	return s.press(from, s.place(chat), message, data)
}

func (s *Server) press(from int64, ch *chat, message int64, data string) string {
	now := s.now()
	id := strconv.FormatInt(s.id<<20+s.next(), 10)
	s.sweep(now)
	s.queries[id] = &query{from: from, chat: ch.id, message: message, at: now}
	b := appendString([]byte(`{"id":`), id)
	b = appendRaw(b, "from", s.users[from].json)
	switch m := ch.messages[message]; {
	case message == 0:
		b = appendText(b, "inline_message_id", "AAAA"+id)
	case m == nil || m.Deleted:
		b = append(append(b, `,"message":{"chat":`...), ch.json...)
		b = append(appendNumber(b, "message_id", message), `,"date":0}`...)
	default:
		b = s.appendMessage(append(b, `,"message":`...), m)
	}
	b = appendText(b, "chat_instance", strconv.FormatInt(-3211234567890-ch.id, 10))
	b = append(appendText(b, "data", data), '}')
	s.push("callback_query", from, pressLife, b)
	s.note(Event{Kind: Pressed, Chat: ch.id, From: from, Query: id, Text: data})
	return id
}

// sweep forgets presses that cannot be answered any more, each time there are twice as many as were left.
func (s *Server) sweep(now time.Time) {
	if len(s.queries) <= s.crowd {
		return
	}
	for id, q := range s.queries {
		if now.Sub(q.at) > queryLife {
			delete(s.queries, id)
		}
	}
	s.crowd = max(1000, 2*len(s.queries))
}

func (s *Server) answerCallbackQuery(c *call) ([]byte, *refusal) {
	text := c.text("text")
	if utf8.RuneCountInString(text) > answerLimit {
		return nil, bad("MESSAGE_TOO_LONG")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	id := c.text("callback_query_id")
	q := s.queries[id]
	if q == nil || s.now().Sub(q.at) > queryLife {
		return nil, bad("query is too old and response timeout expired or query ID is invalid")
	}
	if s.quiet {
		delete(s.queries, id)
	}
	s.note(Event{Kind: Answered, Chat: q.chat, From: q.from, Query: id, Text: text, Alert: c.flag("show_alert")})
	return yes, nil
}
