package bot

import (
	"strings"
	"unicode"

	"github.com/paulmach/orb"
)

// Input is what a person gives to a question: words, a choice, a place or a file.
type Input struct {
	Text      string
	Choice    string // key of a choice
	Point     *orb.Point
	PointName string
	Media     *Media
	Args      string // of the command that opened the form
	Command   string // its name, when it is a command that is looked at before it is obeyed
	Forwarded bool
}

// Empty reports whether nothing was given.
func (in Input) Empty() bool {
	return in.Text == "" && in.Choice == "" && in.Point == nil && in.Media == nil && in.Args == ""
}

// Words is the text, or the caption of a file.
func (in Input) Words() string {
	if in.Text == "" && in.Media != nil {
		return in.Media.Caption
	}
	return in.Text
}

func inputOf(e Event) (Input, bool) {
	switch e := e.(type) {
	case Text:
		return Input{Text: e.Body, Forwarded: e.Forwarded}, true
	case Point:
		return Input{Point: &e.At, PointName: e.Name}, true
	case Media:
		return Input{Media: &e, Forwarded: e.Forwarded}, true
	case Command, Press, Marked, Withdrawn, Erased, Reply, Bounced, Unreadable, Edited, Joined, Entitled, Left, AskedIn,
		WentOut, Moved, Replaced, Came, Tick, Due, Done:
		return Input{}, false
	}
	return Input{}, false
}

// SameWords reports whether two texts are the same but for case, punctuation and symbols; nothing is the same as no words.
func SameWords(a, b string) bool {
	a = plainWords(a)
	return a != "" && a == plainWords(b)
}

// Folded is a text as it is held against another one: no case, no punctuation, no symbols.
func Folded(s string) string { return plainWords(s) }

// plainWords folds what somebody typed so that it can be held against a label: no case, no punctuation, no symbols.
func plainWords(s string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(s) {
		switch {
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			b.WriteRune(r)
		case unicode.IsSpace(r) || r == '-' || r == '/':
			b.WriteByte(' ')
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}
