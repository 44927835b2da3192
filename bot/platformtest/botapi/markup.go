package botapi

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// entity is a marked part of a text; offset and length count UTF-16 units.
type entity struct {
	kind           string
	offset, length int
	link           string
	user           int64
}

// tags are those that Telegram knows, with the entity that each makes.
func tags() map[string]string {
	return map[string]string{
		"a": "text_link", "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "s": "strikethrough",
		"strike": "strikethrough", "del": "strikethrough", "u": "underline", "ins": "underline", "tg-spoiler": "spoiler",
		"tg-emoji": "custom_emoji", "span": "spoiler", "pre": "pre", "code": "code", "blockquote": "blockquote",
	}
}

var tagTable = tags()

// markup reads Telegram's HTML (td, MessageEntity.cpp): its own list of tags, four named characters and numbers.
type markup struct {
	in       string
	at       int
	out      strings.Builder
	units    int
	open     []openTag
	entities []entity
}

type openTag struct {
	name   string
	offset int // units
	from   int // bytes of the text
	link   string
	at     int // bytes of the markup
}

// parseHTML gives the text without its markup, or what is wrong with it.
func parseHTML(in string) (text string, entities []entity, refused *refusal) {
	if strings.IndexByte(in, '<') < 0 && strings.IndexByte(in, '&') < 0 {
		return in, nil, nil
	}
	m := &markup{in: in}
	m.out.Grow(len(in))
	for m.at < len(in) {
		if problem := m.step(); problem != "" {
			return "", nil, bad("can't parse entities: " + problem)
		}
	}
	if n := len(m.open); n > 0 {
		return "", nil, bad("can't parse entities: Can't find end tag corresponding to start tag \"" + m.open[n-1].name + `"`)
	}
	return m.out.String(), m.entities, nil
}

func (m *markup) step() (problem string) {
	switch m.in[m.at] {
	case '&':
		if r, size := character(m.in[m.at:]); size > 0 {
			m.write(string(r))
			m.at += size
			return ""
		}
		m.write("&")
		m.at++
	case '<':
		if strings.HasPrefix(m.in[m.at:], "</") {
			return m.endTag()
		}
		return m.startTag()
	default:
		end := strings.IndexAny(m.in[m.at:], "<&")
		if end < 0 {
			end = len(m.in) - m.at
		}
		m.write(m.in[m.at : m.at+end])
		m.at += end
	}
	return ""
}

func (m *markup) write(s string) {
	m.out.WriteString(s)
	m.units += units(s)
}

// character reads an escaped character; a size of 0 means that it is none that Telegram knows.
func character(s string) (r rune, size int) {
	for _, named := range [...]struct {
		name string
		r    rune
	}{{"&lt;", '<'}, {"&gt;", '>'}, {"&amp;", '&'}, {"&quot;", '"'}} {
		if strings.HasPrefix(s, named.name) {
			return named.r, len(named.name)
		}
	}
	digits, found := strings.CutPrefix(s, "&#")
	if !found {
		return 0, 0
	}
	base, prefix := 10, 2
	if strings.HasPrefix(digits, "x") {
		base, prefix, digits = 16, 3, digits[1:]
	}
	end := 0
	for end < len(digits) && isHex(digits[end]) {
		end++
	}
	code, err := strconv.ParseUint(digits[:end], base, 32)
	if err != nil || code == 0 || code >= 0x10ffff || !utf8.ValidRune(rune(code)) {
		return 0, 0
	}
	size = prefix + end
	if strings.HasPrefix(digits[end:], ";") {
		size++
	}
	return rune(code), size
}

func isHex(c byte) bool {
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F')
}

func (m *markup) startTag() (problem string) {
	at := m.at
	end := strings.IndexByte(m.in[at:], '>')
	if end < 0 {
		return "Unclosed start tag at byte offset " + strconv.Itoa(at)
	}
	name, rest, _ := strings.Cut(m.in[at+1:at+end], " ")
	name = strings.ToLower(name)
	if tagTable[name] == "" {
		return `Unsupported start tag "` + name + `" at byte offset ` + strconv.Itoa(at)
	}
	attributes, problem := readAttributes(name, rest, at)
	if problem != "" {
		return problem
	}
	if name == "span" && attributes["class"] != "tg-spoiler" {
		return `Tag "span" must have class "tg-spoiler" at byte offset ` + strconv.Itoa(at)
	}
	m.open = append(m.open, openTag{name: name, offset: m.units, from: m.out.Len(), link: attributes["href"], at: at})
	m.at += end + 1
	return ""
}

