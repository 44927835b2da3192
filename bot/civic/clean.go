package civic

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// What a cleaned text may have at most in a row.
const (
	marksInARow    = 3
	newlinesInARow = 2
)

// Runes that join or dress emoji.
const (
	joiner   = '\u200d' // zero width joiner
	coloured = '\ufe0f' // variation selector 16: show the rune before as a picture
)

// Clean makes a text from outside fit to be stored and shown: valid UTF-8 of no more than most runes, trimmed, without
// control characters (but newline and tab), text direction overrides, characters of no width, tags and fillers, with at
// most three combining marks and two newlines in a row. The joiner inside an emoji stays. What does not fit is cut off
// before the emoji, flag or accented letter it would cut through. Of a very long text only the beginning is read.
//
// Cleaning a clean text changes nothing.
func Clean(s string, most int) string {
	if most <= 0 {
		return ""
	}
	most = min(most, len(s)) // there are no more runes than bytes
	c := cleaner{most: most}
	c.text.Grow(min(len(s), 4*most))
	budget := 4*most + 1024 // runes that are read at most, so that a flood of invisible ones costs nothing
	for i := 0; i < len(s) && budget > 0 && !c.full; budget-- {
		r, size := rune(s[i]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRuneInString(s[i:])
		}
		i += size
		if r == '\r' {
			if i < len(s) && s[i] == '\n' {
				continue
			}
			r = '\n'
		}
		if r != utf8.RuneError || size > 1 {
			c.take(r)
		}
	}
	return strings.TrimRightFunc(c.text.String()[:c.end()], unicode.IsSpace)
}

// OnlyMarks reports whether a text is marks without a word, "?" or "...": it says that somebody does not know how to go on.
func OnlyMarks(s string) bool {
	return strings.Trim(s, " \n.,;:!?…'\"-–؟،¿¡") == "" && !Blank(s)
}

// Blank reports whether nothing in the text can be seen.
func Blank(s string) bool {
	for i, r := range s {
		if r == utf8.RuneError {
			if _, size := utf8.DecodeRuneInString(s[i:]); size == 1 {
				continue
			}
		}
		if !hidden(r) && unicode.In(r, unicode.L, unicode.N, unicode.P, unicode.S) {
			return false
		}
	}
	return true
}

// cleaner builds a clean text rune by rune.
type cleaner struct {
	most     int
	text     strings.Builder
	runes    int  // written
	start    int  // where in text the last character, of one or more runes, begins
	last     rune // written
	marks    int  // in a row, at the end
	newlines int  // in a row, at the end; spaces between them do not count
	halfFlag bool // the text ends in the first half of a flag
	join     bool // a joiner came after an emoji; it is written when another emoji follows
	full     bool // a rune came that has no room
	cut      bool // that rune belonged to the last character, which therefore goes
}

// end is where in text the clean text ends.
func (c *cleaner) end() int {
	if c.cut {
		return c.start
	}
	return c.text.Len()
}

// take writes the rune, or leaves it out, or finds the text full.
func (c *cleaner) take(r rune) {
	switch {
	case r > ' ' && r < '\x7f': // most of all text; the cases below ask large tables
		c.letter(r)
	case r == joiner:
		c.join = c.join || pictured(c.last)
	case r == '\u0085' || r == '\u2028' || r == '\u2029':
		c.space('\n')
	case unicode.IsSpace(r):
		c.space(r)
	case hidden(r):
	case r == coloured:
		if !c.join && (picture(c.last) || keycap(c.last)) {
			c.extend(r)
		}
	case unicode.Is(unicode.M, r):
		c.mark(r)
	default:
		c.letter(r)
	}
}

// space writes white space, but not at the beginning, and no third newline; control characters that count as white
// space are left out.
func (c *cleaner) space(r rune) {
	if c.runes == 0 || unicode.IsControl(r) && r != '\n' && r != '\t' {
		return
	}
	newlines := c.newlines
	if r == '\n' {
		if newlines == newlinesInARow {
			return
		}
		newlines++
	}
	c.begin(r)
	c.newlines = newlines
}

// mark writes a combining mark, but not a fourth in a row.
func (c *cleaner) mark(r rune) {
	if c.marks == marksInARow || variation(r) {
		return
	}
	marks := c.marks
	c.extend(r)
	c.marks = marks + 1
}

// letter writes a rune that can be seen, joined to the emoji before it where it should be.
func (c *cleaner) letter(r rune) {
	flag := r >= '\U0001F1E6' && r <= '\U0001F1FF'
	second := flag && c.halfFlag
	switch {
	case c.join && picture(r):
		if c.runes+1 < c.most {
			c.extend(joiner)
			c.extend(r)
		} else {
			c.full, c.cut = true, true
		}
	case second || tone(r) && picture(c.last):
		c.extend(r)
	default:
		c.begin(r)
	}
	c.halfFlag = flag && !second
}

// begin writes a rune that is a character of its own.
func (c *cleaner) begin(r rune) {
	if c.runes == c.most {
		c.full = true
		return
	}
	c.start = c.text.Len()
	c.write(r)
}

// extend writes a rune that belongs to the last character.
func (c *cleaner) extend(r rune) {
	if c.runes == c.most {
		c.full, c.cut = true, true
		return
	}
	c.write(r)
}

// write appends the rune.
func (c *cleaner) write(r rune) {
	c.text.WriteRune(r)
	c.runes++
	c.last = r
	c.marks, c.halfFlag, c.join = 0, false, false
	if !unicode.IsSpace(r) {
		c.newlines = 0
	}
}

// hidden reports whether the rune has no width, or steers how others are shown, or shows as an empty space: controls,
// format characters (direction, joiners, tags), and the fillers of Hangul, Khmer and Braille.
func hidden(r rune) bool {
	switch r {
	case '\u3164', '\u115f', '\u1160', '\uffa0', '\u17b4', '\u17b5', '\u034f', '\u2800':
		return true
	}
	return unicode.In(r, unicode.Cc, unicode.Cf) || r >= 0xE0000 && r <= 0xE0FFF || r&0xFFFE == 0xFFFE
}

// variation reports whether the rune asks for another form of the rune before it.
func variation(r rune) bool {
	return r >= '\ufe00' && r <= '\ufe0f' || r >= '\u180b' && r <= '\u180d'
}

// pictured reports whether an emoji may end in the rune.
func pictured(r rune) bool { return r == coloured || picture(r) }

// picture reports whether the rune stands in a block of emoji; the standard library does not tell them one by one.
func picture(r rune) bool {
	return r >= '\U0001F000' && r <= '\U0001FAFF' || r >= '\u2190' && r <= '\u2bff' || r == '\u00a9' || r == '\u00ae'
}

// keycap reports whether the rune may stand on a key.
func keycap(r rune) bool { return r >= '0' && r <= '9' || r == '#' || r == '*' }

// tone reports whether the rune colours the skin of the emoji before it.
func tone(r rune) bool { return r >= '\U0001F3FB' && r <= '\U0001F3FF' }
