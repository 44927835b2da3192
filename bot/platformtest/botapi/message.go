package botapi

import (
	"slices"
	"strconv"
	"time"
)

// keptQuietly is how many messages of a chat a quiet server keeps, so that they can be pressed and edited.
const keptQuietly = 64

// Message is a message as people see it now.
type Message struct {
	ID        int64
	Chat      int64
	From      int64 // the bot's own id for what the bot sent
	Date      time.Time
	Text      string // of a text or a caption, without markup
	Raw       string // the same as it was sent
	Kind      string // "text", "photo", "location", "service" …
	Photos    int    // 1 for a picture; an album is several messages
	Picture   []byte // as it is shown; nil = there is none
	Album     string // equal for the messages of one album
	Keyboard  [][]Button
	ReplyTo   int64 // 0 = nothing
	Edited    bool
	Deleted   bool
	Silent    bool
	Protected bool
	NoPreview bool
	Pinned    bool
}

// message is one with what only the server needs.
type message struct {
	Message
	chat      *chat
	edited    int64
	entities  []entity
	media     []byte // members of its JSON, each after a comma
	file      *file
	markup    []byte // of the keyboard
	sender    int64  // the chat in whose name it was written
	forwarded bool
	fixed     bool
	reply     *message
}

// add files a new message in its chat.
func (s *Server) add(ch *chat, m *message) {
	m.ID, m.Chat, m.chat = s.newMessageID(ch), ch.id, ch
	m.Date = s.now().Truncate(time.Second)
	if m.Kind == photoKind {
		m.Photos = 1
	}
	ch.messages[m.ID] = m
	if !s.quiet {
		ch.order = append(ch.order, m)
		return
	}
	if len(ch.order) >= keptQuietly {
		delete(ch.messages, ch.order[0].ID)
		ch.order = slices.Delete(ch.order, 0, 1)
	}
	ch.order = append(ch.order, m)
}

// Messages lists a chat's messages as they are now, also those that were deleted.
func (s *Server) Messages(chat int64) []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	ch := s.place(chat)
	list := make([]Message, len(ch.order))
	for i, m := range ch.order {
		list[i] = m.view()
	}
	return list
}

// view is a copy that later edits leave alone.
func (m *message) view() Message {
	v := m.Message
	v.Pinned = slices.Contains(m.chat.pinned, m.ID)
	return v
}

// Last is the newest message of a chat that the bot sent and nobody deleted.
func (s *Server) Last(chat int64) (Message, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, m := range slices.Backward(s.place(chat).order) {
		if m.From == s.id && !m.Deleted && m.Kind != service {
			return m.view(), true
		}
	}
	return Message{}, false
}

const service = "service"

// appendMessage writes a message as the Bot API shows it.
func (s *Server) appendMessage(b []byte, m *message) []byte { return s.appendDeep(b, m, m.reply) }

func (s *Server) appendDeep(b []byte, m, reply *message) []byte {
	b = strconv.AppendInt(append(b, `{"message_id":`...), m.ID, 10)
	if from := s.author(m); from != nil {
		b = appendRaw(b, "from", from)
	}
	if sender := s.chats[m.sender]; m.sender != 0 && sender != nil {
		b = appendRaw(b, "sender_chat", sender.json)
	}
	b = appendRaw(b, "chat", m.chat.json)
	b = appendNumber(b, "date", m.Date.Unix())
	if m.edited != 0 {
		b = appendNumber(b, "edit_date", m.edited)
	}
	if m.forwarded {
		b = append(b, `,"forward_origin":{"type":"hidden_user","sender_user_name":"?","date":1}`...)
	}
	if reply != nil {
		b = s.appendDeep(append(b, `,"reply_to_message":`...), reply, nil)
	}
	if m.Album != "" {
		b = appendText(b, "media_group_id", m.Album)
	}
	if m.Protected {
		b = appendTrue(b, "has_protected_content")
	}
	b = append(b, m.media...)
	b = m.appendWords(b)
	if m.markup != nil {
		b = appendRaw(b, "reply_markup", m.markup)
	}
	return append(b, '}')
}

func (m *message) appendWords(b []byte) []byte {
	if m.Text == "" {
		return b
	}
	name, entitiesName := "text", "entities"
	if m.Kind != "text" {
		name, entitiesName = "caption", "caption_entities"
	}
	b = appendText(b, name, m.Text)
	if len(m.entities) == 0 {
		return b
	}
	b = append(append(append(b, ',', '"'), entitiesName...), `":[`...)
	for i, e := range m.entities {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendString(append(b, `{"type":`...), e.kind)
		b = appendNumber(b, "offset", int64(e.offset))
		b = appendNumber(b, "length", int64(e.length))
		if e.link != "" && e.user == 0 {
			b = appendText(b, "url", e.link)
		}
		b = append(b, '}')
	}
	return append(b, ']')
}

// author is whom the message is from, for the bot's eyes.
func (s *Server) author(m *message) []byte {
	switch {
	case m.chat.kind == "channel":
		return nil
	case m.sender != 0 && m.sender == m.chat.id:
		return s.users[groupAnonymousBot].json
	case m.sender != 0:
		return s.users[channelBot].json
	}
	if u := s.users[m.From]; u != nil {
		return u.json
	}
	return nil
}
