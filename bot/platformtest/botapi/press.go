package botapi

import (
	"strconv"
	"time"
)

// query is a press that waits for its answer.
type query struct {
	user, chat int64
	at         time.Time
}

// Answer is what the bot said to a press.
type Answer struct {
	Query string
	User  int64
	Chat  int64
	Text  string
	Alert bool
	At    time.Time
	After time.Duration // since the press
}

// Press makes a person press a button with this data under a message, whether the message has such a button or not:
// clients can be forged. A message that is gone comes as an inaccessible one, message 0 as none. The result is the
// update's id.
func (s *Server) Press(chatID, user, messageID int64, data string) int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.press(chatID, user, messageID, data)
}

// PressLabel makes a person press the button with this label under the newest message of the chat that has one; 0 if
// there is none. A button that opens an address tells the bot nothing, so it is not found either.
func (s *Server) PressLabel(chatID, user int64, label string) int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.chats[chatID]
	if c == nil {
		return 0
	}
	for i := len(c.messages) - 1; i >= 0; i-- {
		m := c.messages[i]
		if m.deleted || m.markup == nil || !m.markup.inline {
			continue
		}
		for _, row := range m.markup.rows {
			for _, button := range row {
				if button.Text == label && button.Data != "" {
					return s.press(chatID, user, m.id, button.Data)
				}
			}
		}
	}
	return 0
}

func (s *Server) press(chatID, user, messageID int64, data string) int64 {
	c, now := s.chats[chatID], s.now()
	if c == nil || s.people[user] == nil || c.members != nil && !c.member(s.me.ID).in() {
		return 0
	}
	id := "43" + s.newSerial()
	b := append(s.queue.begin("callback_query"), `{"id":"`...)
	b = append(b, id...)
	b = append(b, `","from":`...)
	b = s.appendUser(b, user)
	b = s.appendPressed(b, c, messageID)
	b = appendField(b, "chat_instance", strconv.FormatInt(chatID^0x5bd1e995, 10))
	b = appendField(b, "data", data)
	update := s.queue.push("callback_query", chatID, append(b, '}'), now.Add(pressLife))
	if update != 0 {
		s.forgetQueries(now)
		s.queries[id] = &query{user: user, chat: chatID, at: now}
	}
	return update
}

func (s *Server) appendPressed(b []byte, c *chat, messageID int64) []byte {
	if messageID == 0 {
		return appendField(b, "inline_message_id", "inline"+strconv.FormatInt(s.serial, 10))
	}
	b = append(b, `,"message":`...)
	if m := c.find(messageID); m != nil {
		return s.appendMessage(b, m, true)
	}
	b = append(b, `{"chat":`...)
	b = s.appendChat(b, c)
	b = appendNumber(b, "message_id", messageID)
	return append(b, `,"date":0}`...)
}

// forgetQueries drops presses nobody can answer any more, once there are many.
func (s *Server) forgetQueries(now time.Time) {
	if len(s.queries) == 0 || len(s.queries)%4096 != 0 {
		return
	}
	for id, q := range s.queries {
		if now.Sub(q.at) > pressLife {
			delete(s.queries, id)
		}
	}
}

func answerCallbackQuery(s *Server, c *call) ([]byte, *refusal) {
	id, text := c.get("callback_query_id"), c.get("text")
	q := s.queries[id]
	if q == nil || c.at.Sub(q.at) > pressLife {
		return nil, badRequest("query is too old and response timeout expired or query ID is invalid")
	}
	if refused := checkUTF8(text); refused != nil {
		return nil, refused
	}
	if length(text) > 200 {
		return nil, badRequest("MESSAGE_TOO_LONG")
	}
	a := Answer{
		Query: id, User: q.user, Chat: q.chat, Text: text, Alert: c.yes("show_alert"), At: c.at, After: c.at.Sub(q.at),
	}
	s.books.answer(a)
	if s.hooks.answered != nil {
		c.answered = &a
	}
	return yes()
}
