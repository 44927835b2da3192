package telegram

import (
	"html"
	"slices"
	"strings"
	"unicode/utf8"
)

// Telegram's limits, in UTF-16 units of what is seen.
const (
	textLimit    = 4096
	captionLimit = 1024
)

// atom is what a text is never cut within: a tag, an escaped character, or a character.
type atom struct {
	raw   string
	units int // UTF-16 units that are seen; a tag has none
}

func (a atom) tag() bool { return a.units == 0 }

func (a atom) blank() bool { return a.raw == "\n" || a.raw == " " }

// nextAtom cuts the first atom off a text that is not empty.
func nextAtom(s string) atom {
	switch s[0] {
	case '<':
		if end := strings.IndexByte(s, '>'); end > 1 && (s[1] == '/' || isLetter(s[1])) {
			return atom{raw: s[:end+1]}
		}
	case '&':
		if end := strings.IndexByte(s, ';'); end > 1 && end < 12 {
			if seen := html.UnescapeString(s[:end+1]); seen != s[:end+1] {
				return atom{raw: s[:end+1], units: units(seen)}
			}
		}
	}
	r, size := utf8.DecodeRuneInString(s)
	if r >= 0x10000 {
		return atom{raw: s[:size], units: 2}
	}
	return atom{raw: s[:size], units: 1}
}

// units counts UTF-16 units.
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

// seen counts the UTF-16 units of a marked-up text that are seen.
func seen(markup string) int {
	n := 0
	for markup != "" {
		a := nextAtom(markup)
		n += a.units
		markup = markup[len(a.raw):]
	}
	return n
}

// split cuts a marked-up text into parts of at most limit units, at the end of a paragraph, a line or a word if there is
// one in the second half. Tags that are open at a cut are closed before it and opened again after it.
func split(markup string, limit int) []string {
	if len(markup) <= limit || seen(markup) <= limit {
		return []string{markup}
	}
	var atoms []atom
	for markup != "" {
		a := nextAtom(markup)
		atoms = append(atoms, a)
		markup = markup[len(a.raw):]
	}
	var parts, open []string
	for len(atoms) > 0 {
		end := cut(atoms, limit)
		var part string
		part, open = render(open, atoms[:end])
		if strings.TrimSpace(stripped(part)) != "" {
			parts = append(parts, part)
		}
		atoms = atoms[end:]
		for len(atoms) > 0 && atoms[0].blank() {
			atoms = atoms[1:]
		}
	}
	return parts
}

// cut says how many atoms make up the next part.
func cut(atoms []atom, limit int) int {
	fits, n := 0, 0
	for fits < len(atoms) && n+atoms[fits].units <= limit {
		n += atoms[fits].units
		fits++
	}
	if fits == len(atoms) {
		return fits
	}
	for _, good := range [...]func(i int) bool{
		func(i int) bool { return i > 1 && atoms[i-1].raw == "\n" && atoms[i-2].raw == "\n" },
		func(i int) bool { return atoms[i-1].raw == "\n" },
		func(i int) bool { return atoms[i-1].raw == " " },
	} {
		for i := fits; i > fits/2; i-- {
			if good(i) {
				return i
			}
		}
	}
	return max(fits, 1)
}

// render writes atoms between the tags that are open, and says which are open afterwards.
func render(open []string, atoms []atom) (part string, after []string) {
	after = append(after, open...)
	var b strings.Builder
	b.WriteString(strings.Join(open, ""))
	for _, a := range atoms {
		b.WriteString(a.raw)
		switch {
		case !a.tag():
		case a.raw[1] != '/':
			after = append(after, a.raw)
		case len(after) > 0:
			after = after[:len(after)-1]
		}
	}
	part = strings.TrimRight(b.String(), " \n")
	for _, tag := range slices.Backward(after) {
		part += "</" + tagName(tag) + ">"
	}
	return part, after
}

func tagName(tag string) string {
	name, _ := cutName(strings.Trim(tag, "</>"))
	return name
}

// plain is the text without its markup; a link shows its address after its words.
func plain(markup string) string { return strip(markup, " (", ")") }

// stripped is the text without its markup and without addresses.
func stripped(markup string) string { return strip(markup, "", "") }

func strip(markup, before, after string) string {
	var b strings.Builder
	link, from := "", 0
	for markup != "" {
		a := nextAtom(markup)
		markup = markup[len(a.raw):]
		switch {
		case !a.tag():
			b.WriteString(html.UnescapeString(a.raw))
		case tagName(a.raw) != "a":
		case a.raw[1] != '/':
			link, from = address(a.raw), b.Len()
		case link != "" && before != "" && link != b.String()[from:]:
			b.WriteString(before + link + after)
		}
	}
	return b.String()
}

// address is what a link tag points to.
func address(tag string) string {
	_, rest, _ := strings.Cut(tag, `href="`)
	link, _, closed := strings.Cut(rest, `"`)
	if !closed {
		return ""
	}
	return html.UnescapeString(link)
}
