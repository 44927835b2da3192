package botapi

import (
	"fmt"
	"strings"
	"unicode"
)

// Option says how something is said.
type Option func(*utterance)

// utterance is what a person sends.
type utterance struct {
	message
	replyTo int64
}

// ReplyTo answers a message of the chat.
func ReplyTo(id int64) Option { return func(u *utterance) { u.replyTo = id } }

// Forwarded passes on what somebody else wrote.
func Forwarded() Option { return func(u *utterance) { u.forwarded = true } }

// AsAnonymousAdmin hides an administrator behind the group.
func AsAnonymousAdmin() Option { return func(u *utterance) { u.sender = -1 } }

// AsChannel writes in the name of a channel, which must be known.
func AsChannel(id int64) Option { return func(u *utterance) { u.sender = id } }

// Caption puts words below a picture or a file.
func Caption(text string) Option {
	return func(u *utterance) { u.Text, u.entities = text, commandsIn(text) }
}

// Say writes a text, and gives the message's id. In a private chat it also starts the bot. The bot gets it unless its
// privacy keeps it away: in a group where it is no administrator it sees commands, answers to itself and service
// messages.
func (s *Server) Say(from, chat int64, text string, options ...Option) (messageID int64) {
	u := &utterance{message: message{Message: Message{Kind: "text", Text: text, Raw: text}, entities: commandsIn(text)}}
	return s.utter(from, chat, u, options)
}

// utter delivers what a person sends.
func (s *Server) utter(from, chat int64, u *utterance, options []Option) int64 {
	for _, option := range options {
		option(u)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.speak(from, s.place(chat), u)
}

func (s *Server) speak(from int64, ch *chat, u *utterance) int64 {
	who := s.person(from)
	if err := s.present(ch, from); err != nil {
		panic("botapi: " + err.Error())
	}
	if u.sender == -1 {
		u.sender = ch.id
	}
	if ch.user != nil {
		if who.blocked {
			panic(fmt.Sprintf("botapi: %d writes to a bot that they blocked; unblock it first", from))
		}
		who.started = true
	}
	m := &u.message
	m.From, m.ReplyTo = from, u.replyTo
	if m.reply = ch.messages[u.replyTo]; m.reply != nil && m.reply.Deleted {
		m.reply = nil
	}
	s.add(ch, m)
	s.show(Said, m)
	s.offer("message", m)
	return m.ID
}

// offer queues a message for the bot if it may see it.
func (s *Server) offer(kind string, m *message) {
	if m.chat.kind == "channel" {
		kind = map[string]string{"message": "channel_post", "edited_message": "edited_channel_post"}[kind]
	}
	if s.sees(m) {
		s.push(kind, m.chat.id, updateLife, s.appendMessage(make([]byte, 0, 512+len(m.Text)), m))
	}
}

// sees reports whether the bot may see a message: the privacy mode.
func (s *Server) sees(m *message) bool {
	switch {
	case m.chat.user != nil:
		return true
	case !m.chat.me.inside() || m.chat.deleted:
		return false
	case m.chat.me == admin || m.Kind == service:
		return true
	case m.reply != nil && m.reply.From == s.id:
		return true
	}
	return m.Kind == "text" && s.addressed(m)
}

// addressed reports whether a text has a command in it that is for the bot, or for any.
func (s *Server) addressed(m *message) bool {
	for _, e := range m.entities {
		if e.kind != "bot_command" {
			continue
		}
		_, name, named := strings.Cut(slice(m.Text, e.offset, e.length), "@")
		if !named || strings.EqualFold(name, s.username) {
			return true
		}
	}
	return false
}

// slice cuts a part out of a text by UTF-16 units.
func slice(text string, offset, length int) string {
	start, n := -1, 0
	for i, r := range text {
		if n == offset {
			start = i
		}
		if start >= 0 && n >= offset+length {
			return text[start:i]
		}
		n += units(string(r))
	}
	if start < 0 {
		return ""
	}
	return text[start:]
}

// commandsIn finds the commands and names of a text, as apps do: a slash or an @ that begins a word.
func commandsIn(text string) []entity {
	if !strings.ContainsAny(text, "/@") {
		return nil
	}
	var found []entity
	offset, before := 0, ' '
	for i, r := range text {
		if (r == '/' || r == '@') && !unicode.IsLetter(before) && !unicode.IsDigit(before) && before != '/' && before != '_' {
			if e, is := wordAt(text[i:], r); is {
				e.offset = offset
				found = append(found, e)
			}
		}
		before = r
		offset += units(string(r))
	}
	return found
}

// wordAt reads "/name", "/name@bot" or "@name" at the start of a text; all its characters are one unit.
func wordAt(text string, sign rune) (entity, bool) {
	n := wordLength(text[1:])
	if sign == '@' {
		return entity{kind: "mention", length: n + 1}, n >= 3
	}
	if n == 0 || n > 64 {
		return entity{}, false
	}
	e := entity{kind: "bot_command", length: n + 1}
	if rest := text[e.length:]; strings.HasPrefix(rest, "@") {
		if bot := wordLength(rest[1:]); bot >= 3 {
			e.length += bot + 1
		}
	}
	return e, !strings.HasPrefix(text[e.length:], "/")
}

func wordLength(text string) int {
	n := 0
	for n < len(text) && isWord(rune(text[n])) {
		n++
	}
	return n
}

// Edit changes a message that a person wrote: its text, or its caption.
func (s *Server) Edit(from, chat, message int64, text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	m := s.place(chat).messages[message]
	if m == nil || m.From != from {
		panic(fmt.Sprintf("botapi: message %d in chat %d is not one of %d", message, chat, from))
	}
	m.Text, m.Raw, m.entities = text, text, commandsIn(text)
	m.Edited, m.edited = true, s.now().Unix()
	s.show(Edited, m)
	s.offer("edited_message", m)
}

// StartLink follows a link into the private chat: it takes the bot back if it was blocked, and says /start with the
// payload.
func (s *Server) StartLink(from int64, payload string) (messageID int64) {
	s.mu.Lock()
	blocked := s.person(from).blocked
	s.mu.Unlock()
	if blocked {
		s.Unblock(from)
	}
	return s.Say(from, from, strings.TrimSpace("/start "+payload))
}
