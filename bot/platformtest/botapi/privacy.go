package botapi

import (
	"strings"
	"unicode"
)

func isWordRune(r rune) bool { return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) }

// hears reports whether Telegram delivers a person's message to the bot. With privacy mode on, and without being an
// administrator, a bot hears commands with its name, commands without a name if it was the last bot that spoke, and
// replies to its own messages. Bots hear other bots only when these address them.
func (s *Server) hears(m *message) bool {
	c := m.chat
	fromBot := m.from != 0 && m.sender == nil && s.people[m.from] != nil && s.people[m.from].IsBot
	if c.kind == private {
		return !c.person.blocked && !fromBot
	}
	if c.kind == Channel {
		return c.member(s.me.ID).rules()
	}
	named, bare := s.commands(m)
	switch {
	case fromBot:
		return named
	case !s.privacy || c.member(s.me.ID).rules():
		return true
	case named || bare && c.lastBot == s.me.ID:
		return true
	}
	to := c.find(m.replyTo)
	return to != nil && to.from == s.me.ID
}

// commands reports whether a message holds a command with the bot's name, and one without a name.
func (s *Server) commands(m *message) (named, bare bool) {
	for _, e := range m.entities {
		if e.kind != "bot_command" {
			continue
		}
		_, name, found := strings.Cut(cutUnits(m.text, e.offset, e.length), "@")
		switch {
		case !found:
			bare = true
		case strings.EqualFold(name, s.me.Username):
			named = true
		}
	}
	return named, bare
}

// cutUnits is a part of a text, counted in UTF-16 units.
func cutUnits(text string, offset, length int) string {
	from, to, units := len(text), len(text), 0
	for i, r := range text {
		if units >= offset && i < from {
			from = i
		}
		if units >= offset+length {
			to = i
			break
		}
		units += utf16Length(r)
	}
	return text[from:to]
}
