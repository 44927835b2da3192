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

// wait returns when the bell rings, when the time is up, or when ctx ends; false means that ctx ended.
func (b bell) wait(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-b:
	case <-timer.C:
	}
	return ctx.Err() == nil
}

// Received tells the engine that updates may wait.
func (e *Engine) Received() { e.inbox.ring() }

// Run handles updates until ctx ends. Storage that fails is asked again after a pause: nothing is confirmed to the
// networks meanwhile.
func (e *Engine) Run(ctx context.Context) error {
	return e.loop(ctx, e.inbox, time.Second, func() (bool, error) {
		n, err := e.HandleNext(ctx)
		return n > 0, err
	})
}

// RunErrands runs errands until ctx ends.
func (e *Engine) RunErrands(ctx context.Context) error {
	return e.loop(ctx, e.errands, time.Second, func() (bool, error) { return e.RunErrand(ctx) })
}

// RunClock does what is due until ctx ends.
func (e *Engine) RunClock(ctx context.Context) error {
	return e.loop(ctx, e.clock, time.Second, func() (bool, error) { return false, e.Tick(ctx) })
}

// loop takes steps while there is something to do, and waits for the bell otherwise.
func (e *Engine) loop(ctx context.Context, b bell, idle time.Duration, step func() (bool, error)) error {
	const pause = time.Second
	for ctx.Err() == nil {
		more, err := step()
		switch {
		case ctx.Err() != nil:
			return nil
		case err != nil:
			e.Log.Error("step", "error", err)
			b.wait(ctx, pause)
		case !more:
			b.wait(ctx, idle)
		}
	}
	return nil
}

// wake tells everybody who may have something to do after a commit.
func (e *Engine) wake() {
	e.errands.ring()
	if e.Wake != nil {
		e.Wake()
	}
}

// Wake tells the courier that letters may wait.
func (c *Courier) Wake() { c.bell.ring() }

// Run delivers letters until ctx ends: several at a time to different chats, one at a time to each. At the end nothing
// more is claimed, and what is in flight is waited for.
func (c *Courier) Run(ctx context.Context) error {
	flights := make(chan struct{}, max(1, c.caps.Parallel))
	var inFlight sync.WaitGroup
	defer inFlight.Wait()
	for ctx.Err() == nil {
		letters, err := c.claim(ctx, cap(flights)-len(flights))
		if err != nil {
			c.Log.Error("claim", "platform", c.platform.Name(), "error", err)
			c.bell.wait(ctx, time.Second)
			continue
		}
		for _, l := range letters {
			flights <- struct{}{}
			inFlight.Go(func() {
				c.fly(ctx, l)
				<-flights
				c.bell.ring()
			})
		}
		if len(letters) == 0 {
			c.bell.wait(ctx, c.rest(ctx))
		}
	}
	return nil
}

// fly delivers a letter that may not be dropped when ctx ends: its fate has to be stored.
func (c *Courier) fly(ctx context.Context, l Letter) {
	if err := c.deliver(context.WithoutCancel(ctx), l); err != nil {
		c.Log.Error("deliver", "platform", c.platform.Name(), "letter", l.ID, "error", err)
	}
}

// rest is how long nothing can be done unless the bell rings.
func (c *Courier) rest(ctx context.Context) time.Duration {
	const (
		longest  = 10 * time.Second
		shortest = 2 * time.Millisecond
		crowded  = 50 * time.Millisecond // letters wait for chats that are not free yet
	)
	now := c.Now()
	next, err := c.nextLetter(ctx)
	if err != nil || next.IsZero() {
		return longest
	}
	if next.After(now) {
		return min(longest, next.Sub(now))
	}
	if p := c.pausedUntil(); p.After(now) {
		return min(longest, p.Sub(now))
	}
	if c.pace.tokens(now) > 0 {
		return crowded
	}
	return max(shortest, c.pace.next(now).Sub(now))
}

func (c *Courier) nextLetter(ctx context.Context) (time.Time, error) {
	var next time.Time
	err := c.store.Do(ctx, func(tx Tx) error {
		var err error
		next, err = tx.NextLetter(ctx, c.platform.Name())
		return err
	})
	return next, err
}

// Poll receives from a platform until ctx ends, and leaves it alone for a while when it is down.
func (e *Engine) Poll(ctx context.Context, p Platform, in Inbox) error {
	wait := time.Duration(0)
	for ctx.Err() == nil {
		err := p.PollOnce(ctx, in)
		if err == nil {
			wait = 0
			e.Received()
			continue
		}
		if ctx.Err() != nil {
			return nil
		}
		wait = pollPause(wait, err)
		e.Log.Warn("poll", "platform", p.Name(), "error", err, "pause", wait)
		newBell().wait(ctx, wait)
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
	e.wake()
}
