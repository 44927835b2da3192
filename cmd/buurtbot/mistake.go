package main

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"strings"
)

// Mistake is one thing in the configuration that the operator has to put right.
type Mistake struct {
	Place Place
	Key   string // such as telegram.mode; empty when the whole file is meant
	Words string
}

// Place is where something was configured.
type Place struct {
	Name string // of a file or an environment variable; empty when it is a default
	Line int    // of the file; 0 in a variable
}

func (p Place) String() string {
	if p.Line == 0 {
		return p.Name
	}
	return fmt.Sprintf("%s:%d", p.Name, p.Line)
}

// String is the line that the operator sees. It shows no token, not even one that stands where none belongs.
func (m Mistake) String() string {
	var parts []string
	for _, part := range []string{m.Place.String(), m.Key, m.Words} {
		if part != "" {
			parts = append(parts, part)
		}
	}
	return tokenLike.ReplaceAllString(strings.Join(parts, ": "), hidden)
}

// ConfigError is everything that is wrong with a configuration, in the order of the places. No line shows a secret.
type ConfigError struct {
	Mistakes []Mistake
}

func (e ConfigError) Error() string {
	lines := make([]string, len(e.Mistakes))
	for i, m := range e.Mistakes {
		lines[i] = m.String()
	}
	return strings.Join(lines, "\n")
}

// wrong notes a mistake at the place where the key was set, or else where the nearest key above it was. Of a key with
// several mistakes the first is enough.
func (l *loader) wrong(key, format string, args ...any) {
	for _, m := range l.mistakes {
		if m.Key == key {
			return
		}
	}
	l.mistakes = append(l.mistakes, Mistake{Place: l.placeOf(key), Key: key, Words: fmt.Sprintf(format, args...)})
}

// reject notes a mistake that belongs to no key.
func (l *loader) reject(place Place, format string, args ...any) {
	l.mistakes = append(l.mistakes, Mistake{Place: place, Words: fmt.Sprintf(format, args...)})
}

func (l *loader) placeOf(key string) Place {
	for key != "" {
		if place, ok := l.places[key]; ok {
			return place
		}
		key = key[:max(strings.LastIndexAny(key, ".["), 0)]
	}
	return Place{}
}

// byPlace puts mistakes in the order in which an operator goes through them.
func byPlace(a, b Mistake) int {
	return cmp.Or(cmp.Compare(a.Place.Name, b.Place.Name), cmp.Compare(a.Place.Line, b.Place.Line))
}

var tokenLike = regexp.MustCompile(`\d{5,}:[A-Za-z0-9_-]{20,}`)

// quote shows a value as it was written, but no token and not at any length.
func quote(value string) string {
	const enough = 60
	value = tokenLike.ReplaceAllString(value, hidden) // before it is cut, or half a token would stay
	if runes := []rune(value); len(runes) > enough {
		value = string(runes[:enough]) + "…"
	}
	return `"` + value + `"`
}

// reason is what went wrong with a file, without its name.
func reason(err error) string {
	if path, ok := errors.AsType[*fs.PathError](err); ok {
		return path.Err.Error()
	}
	return err.Error()
}
