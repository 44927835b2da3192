package sandbox

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"time"
	"unicode/utf8"

	"github.com/buurtbot/buurtbot/bot"
)

// Failure is how a delivery fails.
type Failure struct {
	Remedy bot.Remedy
	After  time.Duration // how long the chat is to be left alone
	Global bool          // After holds for all chats
	To     string        // the chat's new id, when Remedy is MovedTo
	Shown  bool          // the message is shown all the same, and only the answer is lost
}

// FailNext makes the next deliveries fail, one after the other.
func (s *Sandbox) FailNext(failures ...Failure) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.failures = append(s.failures, failures...)
}

// Answer is what somebody read who had pressed a button.
type Answer struct{ Person, Room, Text string }

// Answers lists the answers to presses since the start, oldest first.
func (s *Sandbox) Answers() []Answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.answers)
}

// Deliveries lists every letter that was shown, oldest first.
func (s *Sandbox) Deliveries() []Delivery {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.state.deliveries)
}

// Send shows a letter: it adds a message to the chat or changes one in place. The same letter is shown again as often
// as it is sent. An error is a *bot.SendError.
func (s *Sandbox) Send(ctx context.Context, l bot.Letter, photos [][]byte) (bot.MessageRef, error) {
	if err := ctx.Err(); err != nil {
		return "", &bot.SendError{Remedy: bot.Later, Err: err}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	var failure *bot.SendError
	if len(s.failures) > 0 {
		f := s.failures[0]
		s.failures = s.failures[1:]
		failure = &bot.SendError{
			Remedy: f.Remedy, After: f.After, Global: f.Global, To: f.To, Err: errors.New("the test wants it so"),
		}
		if !f.Shown {
			return "", failure
		}
	}
	ref, err := s.show(l, photos)
	if err != nil {
		return "", err
	}
	if failure != nil {
		return "", failure
	}
	return ref, nil
}

func (s *Sandbox) show(l bot.Letter, photos [][]byte) (bot.MessageRef, error) {
	if _, known := s.rooms[l.To.ID]; !known || s.state.left[l.To.ID] {
		return "", &bot.SendError{Remedy: bot.Gone, Err: fmt.Errorf("chat: %w", ErrUnknown)} // whose, is not for the log
	}
	m := Message{
		Ref: s.state.nextRef(), Room: l.To.ID, At: s.at(), Text: l.Text, Plain: l.Plain, Rows: l.Rows, Token: l.Token,
		Reply: l.Reply, Silent: l.Silent, Protect: l.Protect, Gone: l.Gone,
	}
	if l.Op == bot.OpEdit {
		if err := s.revise(&m, l, len(photos)); err != nil {
			return "", err
		}
	}
	var records []record
	for _, data := range photos {
		f := file{ID: s.fileID(len(records)), Type: bot.KindOf(data).Mime, Data: data}
		m.Photos = append(m.Photos, f.ID)
		records = append(records, record{Entry: entryFile, File: &f})
	}
	if err := s.write(append(records, record{Entry: entryShown, Letter: l.ID, Message: &m})...); err != nil {
		return "", &bot.SendError{Remedy: bot.Later, After: time.Second, Err: err}
	}
	return m.Ref, nil
}

// revise puts a new version in the place of an older one; its pictures stay unless others come, or they are taken away.
func (s *Sandbox) revise(m *Message, l bot.Letter, photos int) error {
	old := s.state.find(l.Edits)
	if old == nil || old.Room != m.Room || old.From != "" {
		return &bot.SendError{Remedy: bot.Lost, Err: fmt.Errorf("message %q: %w", l.Edits, ErrUnknown)}
	}
	m.Ref, m.At, m.Reply, m.Edited = old.Ref, old.At, old.Reply, old.Edited
	if photos == 0 && !m.Gone {
		if !l.Bare {
			m.Photos = old.Photos
		}
		if reflect.DeepEqual(*m, *old) {
			return &bot.SendError{Remedy: bot.Unchanged, Err: errors.New("the message reads like that already")}
		}
	}
	m.Edited = s.at()
	return nil
}

// Answer shows a line to the person who pressed, for a short time.
func (s *Sandbox) Answer(ctx context.Context, query, text string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	person, room, err := parseQuery(query)
	if err != nil || text == "" {
		return err
	}
	const limit = 200 // characters
	if utf8.RuneCountInString(text) > limit {
		text = string([]rune(text)[:limit-1]) + "…"
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	answer := Answer{Person: person, Room: room, Text: text}
	s.answers = append(s.answers, answer)
	s.events.toast(answer)
	return nil
}

// Fetch gives the bytes of a picture that a person sent.
func (s *Sandbox) Fetch(ctx context.Context, file string, limit int64) ([]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	f, known := s.state.files[file]
	if !known {
		return nil, fmt.Errorf("file %q: %w", file, ErrUnknown)
	}
	if int64(len(f.Data)) > limit {
		return nil, fmt.Errorf("file %q has %d bytes, more than %d", file, len(f.Data), limit)
	}
	return slices.Clone(f.Data), nil
}
