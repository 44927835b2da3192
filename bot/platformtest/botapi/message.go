package botapi

import (
	"strconv"
	"time"
)

// Accounts of Telegram's own.
const (
	anonymousAdmin = 1087968824
	channelBot     = 136817688
)

// message is a message in a chat.
type message struct {
	id, date, edited int64
	chat             *chat
	from             int64 // 0 = nobody, in a channel
	sender           *chat // a group or channel that spoke
	origin           int64 // whose message was forwarded
	text             string
	entities         []entity
	source           string // as the bot sent it
	media            *media // nil = a text
	service          *service
	markup           *markup
	replyTo          int64
	album            string
	edits            int
	reaction         string
	deleted          bool
	silent           bool
	protected        bool
	noPreview        bool
}

// service is what a service message tells.
type service struct {
	kind   string
	users  []int64
	number int64
	pinned *message
}

func (m *message) kind() string {
	switch {
	case m.service != nil:
		return m.service.kind
	case m.media != nil:
		return m.media.kind
	}
	return "text"
}

// appendMessage adds a Message. What it replies to is shown once, not down the whole chain.
func (s *Server) appendMessage(b []byte, m *message, replies bool) []byte {
	b = append(b, `{"message_id":`...)
	b = strconv.AppendInt(b, m.id, 10)
	if m.from != 0 {
		b = append(b, `,"from":`...)
		b = s.appendUser(b, m.from)
	}
	if m.sender != nil {
		b = append(b, `,"sender_chat":`...)
		b = s.appendChat(b, m.sender)
	}
	b = append(b, `,"chat":`...)
	b = s.appendChat(b, m.chat)
	b = appendNumber(b, "date", m.date)
	if m.edited != 0 {
		b = appendNumber(b, "edit_date", m.edited)
	}
	b = s.appendContext(b, m, replies)
	b = s.appendContent(b, m)
	if m.markup != nil && m.markup.inline {
		b = append(b, `,"reply_markup":`...)
		b = append(b, m.markup.raw...)
	}
	return append(b, '}')
}

// appendContext adds where a message comes from and belongs to.
func (s *Server) appendContext(b []byte, m *message, replies bool) []byte {
	if m.origin != 0 {
		b = append(b, `,"forward_origin":{"type":"user","sender_user":`...)
		b = s.appendUser(b, m.origin)
		b = append(appendNumber(b, "date", m.date), '}')
	}
	if replies && m.replyTo != 0 {
		if to := m.chat.find(m.replyTo); to != nil {
			b = append(b, `,"reply_to_message":`...)
			b = s.appendMessage(b, to, false)
		}
	}
	if m.album != "" {
		b = appendField(b, "media_group_id", m.album)
	}
	return appendTrue(b, "has_protected_content", m.protected)
}

func (s *Server) appendContent(b []byte, m *message) []byte {
	switch {
	case m.service != nil:
		return s.appendService(b, m.service)
	case m.media == nil:
		b = appendField(b, "text", m.text)
		return s.appendEntities(b, "entities", m.entities)
	}
	b = m.media.append(b)
	if m.text != "" {
		b = appendField(b, "caption", m.text)
		b = s.appendEntities(b, "caption_entities", m.entities)
	}
	return b
}

func (s *Server) appendService(b []byte, v *service) []byte {
	b = append(b, ',', '"')
	b = append(b, v.kind...)
	b = append(b, '"', ':')
	switch {
	case v.pinned != nil:
		return s.appendMessage(b, v.pinned, false)
	case v.kind == "new_chat_members":
		b = append(b, '[')
		b = s.appendUser(b, v.users[0])
		return append(b, ']')
	case len(v.users) > 0:
		return s.appendUser(b, v.users[0])
	}
	return strconv.AppendInt(b, v.number, 10)
}

func (s *Server) appendChat(b []byte, c *chat) []byte {
	b = append(b, `{"id":`...)
	b = strconv.AppendInt(b, c.id, 10)
	if c.kind == private {
		b = appendField(b, "first_name", c.person.FirstName)
		if c.person.LastName != "" {
			b = appendField(b, "last_name", c.person.LastName)
		}
		if c.person.Username != "" {
			b = appendField(b, "username", c.person.Username)
		}
		return append(b, `,"type":"private"}`...)
	}
	b = appendField(b, "title", c.title)
	if c.username != "" {
		b = appendField(b, "username", c.username)
	}
	return append(appendField(b, "type", c.kind), '}')
}

func (s *Server) appendUser(b []byte, id int64) []byte {
	switch id {
	case anonymousAdmin:
		return append(b, `{"id":1087968824,"is_bot":true,"first_name":"Group","username":"GroupAnonymousBot"}`...)
	case channelBot:
		return append(b, `{"id":136817688,"is_bot":true,"first_name":"Channel","username":"Channel_Bot"}`...)
	}
	p := s.people[id]
	if p == nil {
		p = &person{User: User{ID: id}}
	}
	b = append(b, `{"id":`...)
	b = strconv.AppendInt(b, id, 10)
	if p.IsBot {
		b = append(b, `,"is_bot":true`...)
	} else {
		b = append(b, `,"is_bot":false`...)
	}
	if p.deactivated {
		return append(b, `,"first_name":""}`...)
	}
	b = appendField(b, "first_name", p.FirstName)
	if p.LastName != "" {
		b = appendField(b, "last_name", p.LastName)
	}
	if p.Username != "" {
		b = appendField(b, "username", p.Username)
	}
	if p.LanguageCode != "" {
		b = appendField(b, "language_code", p.LanguageCode)
	}
	return append(b, '}')
}

// service puts a service message into a chat and tells the bot, which hears of all of them where it is a member.
func (s *Server) service(c *chat, actor int64, v service) int64 {
	m := &message{date: s.now().Unix(), from: actor, service: &v}
	if actor == anonymousAdmin {
		m.sender = c
	}
	if c.kind == Channel {
		m.from, m.sender = 0, c
	}
	s.put(c, m)
	return s.announce(m, "message")
}

// announce queues the update of a message, with the kind that its chat asks for.
func (s *Server) announce(m *message, kind string) int64 {
	c := m.chat
	if c.members != nil && !c.member(s.me.ID).in() || c.movedTo != 0 || c.deleted {
		return 0
	}
	if c.kind == Channel {
		switch kind {
		case "message":
			kind = "channel_post"
		case "edited_message":
			kind = "edited_channel_post"
		}
	}
	b := s.appendMessage(s.queue.begin(kind), m, true)
	return s.queue.push(kind, c.id, b, time.Unix(max(m.date, m.edited), 0).Add(updateLife))
}
