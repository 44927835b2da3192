package botapi

import "time"

// EventKind is what happened in a chat.
type EventKind string

// The kinds of events.
const (
	Said     EventKind = "said"     // by a person
	Sent     EventKind = "sent"     // by the bot
	Edited   EventKind = "edited"   // by anybody
	Deleted  EventKind = "deleted"  // by the bot
	Pressed  EventKind = "pressed"  // a button
	Answered EventKind = "answered" // a press
)

// Event is something that was to be seen in a chat.
type Event struct {
	Number  int // from 1
	At      time.Time
	Kind    EventKind
	Chat    int64
	From    int64   // who wrote, pressed, or is answered
	Query   string  // of a press
	Text    string  // what a press carried, or how it was answered
	Alert   bool    // the answer was shown in a window
	Message Message // as it was then; empty for presses and answers
}

// show keeps an event about a message, as it is now.
func (s *Server) show(kind EventKind, m *message) {
	if !s.quiet {
		s.note(Event{Kind: kind, Chat: m.chat.id, From: m.From, Message: m.view()})
	}
}

// note keeps an event.
func (s *Server) note(e Event) {
	if s.quiet {
		return
	}
	e.Number, e.At = len(s.events)+1, s.now()
	s.events = append(s.events, e)
}

// Events lists what happened, in order. A message in it is as it was then.
func (s *Server) Events() []Event { return s.Since(0) }

// Since lists what happened after the event with a number.
func (s *Server) Since(number int) []Event {
	s.mu.Lock()
	defer s.mu.Unlock()
	if number >= len(s.events) {
		return nil
	}
	return append([]Event(nil), s.events[max(number, 0):]...)
}
