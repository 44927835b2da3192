package bot

import (
	"context"
	"errors"
	"sync"
	"time"
)

// bell wakes one waiting loop; ringing it twice is ringing it once.
type bell chan struct{}

func newBell() bell { return make(bell, 1) }

func (b bell) ring() {
	select {
	case b <- struct{}{}:
	default:
	}
}

// wait returns when the bell rings, when the time is up, or when ctx ends.
func (b bell) wait(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-b:
	case <-timer.C:
	}
}

// Received tells the engine that updates may wait.
func (e *Engine) Received() { e.inbox.ring() }

// Run handles updates until ctx ends. Storage that fails is asked again after a pause: nothing is confirmed to the
// networks meanwhile.
func (e *Engine) Run(ctx context.Context) error {
	return e.loop(ctx, "inbox", stepTime, e.inbox, func() (bool, error) {
		n, err := e.HandleNext(ctx)
		return n > 0, err
	})
}

// RunErrands runs errands until ctx ends.
func (e *Engine) RunErrands(ctx context.Context) error {
	return e.loop(ctx, "errands", errandTime, e.errands, func() (bool, error) { return e.RunErrand(ctx) })
}

// RunClock does what is due until ctx ends.
func (e *Engine) RunClock(ctx context.Context) error {
	return e.loop(ctx, "clock", clockTime, e.clock, func() (bool, error) { return false, e.Tick(ctx) })
}

// loop takes steps while there is something to do, and waits for the bell otherwise.
func (e *Engine) loop(ctx context.Context, name string, longest time.Duration, b bell, step func() (bool, error)) error {
	const pause, idle = time.Second, time.Second
	defer e.pulse.end(name)
	for ctx.Err() == nil {
		e.pulse.beat(name, longest)
		more, err := step()
		switch {
		case err != nil && ctx.Err() == nil: // else it failed because of ctx
			e.Log.Error("step", "error", err)
			b.wait(ctx, pause)
		case !more:
			b.wait(ctx, idle)
		}
	}
	return nil
}

// wake tells the couriers that letters may wait.
func (e *Engine) wake() {
	if e.Wake != nil {
		e.Wake()
	}
}

// Wake tells the courier that letters may wait.
func (c *Courier) Wake() { c.bell.ring() }

// landing is how long letters in flight are waited for at the end. Who stops the program kills it after 30 s.
const landing = 18 * time.Second

// Run delivers letters until ctx ends: several at a time to different chats, one at a time to each. At the end nothing
// more is claimed, and what is in flight is waited for, so that its outcome is stored; what takes too long is dropped, and
// stored as uncertain.
func (c *Courier) Run(ctx context.Context) error {
	var flights sync.WaitGroup
	after := context.WithoutCancel(ctx)
	flight, drop := context.WithCancel(after)
	defer drop()
	defer context.AfterFunc(ctx, func() { time.AfterFunc(landing, drop) })()
	loop := "letters to " + c.platform.Name()
	defer c.pulse.end(loop)
	for ctx.Err() == nil {
		c.pulse.beat(loop, stepTime)
		r, err := c.exchange(ctx, c.seats())
		if err != nil {
			c.Log.Error("letters", "platform", c.platform.Name(), "error", err)
			c.bell.wait(ctx, time.Second)
			continue
		}
		for _, l := range r.letters {
			flights.Go(func() {
				c.land(c.send(flight, l))
				c.bell.ring()
			})
		}
		c.bell.wait(ctx, c.rest(r))
	}
	flights.Wait()
	if _, err := c.exchange(after, 0); err != nil {
		c.Log.Error("letters", "platform", c.platform.Name(), "error", err)
	}
	return nil
}

// seats is how many more letters may be in flight.
func (c *Courier) seats() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return max(1, c.caps.Parallel) - len(c.flying) + len(c.back)
}

// rest is how long nothing can be done after a round unless the bell rings.
func (c *Courier) rest(r round) time.Duration {
	const (
		longest  = 10 * time.Second
		shortest = 2 * time.Millisecond
		crowded  = 50 * time.Millisecond // letters wait for chats that are not free yet, or may wait for a later moment
	)
	now := c.Now()
	if p := c.pausedUntil(now); p.After(now) {
		return min(longest, p.Sub(now))
	}
	switch {
	case c.seats() <= 0:
		return longest // a landing rings
	case len(r.letters) == r.limit: // there may be more
		return min(longest, max(shortest, c.pace.next(now).Sub(now)))
	case len(r.letters) > 0: // most likely a landing rings before
		return crowded
	case r.next.IsZero():
		return longest
	case r.next.After(now):
		return min(longest, r.next.Sub(now))
	}
	return crowded
}

// Poll receives from a platform until ctx ends, and leaves it alone for a while when it is down.
func (e *Engine) Poll(ctx context.Context, p Platform, in Inbox) error {
	wait, loop := time.Duration(0), "poll of "+p.Name()
	defer e.pulse.end(loop)
	for ctx.Err() == nil {
		e.pulse.beat(loop, pollTime)
		err := p.PollOnce(ctx, in)
		switch {
		case err == nil:
			wait = 0
			e.Received()
		case ctx.Err() == nil: // else it failed because of ctx
			wait = pollPause(wait, err)
			e.Log.Warn("poll", "platform", p.Name(), "error", err, "pause", wait)
			e.refused(ctx, p, err)
			e.pulse.beat(loop, wait+stepTime)
			newBell().wait(ctx, wait)
		}
	}
	return nil
}

// pollPause is how long to leave a platform alone: its own word, or from one second to thirty.
func pollPause(last time.Duration, err error) time.Duration {
	const longest = 30 * time.Second
	var said *SendError
	if errors.As(err, &said) && said.After > 0 {
		return said.After
	}
	return min(max(2*last, time.Second), longest)
}

// Hurry makes the clock look at once: time has jumped.
func (e *Engine) Hurry() {
	e.clock.ring()
	e.errands.ring()
	e.wake()
}
