package bot

import (
	"sync/atomic"
	"time"
)

// Witness is a platform whose servers tell the time, so that the clock of our machine is not taken at its word alone.
type Witness interface {
	// Testimony is what a server last said of the time; the zero value means that none was heard yet.
	Testimony() Testimony
}

// Testimony is what a server said of the time.
type Testimony struct {
	Said  time.Time // by the server's clock
	Heard time.Time // by ours, when it said so
}

// clockAway is how far our clock may be from what a server says, and how long it may go on alone. What is kept is kept for
// days at least: nothing goes more than this too early.
const clockAway = 24 * time.Hour

// contradicts reports whether the server's clock and ours were too far apart. What it said by a clock of ours that was set
// back since says nothing of the present one.
func (s Testimony) contradicts(now time.Time) bool {
	return !s.Said.IsZero() && !s.Heard.After(now) && s.Heard.Sub(s.Said).Abs() > clockAway
}

// confirms reports whether the server said lately that it is about this time.
func (s Testimony) confirms(now time.Time) bool {
	return !s.Said.IsZero() && now.Sub(s.Said).Abs() <= clockAway
}

// Sure reports whether a time by our clock may be gone by for what cannot be undone: a server said lately that it is about
// this time, and none says otherwise. Where no platform has a server that tells the time, our clock is all there is.
func (e *Engine) Sure(now time.Time) bool {
	witnesses, confirmed := 0, false
	for _, p := range e.platforms {
		w, is := p.(Witness)
		if !is {
			continue
		}
		witnesses++
		s := w.Testimony()
		if s.contradicts(now) {
			return false
		}
		confirmed = confirmed || s.confirms(now)
	}
	return confirmed || witnesses == 0
}

// Contradicted reports whether a server says that our clock is wrong by more than a day.
func (e *Engine) Contradicted(now time.Time) bool {
	for _, p := range e.platforms {
		if w, is := p.(Witness); is && w.Testimony().contradicts(now) {
			return true
		}
	}
	return false
}

// ClockHeard keeps what a server last said of the time, for a platform that is a [Witness]. The zero value has heard
// nothing. It may be used by many at once.
type ClockHeard struct{ last atomic.Pointer[Testimony] }

// Hear takes the Date header of an answer (RFC 9110, 6.6.1) that came at a time of our clock. A server that answers without
// a date has no clock (there too), so that ours is taken for it.
func (c *ClockHeard) Hear(date string, now time.Time) {
	said, err := time.Parse(time.RFC1123, date)
	if err != nil {
		said = now
	}
	c.last.Store(&Testimony{Said: said, Heard: now})
}

// Testimony implements [Witness].
func (c *ClockHeard) Testimony() Testimony {
	if s := c.last.Load(); s != nil {
		return *s
	}
	return Testimony{}
}
