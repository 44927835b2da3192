package botapi

import (
	"errors"
	"strconv"
	"unicode/utf8"
)

// kind is the sort of a JSON value.
type kind uint8

const (
	isNull kind = iota
	isBool
	isNumber
	isString
	isArray
	isObject
)

// value is a JSON value. Parsing by hand keeps reflection out of the way of tens of thousands of calls a second.
type value struct {
	kind  kind
	text  string   // of a string, decoded; of anything else, as it stands
	items []value  // of an array or an object
	names []string // of an object's items
}

// field finds an object's item; a missing one is null.
func (v value) field(name string) value {
	for i, n := range v.names {
		if n == name {
			return v.items[i]
		}
	}
	return value{}
}

func (v value) has(name string) bool {
	for i, n := range v.names {
		if n == name {
			return v.items[i].kind != isNull
		}
	}
	return false
}

func (v value) integer() int64 {
	n, err := strconv.ParseInt(v.text, 10, 64)
	if err != nil {
		return 0
	}
	return n
}

func (v value) yes() bool { return v.text == "true" }

var errJSON = errors.New("not JSON")

// maxDepth is how deep values may be nested.
const maxDepth = 64

// parseJSON reads one value with nothing behind it.
func parseJSON(text string) (value, error) {
	p := parser{text: text}
	v, err := p.value(0)
	if err != nil {
		return value{}, err
	}
	p.space()
	if p.at != len(text) {
		return value{}, errJSON
	}
	return v, nil
}

type parser struct {
	text string
	at   int
}

func (p *parser) space() {
	for p.at < len(p.text) {
		switch p.text[p.at] {
		case ' ', '\t', '\n', '\r':
			p.at++
		default:
			return
		}
	}
}

func (p *parser) peek() byte {
	p.space()
	if p.at == len(p.text) {
		return 0
	}
	return p.text[p.at]
}

func (p *parser) value(depth int) (value, error) {
	if depth > maxDepth {
		return value{}, errJSON
	}
	first, from := p.peek(), p.at
	switch {
	case first == '"':
		text, err := p.string()
		return value{kind: isString, text: text}, err
	case first == '[' || first == '{':
		v, err := p.list(depth, first == '{')
		v.text = p.text[from:p.at]
		return v, err
	case first == '-' || (first >= '0' && first <= '9'):
		return p.number()
	}
	for _, word := range [...]string{"true", "false", "null"} {
		if len(p.text)-p.at >= len(word) && p.text[p.at:p.at+len(word)] == word {
			p.at += len(word)
			k := isBool
			if word == "null" {
				k = isNull
			}
			return value{kind: k, text: word}, nil
		}
	}
	return value{}, errJSON
}

func (p *parser) number() (value, error) {
	from := p.at
	for p.at < len(p.text) {
		c := p.text[p.at]
		if (c < '0' || c > '9') && c != '-' && c != '+' && c != '.' && c != 'e' && c != 'E' {
			break
		}
		p.at++
	}
	text := p.text[from:p.at]
	if _, err := strconv.ParseFloat(text, 64); err != nil {
		return value{}, errJSON
	}
	return value{kind: isNumber, text: text}, nil
}

// list reads an array or an object.
func (p *parser) list(depth int, named bool) (value, error) {
	v, end := value{kind: isArray}, byte(']')
	if named {
		v.kind, end = isObject, '}'
	}
	p.at++
	if p.peek() == end {
		p.at++
		return v, nil
	}
	for {
		if named {
			if err := p.name(&v); err != nil {
				return v, err
			}
		}
		item, err := p.value(depth + 1)
		if err != nil {
			return v, err
		}
		v.items = append(v.items, item)
		switch p.peek() {
		case ',':
			p.at++
		case end:
			p.at++
			return v, nil
		default:
			return v, errJSON
		}
	}
}

func (p *parser) name(v *value) error {
	if p.peek() != '"' {
		return errJSON
	}
	name, err := p.string()
	if err != nil || p.peek() != ':' {
		return errJSON
	}
	p.at++
	v.names = append(v.names, name)
	return nil
}