// readAttributes reads name="value" and names alone.
func readAttributes(tag, in string, at int) (attributes map[string]string, problem string) {
	for in = strings.TrimSpace(in); in != ""; in = strings.TrimSpace(in) {
		end := strings.IndexFunc(in, func(r rune) bool { return r == '=' || unicode.IsSpace(r) })
		if end == 0 {
			return nil, `Empty attribute name in the tag "` + tag + `" at byte offset ` + strconv.Itoa(at)
		}
		if attributes == nil {
			attributes = map[string]string{}
		}
		if end < 0 || in[end] != '=' {
			if end < 0 {
				end = len(in)
			}
			attributes[strings.ToLower(in[:end])] = ""
			in = in[end:]
			continue
		}
		name := strings.ToLower(in[:end])
		var value string
		if value, in, problem = readValue(tag, in[end+1:], at); problem != "" {
			return nil, problem
		}
		attributes[name] = value
	}
	return attributes, ""
}

func readValue(tag, in string, at int) (value, rest, problem string) {
	if in == "" || (in[0] != '"' && in[0] != '\'') {
		end := strings.IndexFunc(in, unicode.IsSpace)
		if end < 0 {
			end = len(in)
		}
		return in[:end], in[end:], ""
	}
	end := strings.IndexByte(in[1:], in[0])
	if end < 0 {
		return "", "", `Unclosed start tag "` + tag + `" at byte offset ` + strconv.Itoa(at)
	}
	return decoded(in[1 : end+1]), in[end+2:], ""
}

// decoded replaces escaped characters.
func decoded(s string) string {
	if strings.IndexByte(s, '&') < 0 {
		return s
	}
	var b strings.Builder
	for s != "" {
		if r, size := character(s); size > 0 {
			b.WriteRune(r)
			s = s[size:]
			continue
		}
		b.WriteByte(s[0])
		s = s[1:]
	}
	return b.String()
}

func (m *markup) endTag() (problem string) {
	at := m.at
	end := strings.IndexByte(m.in[at:], '>')
	if end < 0 {
		return "Unclosed end tag at byte offset " + strconv.Itoa(at)
	}
	n := len(m.open)
	if n == 0 {
		return "Unexpected end tag at byte offset " + strconv.Itoa(at)
	}
	name, top := strings.ToLower(strings.TrimSpace(m.in[at+2:at+end])), m.open[n-1]
	if name != "" && name != top.name {
		return fmt.Sprintf(`Unmatched end tag at byte offset %d, expected "</%s>", found "</%s>"`, at, top.name, name)
	}
	m.open = m.open[:n-1]
	m.at += end + 1
	if m.units > top.offset {
		m.mark(top)
	}
	return ""
}

// mark notes the entity of a tag that ends. A link without an address takes its words for one, and is no link when they
// are none.
func (m *markup) mark(t openTag) {
	e := entity{kind: tagTable[t.name], offset: t.offset, length: m.units - t.offset}
	if t.name == "a" {
		if t.link == "" {
			t.link = m.out.String()[t.from:]
		}
		if person, found := strings.CutPrefix(t.link, "tg://user?id="); found {
			id, err := strconv.ParseInt(person, 10, 64)
			if err != nil {
				return
			}
			e.kind, e.user = "text_mention", id
		} else if !strings.Contains(t.link, ".") && !strings.Contains(t.link, "://") {
			return
		}
		e.link = t.link
	}
	m.entities = append(m.entities, e)
}

// trimmed drops blanks at both ends, and what is marked there.
func trimmed(text string, entities []entity) (string, []entity) {
	start := strings.TrimLeft(text, " \n")
	skipped := units(text[:len(text)-len(start)])
	text = strings.TrimRight(start, " \n")
	if len(entities) == 0 {
		return text, nil
	}
	size, kept := units(text), entities[:0]
	for _, e := range entities {
		end := min(e.offset+e.length-skipped, size)
		e.offset = max(e.offset-skipped, 0)
		if e.length = end - e.offset; e.length > 0 {
			kept = append(kept, e)
		}
	}
	return text, kept
}

// cleaned makes blanks of control characters, and drops those that break or turn lines (td, clean_input_string).
func cleaned(text string) string {
	if strings.IndexFunc(text, unclean) < 0 {
		return text
	}
	return strings.Map(func(r rune) rune {
		switch {
		case !unclean(r):
			return r
		case r < ' ' && r != '\r':
			return ' '
		}
		return -1
	}, text)
}

func unclean(r rune) bool { return (r < ' ' && r != '\n') || (r >= '\u2028' && r <= '\u202e') }

// visible reports whether there is anything to be seen.
func visible(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool {
		return !unicode.IsSpace(r) && !unicode.Is(unicode.Cf, r) && r != '\u2800' && r != '\u3164' && !unicode.IsControl(r)
	})
}
