package botapi

import "strconv"

// With is what goes with something a person sends; the zero With is nothing special.
type With struct {
	Caption   string // of a photo, a document and the like
	ReplyTo   int64  // a message of the same chat
	Forwarded int64  // passed on: the account that wrote it first
	Anonymous bool   // an administrator speaks as the group
	Channel   int64  // somebody speaks as this channel
	Album     string // items with the same one belong together
	Live      int    // seconds for which a location moves
}

// Start makes a person open the private chat with the bot. With a payload it is a deep link that was followed.
func (s *Server) Start(user int64, payload string) int64 {
	text := "/start"
	if payload != "" {
		text += " " + payload
	}
	return s.Say(user, user, text)
}

// Say makes a person write in a chat; in the private chat with the bot, chat and user are the same number. The result
// is the id of the update, or 0 when the bot is told nothing: because of privacy mode, allowed_updates, or because the
// person cannot write there.
func (s *Server) Say(chatID, user int64, text string, with ...With) int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.utter(chatID, user, &message{text: text, entities: marks(text)}, first(with))
}

func first(with []With) With {
	if len(with) == 0 {
		return With{}
	}
	return with[0]
}

// utter puts a person's message into a chat and tells the bot if it may hear it.
func (s *Server) utter(chatID, user int64, m *message, with With) int64 {
	c := s.chats[chatID]
	if c == nil || !s.maySpeak(c, user, with) {
		return 0
	}
	if c.kind == private {
		c.person.started, c.person.blocked = true, false
	}
	m.date, m.from, m.replyTo, m.origin, m.album = s.now().Unix(), user, with.ReplyTo, with.Forwarded, with.Album
	switch {
	case c.kind == Channel:
		m.from, m.sender = 0, c
	case with.Anonymous:
		m.from, m.sender = anonymousAdmin, c
	case with.Channel != 0:
		m.from, m.sender = channelBot, s.chats[with.Channel]
	}
	s.put(c, m)
	if !s.hears(m) {
		return 0
	}
	return s.announce(m, "message")
}

func (s *Server) maySpeak(c *chat, user int64, with With) bool {
	p := s.people[user]
	if p == nil || p.deactivated || c.deleted || c.movedTo != 0 {
		return false
	}
	if c.kind == private {
		return c.person == p
	}
	m := c.member(user)
	switch {
	case c.kind == Channel:
		return m.may(CanPost)
	case with.Anonymous:
		return m.rules()
	case with.Channel != 0:
		return s.chats[with.Channel] != nil && m.in()
	}
	return m.in() && !(m.Status == Restricted && m.Mute) && (!c.silent || m.rules())
}

// Edit makes the author change a message. Nothing happens when the text stays the same.
func (s *Server) Edit(chatID, user, messageID int64, text string) int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	m := s.own(chatID, user, messageID)
	if m == nil || m.text == text {
		return 0
	}
	m.text, m.entities = text, marks(text)
	return s.touched(m)
}

// own is a message that a person wrote; whoever wrote in a group's name wrote it too.
func (s *Server) own(chatID, user, messageID int64) *message {
	c := s.chats[chatID]
	if c == nil {
		return nil
	}
	m := c.find(messageID)
	if m == nil || m.service != nil || m.from != user && m.sender == nil {
		return nil
	}
	return m
}

func (s *Server) touched(m *message) int64 {
	m.edited = s.now().Unix()
	m.edits++
	if !s.hears(m) {
		return 0
	}
	return s.announce(m, "edited_message")
}

// Remove makes somebody delete a message. The bot is never told.
func (s *Server) Remove(chatID, messageID int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c := s.chats[chatID]; c != nil {
		if m := c.find(messageID); m != nil {
			m.deleted = true
		}
	}
}

// React makes a person put an emoji under a message, or with an empty one take it away. The bot hears of it where it is
// an administrator and asks for message_reaction.
func (s *Server) React(chatID, user, messageID int64, emoji string) int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.chats[chatID]
	if c == nil || c.find(messageID) == nil || c.members != nil && !c.member(s.me.ID).rules() {
		return 0
	}
	b := append(s.queue.begin("message_reaction"), `{"chat":`...)
	b = s.appendChat(b, c)
	b = appendNumber(b, "message_id", messageID)
	b = append(b, `,"user":`...)
	b = s.appendUser(b, user)
	b = appendNumber(b, "date", s.now().Unix())
	b = append(b, `,"old_reaction":[],"new_reaction":[`...)
	if emoji != "" {
		b = append(appendField(append(b, `{"type":"emoji"`...), "emoji", emoji), '}')
	}
	return s.queue.push("message_reaction", chatID, append(b, `]}`...), s.now().Add(updateLife))
}

// newSerial is the next number for queries, albums and files.
func (s *Server) newSerial() string {
	s.serial++
	return strconv.FormatInt(s.serial, 10)
}
