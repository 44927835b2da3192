package bot

import (
	"time"

	"github.com/paulmach/orb"
)

// Message is something to be shown; every platform shows it as well as it can.
type Message struct {
	Text     string     `json:"text,omitempty"` // tiny HTML: b, i, code, a; lines end in \n; arguments already escaped
	Rows     [][]Choice `json:"rows,omitempty"` // choices, as they stand beside and below each other
	Photos   []int64    `json:"photos,omitempty"`
	Protect  bool       `json:"protect,omitempty"` // must not be passed on or saved, where the platform can see to it
	Silent   bool       `json:"silent,omitempty"`
	Gone     bool       `json:"gone,omitempty"`    // an edit that takes the message away
	Bare     bool       `json:"bare,omitempty"`    // an edit that takes the message's picture away, and leaves these words
	Erases   bool       `json:"erases,omitempty"`  // an edit after which nobody may read what stood before, in any history
	Retells  bool       `json:"retells,omitempty"` // shows what somebody told of what it is about: not sent once that is erased
	Title    string     `json:"title,omitempty"`   // what it is about in a few words, on desks: "KAS-7F3K"; of no person
	Hint     string     `json:"hint,omitempty"`    // how it is answered in words, on desks; markup as in Text
	Enclosed []int64    `json:"-"`                 // pictures that go along when a card comes to a desk
	Urgent   bool       `json:"-"`                 // a card that goes before everything else, its changes before what can wait
	About    string     `json:"-"`                 // what a press on it concerns: "form/report/what" or "case/17"
	Version  int64      `json:"-"`                 // of the thing it shows
	Reply    MessageRef `json:"reply,omitempty"`
	Thread   string     `json:"thread,omitempty"` // "case/17": hangs under this card, where the platform keeps threads
	Matter   *Matter    `json:"matter,omitempty"` // what it is about, for programs at desks; nil = it is for people only
	For      *Readers   `json:"for,omitempty"`    // in private, who may still read it when its turn comes; nil = whoever is there
}

// Matter is a case in the fields that another program takes. It names nobody.
type Matter struct {
	Category string     `json:"category"`        // a civic.Category
	Place    string     `json:"place,omitempty"` // in words
	Point    *orb.Point `json:"point,omitempty"` // longitude, latitude (WGS 84), where somebody pinned it
}

// Choice is one button: a key for us, a label for people, or a link.
type Choice struct {
	Key   string `json:"key,omitempty"`
	Label string `json:"label"`
	Link  string `json:"link,omitempty"` // opens a private chat with the bot: the start parameter, not a URL
	Word  string `json:"word,omitempty"` // the choice is made by typing this, and in no other way; the text says so
}

// Way reports whether the choice leads out of a question (back, skip, stop) instead of answering it. A message that
// offers nothing else asks for words, so a number typed under it is words, too.
func (c Choice) Way() bool {
	switch c.Key {
	case choiceBack, choiceSkip, choiceCancel:
		return true
	}
	return false
}

// Choices flattens the rows, in the order in which they are numbered from 1.
func (m Message) Choices() []Choice {
	var all []Choice
	for _, row := range m.Rows {
		all = append(all, row...)
	}
	return all
}

// Op is what a letter does to its chat.
type Op string

// The operations of a letter.
const (
	OpPost Op = "post"
	OpEdit Op = "edit"
)

// Lane is how urgent a letter is, and what an uncertain delivery means for it (architecture §1.3).
type Lane int

// The lanes, most urgent first.
const (
	LaneUrgent Lane = iota
	LaneRoutine
	LaneAnswer
	LaneDigest
)

// Life is how long a letter of the lane is worth delivering.
func (l Lane) Life() time.Duration {
	switch l {
	case LaneUrgent:
		return time.Hour
	case LaneRoutine:
		return 24 * time.Hour
	case LaneAnswer:
		return 10 * time.Minute
	case LaneDigest:
		return 6 * time.Hour
	}
	return 0
}

// Again reports whether a letter whose delivery is uncertain is sent once more: two copies with one reference are
// better than none in the first two lanes, and a nuisance in the others.
func (l Lane) Again() bool { return l == LaneUrgent || l == LaneRoutine }

// Letter is a message on its way.
type Letter struct {
	ID      int64
	Chat    int64   // our id of the chat
	To      ChatRef // the platform's, filled in when the letter is claimed
	Op      Op
	Edits   MessageRef // the message to change, when Op is OpEdit
	Root    MessageRef // the message of the card that Thread names; empty = it stands nowhere yet
	Lane    Lane
	Expires time.Time
	Before  time.Time // not before this time; zero = at once
	Card    string    // "case/17": the letter shows this card; a newer letter of the same card replaces it while unsent
	Report  string    // "alert/3": whom to wake when the letter's fate is known; empty = nobody
	Person  int64     // the only person whose press counts; 0 = anybody who may
	Token   string    // of this rendering; empty when nothing can be pressed
	Tries   int
	Written time.Time // when it was put among the letters; zero = not told
	Plain   bool      // the markup was refused once: show it without
	First   bool      // an emergency answer: before everything else
	Torn    bool      // what it says cannot be read any more: the file is damaged
	Message
}
