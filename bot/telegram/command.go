package telegram

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// command is what stands at the start of a text, as it was typed.
type command struct {
	name string // lower case
	bot  string // after the @, as typed; empty = none
	args string
}

// parseCommand reads "/name", "/name@bot" and "!name" with what follows. It works on characters, so it needs none of
// Telegram's offsets, which count UTF-16 units. A sign that no name follows, a path, and a word with other letters
// than a to z are no commands.
func parseCommand(text string) (c command, is bool) {
	if len(text) < 2 || (text[0] != '/' && text[0] != '!') {
		return command{}, false
	}
	name, rest := cutName(text[1:])
	if name == "" || len(name) > 32 || (text[0] == '!' && !isLetter(name[0])) {
		return command{}, false
	}
	c.name = strings.ToLower(name)
	if addressed, found := strings.CutPrefix(rest, "@"); found {
		if c.bot, rest = cutName(addressed); c.bot == "" {
			return command{}, false
		}
	}
	if next, _ := utf8.DecodeRuneInString(rest); next == '/' || unicode.IsLetter(next) || unicode.IsDigit(next) {
		return command{}, false
	}
	c.args = strings.TrimSpace(rest)
	return c, true
}

func cutName(s string) (name, rest string) {
	end := 0
	for end < len(s) && (isLetter(s[end]) || s[end] == '_' || (s[end] >= '0' && s[end] <= '9')) {
		end++
	}
	return s[:end], s[end:]
}

func isLetter(c byte) bool { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') }

// named reports whether a command with this name after the @ is for us.
func (t *Telegram) named(name string) bool {
	own := t.Username()
	return name == "" || own == "" || strings.EqualFold(name, own)
}
