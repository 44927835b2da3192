package survey

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

const (
	byteOrderMark = "\ufeff"
	recordMark    = 0x1e // before each feature of a GeoJSON text sequence (RFC 8142)
)

// decode makes UTF-8 of what spreadsheets write: UTF-8 with or without a byte order mark, UTF-16 with one, and
// Windows-1252. A note says when it was not UTF-8.
func decode(data []byte) (text []byte, notes []Remark, err error) {
	switch {
	case bytes.HasPrefix(data, []byte("\xff\xfe")) || bytes.HasPrefix(data, []byte("\xfe\xff")):
		text, err = unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder().Bytes(data)
		if err != nil {
			return nil, nil, Mistakes{"this is no whole UTF-16. Save the file as CSV UTF-8"}
		}
		notes = []Remark{remark("utf16")}
	case utf8.Valid(data):
		text = bytes.TrimPrefix(data, []byte(byteOrderMark))
	default:
		if text, err = western(data); err != nil {
			return nil, nil, err
		}
		notes = []Remark{remark("windows")}
	}
	if i := bytes.IndexByte(text, 0); i >= 0 {
		return nil, nil, Mistakes{fmt.Sprintf("line %d holds a zero byte: this is no text. Give a CSV or GeoJSON file",
			lineAt(text, i))}
	}
	if len(bytes.TrimSpace(text)) == 0 {
		return nil, nil, Mistakes{"the file is empty"}
	}
	return text, notes, nil
}

// western reads Windows-1252, unless the text is UTF-8 with a damaged place in it, which would come out as gibberish.
func western(data []byte) ([]byte, error) {
	wide, first := 0, -1
	for i := 0; i < len(data); {
		r, size := utf8.DecodeRune(data[i:])
		if r == utf8.RuneError && size == 1 && first < 0 {
			first = i
		}
		if size > 1 {
			wide++
		}
		i += size
	}
	if wide > 0 {
		return nil, Mistakes{fmt.Sprintf("line %d is not UTF-8, and other lines are. Save the whole file as UTF-8",
			lineAt(data, first))}
	}
	for i, b := range data {
		if r := charmap.Windows1252.DecodeByte(b); r == utf8.RuneError || r >= 0x80 && r < 0xa0 {
			return nil, Mistakes{fmt.Sprintf("line %d is neither UTF-8 nor Windows-1252. Save the file as UTF-8", lineAt(data,
				i))}
		}
	}
	return charmap.Windows1252.NewDecoder().Bytes(data)
}

// lineAt is the number of the line in which a byte stands.
func lineAt(data []byte, offset int) int {
	return 1 + bytes.Count(data[:min(max(offset, 0), len(data))], []byte("\n"))
}

// garbled reports whether a name was written as UTF-8 and read as something else on its way to us.
func garbled(name string) bool {
	if strings.ContainsRune(name, utf8.RuneError) {
		return true
	}
	runes := []rune(name)
	for i := 1; i < len(runes); i++ {
		if (runes[i-1] == 'Ã' || runes[i-1] == 'Â') && runes[i] >= 0x80 && runes[i] <= 0xbf {
			return true
		}
	}
	return false
}
