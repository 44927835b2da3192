package botapi

import (
	"strconv"
	"unicode/utf8"
)

// entity is a part of a text that means something; its place is counted in UTF-16 units.
type entity struct {
	kind           string
	offset, length int
	argument       string // the address of a link, the id of a mention, the language of code
}

// Entity is a part of a text that means something; Offset and Length count UTF-16 units.
type Entity struct {
	Type           string
	Offset, Length int
	URL            string // of a text_link
	User           int64  // of a text_mention
}

func (e entity) public() Entity {
	out := Entity{Type: e.kind, Offset: e.offset, Length: e.length}
	switch e.kind {
	case "text_link":
		out.URL = e.argument
	case "text_mention":
		out.User, _ = strconv.ParseInt(e.argument, 10, 64) // it was a number when it was read
	}
	return out
}

func (s *Server) appendEntities(b []byte, name string, entities []entity) []byte {
	if len(entities) == 0 {
		return b
	}
	b = append(b, ',', '"')
	b = append(b, name...)
	b = append(b, '"', ':', '[')
	for i, e := range entities {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, `{"type":"`...)
		b = append(b, e.kind...)
		b = append(b, '"')
		b = appendNumber(b, "offset", int64(e.offset))
		b = appendNumber(b, "length", int64(e.length))
		switch {
		case e.kind == "text_link":
			b = appendField(b, "url", e.argument)
		case e.kind == "text_mention":
			b = append(b, `,"user":`...)
			b = s.appendUser(b, e.public().User)
		case e.kind == "pre" && e.argument != "":
			b = appendField(b, "language", e.argument)
		case e.kind == "custom_emoji":
			b = appendField(b, "custom_emoji_id", e.argument)
		}
		b = append(b, '}')
	}
	return append(b, ']')
}

// marks finds the commands and mentions that a client finds in what somebody writes.
func marks(text string) []entity {
	var found []entity
	units := 0
	before := rune(' ')
	for i := 0; i < len(text); {
		r, n := utf8.DecodeRuneInString(text[i:])
		if (r == '/' || r == '@') && !isWordRune(before) && before != '/' && before != '<' && before != '>' {
			kind, length := mark(text[i:])
			if length > 0 {
				found = append(found, entity{kind: kind, offset: units, length: length})
				i, units, before = i+length, units+length, 'x'
				continue
			}
		}
		i += n
		units += utf16Length(r)
		before = r
	}
	return found
}

// mark measures the command or mention a text begins with; both are ASCII, so bytes are UTF-16 units.
func mark(text string) (string, int) {
	n := words(text[1:])
	if text[0] == '@' {
		if n < 3 || n > 32 {
			return "", 0
		}
		return "mention", closed(text, 1+n)
	}
	if n < 1 || n > 64 {
		return "", 0
	}
	end := 1 + n
	if end < len(text) && text[end] == '@' {
		if n := words(text[end+1:]); n >= 3 && n <= 32 {
			end += 1 + n
		}
	}
	return "bot_command", closed(text, end)
}

// closed gives back the length unless what follows makes the word something else.
func closed(text string, end int) int {
	r, _ := utf8.DecodeRuneInString(text[end:])
	if end < len(text) && (isWordRune(r) || r == '/' || r == '<' || r == '>') {
		return 0
	}
	return end
}

func words(text string) int {
	for i := range len(text) {
		if !isWord(text[i]) {
			return i
		}
	}
	return len(text)
}

func isWord(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_'
}

func utf16Length(r rune) int {
	if r > 0xffff {
		return 2
	}
	return 1
}
