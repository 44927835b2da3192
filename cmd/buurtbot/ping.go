package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"time"
)

// pingEvery is how often somebody elsewhere hears that all is well.
const pingEvery = time.Minute

// ping calls an address elsewhere each minute in which every platform was heard from and nothing is stuck. When the calls end,
// whoever waits for them knows that the bot is gone, deaf or stuck, also when the machine is (reliability.md, I4).
func (d *deployment) ping(ctx context.Context) error {
	if !d.config.Ops.Ping.Known() {
		return nil
	}
	ticker := time.NewTicker(pingEvery)
	defer ticker.Stop()
	for {
		if err := d.pingOnce(ctx); err != nil && ctx.Err() == nil {
			slog.Warn("ops.ping", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
		}
	}
}

// pingOnce calls once if all is well. Errors are without the address, which is nobody else's to call.
func (d *deployment) pingOnce(ctx context.Context) error {
	if who := d.unheard(); who != "" {
		return errors.New("not called: " + who + " was not heard from")
	}
	if !d.alive(ctx) {
		return errors.New("not called: something is stuck")
	}
	const patience = 15 * time.Second
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, d.config.Ops.Ping.Reveal(), http.NoBody)
	if err != nil {
		return errors.New("the address is none")
	}
	answer, err := http.DefaultClient.Do(req)
	if err != nil {
		if wrapped, is := errors.AsType[*url.Error](err); is {
			err = wrapped.Err
		}
		return fmt.Errorf("call: %w", err)
	}
	_ = answer.Body.Close() // nothing in it is for us
	if answer.StatusCode >= http.StatusBadRequest {
		return fmt.Errorf("call: %s", answer.Status)
	}
	return nil
}
