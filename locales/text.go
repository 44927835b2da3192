package locales

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
)

// HTML is text that is markup already, so that it is not escaped again.
type HTML string

// HTML gives the markup.
func (h HTML) HTML() string { return string(h) }

// text is a text cut at its placeholders.
type text struct {
	raw    string
	line   int
	pieces []piece // nil = nothing is filled in
}

// piece is some words and the placeholder after them; the last has none.
type piece struct{ words, name string }

var placeholder = regexp.MustCompile(`\{([a-z][a-z0-9_]*)\}`)

// newText cuts a text at its placeholders. A brace that belongs to none is an error.
func newText(raw string, line int) (*text, error) {
	t := &text{raw: raw, line: line}
	if !strings.ContainsAny(raw, "{}") {
		return t, nil
	}
	from := 0
	for _, at := range placeholder.FindAllStringSubmatchIndex(raw, -1) {
		t.pieces = append(t.pieces, piece{raw[from:at[0]], raw[at[2]:at[3]]})
		from = at[1]
	}
	t.pieces = append(t.pieces, piece{words: raw[from:]})
	for _, p := range t.pieces {
		if strings.ContainsAny(p.words, "{}") {
			return nil, errors.New("a placeholder is written {name}, in small letters")
		}
	}
	return t, nil
}

// fill puts the arguments into the text, and the words of the country.
func (t *text) fill(args []any, words dictionary) string {
	if t.pieces == nil {
		return t.raw
	}
	var room [512]byte
	out := room[:0]
	for _, p := range t.pieces {
		out = append(out, p.words...)
		if p.name == "" {
			continue
		}
		if value, ok := argument(args, p.name); ok {
			out = appendValue(out, value)
			continue
		}
		if word := words.find(p.name); word != "" {
			out = append(out, word...)
			continue
		}
		out = append(append(append(out, '{'), p.name...), '}')
	}
	return string(out)
}

// choose finds the text of a key, or nil. Where that depends on the number, it is the one for the argument "count"; without
// one, or where a form is missing, it is the general form.
func (t *tongue) choose(key string, args []any) *text {
	if plain := t.written[key]; plain != nil {
		return plain
	}
	said := t.counted[key]
	if value, ok := argument(args, "count"); ok {
		if n, ok := number(value); ok && said[formOf(t.tag, n)] != nil {
			return said[formOf(t.tag, n)]
		}
	}
	return said[plural.Other]
}

// has reports whether something is said for a key.
func (t *tongue) has(key string) bool { return t.written[key] != nil || t.counted[key] != nil }

// formOf is the plural form that a language uses for n.
func formOf(tag language.Tag, n int64) plural.Form {
	const enough = 10_000_000 // the rules look at no more digits than this
	n %= enough
	return plural.Cardinal.MatchPlural(tag, int(max(n, -n)), 0, 0, 0, 0)
}

func argument(args []any, name string) (any, bool) {
	for i := 0; i+1 < len(args); i += 2 {
		if n, ok := args[i].(string); ok && n == name {
			return args[i+1], true
		}
	}
	return nil, false
}

func number(value any) (int64, bool) {
	switch n := value.(type) {
	case int:
		return int64(n), true
	case int64:
		return n, true
	}
	return 0, false
}

func appendValue(out []byte, value any) []byte {
	if n, ok := number(value); ok {
		return strconv.AppendInt(out, n, 10)
	}
	switch v := value.(type) {
	case string:
		return appendEscaped(out, v)
	case interface{ HTML() string }:
		return append(out, v.HTML()...)
	}
	return appendEscaped(out, fmt.Sprint(value))
}

// Escape makes words safe to stand in a text, as [Texts.Text] does with the strings it is given.
func Escape(words string) HTML { return HTML(appendEscaped(nil, words)) }

// appendEscaped escapes what has a meaning in HTML: & < > and ".
func appendEscaped(out []byte, s string) []byte {
	from := 0
	for i := range len(s) {
		var entity string
		switch s[i] {
		case '&':
			entity = "&amp;"
		case '<':
			entity = "&lt;"
		case '>':
			entity = "&gt;"
		case '"':
			entity = "&quot;"
		default:
			continue
		}
		out = append(append(out, s[from:i]...), entity...)
		from = i + 1
	}
	return append(out, s[from:]...)
}
