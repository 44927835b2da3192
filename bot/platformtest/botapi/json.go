package botapi

import (
	"strconv"
	"unicode/utf8"
)

const hexDigits = "0123456789abcdef"

// appendString writes a JSON string. It is on the way of every message, so it copies what needs no escape in one piece.
func appendString(b []byte, s string) []byte {
	b = append(b, '"')
	from := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c >= utf8.RuneSelf {
			r, size := utf8.DecodeRuneInString(s[i:])
			if r == utf8.RuneError && size == 1 {
				b = append(append(b, s[from:i]...), "\ufffd"...)
				from = i + 1
			}
			i += size
			continue
		}
		if c >= ' ' && c != '"' && c != '\\' {
			i++
			continue
		}
		b = appendEscape(append(b, s[from:i]...), c)
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
	}
	return append(b, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
}

// appendNumber writes a member with a number, after a comma.
func appendNumber(b []byte, name string, n int64) []byte {
	b = append(append(append(b, ',', '"'), name...), '"', ':')
	return strconv.AppendInt(b, n, 10)
}

// appendText writes a member with a string, after a comma.
func appendText(b []byte, name, text string) []byte {
	b = append(append(append(b, ',', '"'), name...), '"', ':')
	return appendString(b, text)
}

// appendRaw writes a member with a value that is JSON already, after a comma.
func appendRaw(b []byte, name string, raw []byte) []byte {
	b = append(append(append(b, ',', '"'), name...), '"', ':')
	return append(b, raw...)
}

// appendTrue writes a member that is true, after a comma.
func appendTrue(b []byte, name string) []byte {
	return append(append(append(b, ',', '"'), name...), `":true`...)
}

// units counts UTF-16 units, in which Telegram counts offsets and lengths of entities.
func units(s string) int {
	n := 0
	for _, r := range s {
		n++
		if r >= 0x10000 {
			n++
		}
	}
	return n
}
