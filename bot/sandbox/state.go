package sandbox

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/paulmach/orb"

	"github.com/buurtbot/buurtbot/bot"
)

// Message is what stands in a chat.
type Message struct {
	Ref       bot.MessageRef `json:"ref"`
	Room      string         `json:"room"`
	From      string         `json:"from,omitempty"` // the person's id; empty = the bot
	At        time.Time      `json:"at"`
	Edited    time.Time      `json:"edited,omitzero"` // zero = never
	Text      string         `json:"text,omitempty"`  // tiny HTML if it is the bot's, else as it was typed
	Plain     bool           `json:"plain,omitempty"` // the bot's text is to be shown without its markup
	Rows      [][]bot.Choice `json:"rows,omitempty"`
	Token     string         `json:"token,omitempty"`  // of this rendering
	Photos    []string       `json:"photos,omitempty"` // ids of files
	Gone      bool           `json:"gone,omitempty"`   // its pictures were taken away
	Point     *orb.Point     `json:"point,omitempty"`  // longitude, latitude
	Media     bot.MediaKind  `json:"media,omitempty"`
	Reply     bot.MessageRef `json:"reply,omitempty"`
	Forwarded bool           `json:"forwarded,omitempty"`
	Silent    bool           `json:"silent,omitempty"`
	Protect   bool           `json:"protect,omitempty"`
}

// Delivery is one letter that was shown, as it read then.
type Delivery struct {
	Letter  int64
	Op      bot.Op
	Again   bool // the letter had been posted before
	Message Message
}

// state is all that the journal tells.
type state struct {
	birth      string
	number     int64 // of the last update
	shown      int64 // of the last message
	kept       int64 // of the last file
	taken      int64
	waiting    []waiting
	messages   map[string][]Message // by room
	places     map[bot.MessageRef]place
	files      map[string]file
	deliveries []Delivery
	left       map[string]bool // rooms the bot is not in, and people who blocked it
	offset     time.Duration
	latest     time.Time // no time before it is ever shown again
}

type waiting struct {
	number int64
	raw    bot.Raw
}

type place struct {
	room string
	nth  int
}

func newState() state {
	return state{
		messages: map[string][]Message{}, places: map[bot.MessageRef]place{}, files: map[string]file{},
		left: map[string]bool{},
	}
}

// fold adds one record to the state.
func (s *state) fold(r record) error {
	if r.At.After(s.latest) {
		s.latest = r.At
	}
	switch r.Entry {
	case entryBegin:
		s.birth = r.Birth
	case entryFile:
		s.kept++
		s.files[r.File.ID] = *r.File
	case entrySaid:
		return s.foldSaid(r)
	case entryShown:
		s.foldShown(r)
	case entryTaken:
		s.taken = max(s.taken, r.Number)
		s.waiting = slices.DeleteFunc(s.waiting, func(w waiting) bool { return w.number <= r.Number })
	case entryPassed:
		s.offset = r.Offset
	default:
		return fmt.Errorf("there is no %q in a journal", r.Entry)
	}
	return nil
}

func (s *state) foldSaid(r record) error {
	var said raw
	if err := json.Unmarshal(r.Raw, &said); err != nil {
		return fmt.Errorf("update %d: %w", r.Number, err)
	}
	s.number = said.Number
	s.waiting = append(s.waiting, waiting{said.Number, bot.Raw{External: s.external(said.Number), Body: r.Raw}})
	switch said.Do {
	case deedLeave:
		s.left[said.Room] = true
	case deedJoin:
		delete(s.left, said.Room)
	case deedSay, deedPress, deedPin, deedMedia, deedEdit:
	}
	if r.Message != nil {
		s.put(*r.Message)
	}
	return nil
}

func (s *state) foldShown(r record) {
	d := Delivery{Letter: r.Letter, Op: bot.OpPost, Message: *r.Message}
	if s.find(r.Message.Ref) != nil {
		d.Op = bot.OpEdit
	}
	d.Again = d.Op == bot.OpPost && d.Letter != 0 && slices.ContainsFunc(s.deliveries, func(before Delivery) bool {
		return before.Letter == d.Letter && before.Op == bot.OpPost
	})
	s.deliveries = append(s.deliveries, d)
	s.put(*r.Message)
}

// put adds a message, or changes the one with its reference.
func (s *state) put(m Message) {
	if at, known := s.places[m.Ref]; known {
		s.messages[at.room][at.nth] = m
		return
	}
	s.shown++
	s.places[m.Ref] = place{m.Room, len(s.messages[m.Room])}
	s.messages[m.Room] = append(s.messages[m.Room], m)
}

// find gives a message, or nil.
func (s *state) find(ref bot.MessageRef) *Message {
	at, known := s.places[ref]
	if !known {
		return nil
	}
	return &s.messages[at.room][at.nth]
}

func (s *state) nextRef() bot.MessageRef {
	return bot.MessageRef("m" + strconv.FormatInt(s.shown+1, 10))
}

func (s *state) external(number int64) string { return s.birth + "-" + strconv.FormatInt(number, 10) }

func (s *state) numberOf(r bot.Raw) int64 {
	digits, ours := strings.CutPrefix(r.External, s.birth+"-")
	number, err := strconv.ParseInt(digits, 10, 64)
	if !ours || err != nil {
		return 0
	}
	return number
}

// watermark is the number up to which nothing waits any more once these updates are taken.
func (s *state) watermark(raws []bot.Raw) int64 {
	going := map[int64]bool{}
	for _, r := range raws {
		going[s.numberOf(r)] = true
	}
	for _, w := range s.waiting {
		if !going[w.number] {
			return w.number - 1
		}
	}
	return s.number
}

// take removes updates from those that wait.
func (s *state) take(raws []bot.Raw) {
	for _, r := range raws {
		number := s.numberOf(r)
		s.waiting = slices.DeleteFunc(s.waiting, func(w waiting) bool { return w.number == number })
	}
}
