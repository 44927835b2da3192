package sandbox

import (
	"errors"
	"slices"
	"sync"
	"time"
)

// Clock is the sandbox's own: as the real one, and on top of it the time that was let pass. It never goes back, not
// over a restart with a journal either.
type Clock struct {
	sandbox *Sandbox

	mu    sync.Mutex
	hooks []func(now time.Time)
}

// Clock gives the clock by which everything in the sandbox happens.
func (s *Sandbox) Clock() *Clock { return &s.clock }

// Now is the time in the sandbox.
func (c *Clock) Now() time.Time {
	c.sandbox.mu.Lock()
	defer c.sandbox.mu.Unlock()
	return c.sandbox.at()
}

// Pass lets time pass and then calls everybody who asked to know; d must be more than nothing.
func (c *Clock) Pass(d time.Duration) error {
	return c.pass(func(time.Time) time.Duration { return d })
}

// PassUntil lets time pass until it next is so many hours and minutes after midnight, in the sandbox's zone.
func (c *Clock) PassUntil(hour, minute int) error {
	return c.pass(func(now time.Time) time.Duration {
		next := time.Date(now.Year(), now.Month(), now.Day(), hour, minute, 0, 0, now.Location())
		if !next.After(now) {
			next = time.Date(now.Year(), now.Month(), now.Day()+1, hour, minute, 0, 0, now.Location())
		}
		return next.Sub(now)
	})
}

// OnTime has f called after each time that time was let pass, with the new time, by the goroutine that let it pass.
func (c *Clock) OnTime(f func(now time.Time)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.hooks = append(c.hooks, f)
}

func (c *Clock) pass(by func(now time.Time) time.Duration) error {
	now, err := c.sandbox.pass(by)
	if err != nil {
		return err
	}
	c.mu.Lock()
	hooks := slices.Clone(c.hooks)
	c.mu.Unlock()
	for _, f := range hooks {
		f(now)
	}
	return nil
}

func (s *Sandbox) pass(by func(now time.Time) time.Duration) (time.Time, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	d := by(s.at())
	if d <= 0 {
		return time.Time{}, errors.New("time moves forward only")
	}
	passed := record{Entry: entryPassed, At: s.at().Add(d), Offset: s.state.offset + d} // At is when it is then
	if err := s.write(passed); err != nil {
		return time.Time{}, err
	}
	return s.at(), nil
}

// at is the time in the sandbox; s.mu is held.
func (s *Sandbox) at() time.Time {
	now := s.now().Add(s.state.offset)
	if now.Before(s.state.latest) {
		now = s.state.latest
	}
	s.state.latest = now
	if s.zone != nil {
		return now.In(s.zone)
	}
	return now
}