func (p *parser) string() (string, error) {
	from := p.at + 1
	for i := from; i < len(p.text); i++ {
		switch c := p.text[i]; {
		case c == '"':
			p.at = i + 1
			return p.text[from:i], nil
		case c == '\\':
			return p.escaped(from, i)
		case c < ' ':
			return "", errJSON
		}
	}
	return "", errJSON
}

// escaped reads the rest of a string that has a backslash at i.
func (p *parser) escaped(from, i int) (string, error) {
	b := append(make([]byte, 0, 2*(i-from)+16), p.text[from:i]...)
	for i < len(p.text) {
		switch c := p.text[i]; {
		case c == '"':
			p.at = i + 1
			return string(b), nil
		case c == '\\':
			more, n, ok := unescape(p.text[i:])
			if !ok {
				return "", errJSON
			}
			b = append(b, more...)
			i += n
		case c < ' ':
			return "", errJSON
		default:
			b = append(b, c)
			i++
		}
	}
	return "", errJSON
}

// unescape reads one escape and says how long it was.
func unescape(text string) (string, int, bool) {
	if len(text) < 2 {
		return "", 0, false
	}
	switch text[1] {
	case '"', '\\', '/':
		return text[1:2], 2, true
	case 'n':
		return "\n", 2, true
	case 't':
		return "\t", 2, true
	case 'r':
		return "\r", 2, true
	case 'b':
		return "\b", 2, true
	case 'f':
		return "\f", 2, true
	case 'u':
		return unescapeRune(text)
	}
	return "", 0, false
}

func unescapeRune(text string) (string, int, bool) {
	high, ok := hex4(text)
	if !ok {
		return "", 0, false
	}
	if high >= 0xd800 && high < 0xdc00 && len(text) >= 12 {
		if low, ok := hex4(text[6:]); ok && low >= 0xdc00 && low < 0xe000 {
			return string(0x10000 + (high-0xd800)<<10 + (low - 0xdc00)), 12, true
		}
	}
	return string(high), 6, true
}

func hex4(text string) (rune, bool) {
	if len(text) < 6 || text[0] != '\\' || text[1] != 'u' {
		return 0, false
	}
	n, err := strconv.ParseUint(text[2:6], 16, 32)
	return rune(n), err == nil
}

// appendString adds a JSON string.
func appendString(b []byte, s string) []byte {
	b = append(b, '"')
	from := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c >= ' ' && c != '"' && c != '\\' && c < utf8.RuneSelf {
			i++
			continue
		}
		if c >= utf8.RuneSelf {
			r, n := utf8.DecodeRuneInString(s[i:])
			if r == utf8.RuneError && n == 1 {
				b = append(append(b, s[from:i]...), `\ufffd`...)
				from = i + 1
			}
			i += n
			continue
		}
		b = append(b, s[from:i]...)
		b = appendEscape(b, c)
		i++
		from = i
	}
	return append(append(b, s[from:]...), '"')
}

func appendEscape(b []byte, c byte) []byte {
	switch c {
	case '"', '\\':
		return append(b, '\\', c)
	case '\n':
		return append(b, '\\', 'n')
	case '\r':
		return append(b, '\\', 'r')
	case '\t':
		return append(b, '\\', 't')
	}
	const digits = "0123456789abcdef"
	return append(b, '\\', 'u', '0', '0', digits[c>>4], digits[c&15])
}

// appendField adds a named string, with a comma before it.
func appendField(b []byte, name, text string) []byte {
	b = append(b, ',', '"')
	b = append(b, name...)
	b = append(b, '"', ':')
	return appendString(b, text)
}

// appendNumber adds a named number, with a comma before it.
func appendNumber(b []byte, name string, n int64) []byte {
	b = append(b, ',', '"')
	b = append(b, name...)
	b = append(b, '"', ':')
	return strconv.AppendInt(b, n, 10)
}

// appendTrue adds a named true, with a comma before it, when it is so.
func appendTrue(b []byte, name string, so bool) []byte {
	if !so {
		return b
	}
	b = append(b, ',', '"')
	b = append(b, name...)
	return append(b, `":true`...)
}
