package bot

import (
	"context"
	"errors"
)

// refused wakes whoever looks after outages when a network refuses us as a whole, also while nothing waits to be sent.
func (e *Engine) refused(ctx context.Context, p Platform, err error) {
	var said *SendError
	if !errors.As(err, &said) || said.Remedy != Down {
		return
	}
	if err := e.store.Do(ctx, func(tx Tx) error {
		return tx.WakeBy(ctx, Timer{Kind: downTimer, Ref: p.Name(), At: e.Now()})
	}); err != nil {
		e.Log.Error("outage not noted", "platform", p.Name(), "error", err)
		return
	}
	e.clock.ring()
}
