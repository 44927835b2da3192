package matrix

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// parseCommand reads "!name" and "/name" with what follows. Clients keep texts with a leading slash for themselves, so
// the exclamation mark is the sign on Matrix. A sign that no name follows, a path, and a word with other letters than a
// to z are no commands.
func parseCommand(text string) (name, args string, is bool) {
	text = strings.TrimSpace(text)
	if len(text) < 2 || (text[0] != '/' && text[0] != '!') || !isLetter(text[1]) {
		return "", "", false
	}
	end := 1
	for end < len(text) && (isLetter(text[end]) || text[end] == '_' || (text[end] >= '0' && text[end] <= '9')) {
		end++
	}
	name, rest := text[1:end], text[end:]
	if len(name) > 32 {
		return "", "", false
	}
	if next, _ := utf8.DecodeRuneInString(rest); next == '/' || unicode.IsLetter(next) || unicode.IsDigit(next) {
		return "", "", false
	}
	return strings.ToLower(name), strings.TrimSpace(rest), true
}

func isLetter(c byte) bool { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') }

// addressed cuts our own name off the start of a text, as clients put it there: "buurtbot: !help". It is how somebody
// speaks to the bot in a room.
func addressed(text, me string) (rest string, is bool) {
	name, _, _ := strings.Cut(strings.TrimPrefix(me, "@"), ":")
	for _, own := range [...]string{me, name} {
		if len(text) <= len(own) || own == "" || !strings.EqualFold(text[:len(own)], own) {
			continue
		}
		if rest := text[len(own):]; rest[0] == ':' || rest[0] == ',' || rest[0] == ' ' {
			return strings.TrimLeft(rest[1:], " "), true
		}
	}
	return text, false
}
