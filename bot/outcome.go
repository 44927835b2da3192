package bot

import (
	"context"
	"errors"
	"fmt"
)

// outcome is what an attempt to deliver a letter came to.
type outcome struct {
	letter  Letter
	on      MessageRef
	failure error
}

// deliver sends one claimed letter and stores what became of it.
func (c *Courier) deliver(ctx context.Context, l Letter) error {
	o := outcome{letter: l}
	photos, err := c.photos(ctx, l)
	if err != nil {
		o.failure = &SendError{Remedy: Later, Err: err}
	} else {
		o.on, o.failure = c.platform.Send(ctx, l, photos)
	}
	return c.land(ctx, o)
}

// land stores an outcome. One that cannot be stored is kept: it was learnt once and cannot be asked for again.
func (c *Courier) land(ctx context.Context, o outcome) error {
	err := c.settle(ctx, o.letter, o.on, o.failure)
	c.mu.Lock()
	defer c.mu.Unlock()
	if err != nil && !errors.Is(err, ErrConflict) {
		c.unstored = append(c.unstored, o)
	} else {
		delete(c.flying, o.letter.Chat)
	}
	if err != nil {
		return fmt.Errorf("letter %d: settle: %w", o.letter.ID, err)
	}
	return nil
}

// storeLeft stores the outcomes that storage did not take before.
func (c *Courier) storeLeft(ctx context.Context) error {
	c.mu.Lock()
	left := c.unstored
	c.unstored = nil
	c.mu.Unlock()
	var failed error
	for _, o := range left {
		failed = errors.Join(failed, c.land(ctx, o))
	}
	return failed
}
