package bot

import (
	"context"
	"errors"
	"strings"
	"time"
)

// outcome is what an attempt to deliver a letter came to. One that cannot be stored is kept: it was learnt once and
// cannot be asked for again.
type outcome struct {
	letter  Letter
	on      MessageRef
	failure error
}

// errTorn is why something is given up that stands in a damaged part of the file.
var errTorn = errors.New("it cannot be read: the file is damaged")

// errOver is why a letter is not sent whose reader is none any more.
var errOver = errors.New("the role that it was for is over")

// fail is the failure with its remedy; nil when there is none.
func (o outcome) fail() *SendError {
	if o.failure == nil {
		return nil
	}
	if said, ok := errors.AsType[*SendError](o.failure); ok {
		return said
	}
	return &SendError{Remedy: Uncertain, Err: o.failure}
}

// send makes one attempt to deliver a claimed letter.
func (c *Courier) send(ctx context.Context, l Letter) outcome {
	o := outcome{letter: l}
	if l.Torn { // nobody can say it any more; who waits for it hears that it did not arrive
		o.failure = &SendError{Remedy: Never, Err: errTorn}
		return o
	}
	photos, err := c.photos(ctx, l)
	if err != nil {
		o.failure = &SendError{Remedy: Later, Err: err}
		return o
	}
	o.on, o.failure = c.platform.Send(ctx, l, photos)
	return o
}

func (c *Courier) photos(ctx context.Context, l Letter) ([][]byte, error) {
	if len(l.Photos) == 0 {
		return nil, nil
	}
	var data [][]byte
	err := c.store.Do(ctx, func(tx Tx) error {
		data = nil
		for _, id := range l.Photos {
			p, err := tx.Photo(ctx, id)
			if errors.Is(err, ErrNotFound) || err == nil && p.Data == nil {
				continue // erased meanwhile, or never readable
			}
			if err != nil {
				return err
			}
			data = append(data, p.Data)
		}
		return nil
	})
	return data, err
}

// land takes an outcome in; the next transaction stores it. What the network said of its limits holds at once.
func (c *Courier) land(o outcome) {
	now := c.Now()
	c.hold(o.letter, o.fail(), now)
	c.mu.Lock()
	defer c.mu.Unlock()
	fail := o.fail()
	switch {
	case fail == nil:
		c.sent = now
	case fail.Remedy == Later && fail.After > 0 && !fail.Right:
		c.slowed++
	}
	switch {
	case fail == nil || !fail.Global && fail.Remedy != Down:
		c.ailing = time.Time{}
	case c.ailing.IsZero():
		c.ailing = now
	}
	c.back = append(c.back, o)
}

// takeBack gives the outcomes to be stored, whose chats may then be written to again.
func (c *Courier) takeBack() []outcome {
	c.mu.Lock()
	defer c.mu.Unlock()
	back := c.back
	c.back = nil
	for _, o := range back {
		delete(c.flying, o.letter.Chat)
	}
	return back
}

// putBack keeps outcomes for the next transaction; their chats are left alone until then.
func (c *Courier) putBack(back []outcome) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.back = append(back, c.back...)
	for _, o := range back {
		c.flying[o.letter.Chat] = true
	}
}

// storeAll stores outcomes and gives those that could not be.
func (c *Courier) storeAll(ctx context.Context, tx Tx, back []outcome, now time.Time) (kept []outcome, err error) {
	for _, o := range back {
		err := c.storeOne(ctx, tx, o, now)
		switch {
		case err == nil || errors.Is(err, ErrConflict): // it is being sent no more: its fate was decided
		case c.careful && !errors.Is(err, ErrVoid):
			c.Log.Error("outcome not stored", "letter", o.letter.ID, "error", err)
			kept = append(kept, o)
		default:
			return nil, err
		}
	}
	return kept, nil
}

func (c *Courier) storeOne(ctx context.Context, tx Tx, o outcome, now time.Time) error {
	if c.careful {
		return tx.Savepoint(ctx, func() error { return c.settle(ctx, tx, o, now) })
	}
	return c.settle(ctx, tx, o, now)
}

// settle stores a letter's fate and what follows from it for its chat and for those who wait for it.
func (c *Courier) settle(ctx context.Context, tx Tx, o outcome, now time.Time) error {
	l, fail := o.letter, o.fail()
	fate := c.fate(l, o.on, fail, now)
	state, err := tx.Settle(ctx, l.ID, fate)
	if err != nil {
		return err
	}
	c.Log.Info("delivery", "letter", l.ID, "platform", c.platform.Name(), "lane", int(l.Lane), "tries", l.Tries,
		"outcome", string(state), "why", fate.Why)
	if fail != nil {
		if err := c.follow(ctx, tx, l, fail, now); err != nil {
			return err
		}
	}
	if state == LetterDead && c.caps.Desks && l.About != "" && fail.Remedy != Gone { // what is gone is told by itself
		if err := tx.WakeBy(ctx, Timer{Kind: DeskTimer, Ref: l.About, At: now}); err != nil {
			return err
		}
	}
	if l.Report == "" || state == LetterPending {
		return nil
	}
	kind, ref, _ := strings.Cut(l.Report, "/")
	return tx.WakeBy(ctx, Timer{Kind: kind, Ref: ref, At: fate.At.Add(reportDelay)})
}
