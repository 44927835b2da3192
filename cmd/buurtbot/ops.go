package main

import (
	"context"
	"fmt"
	"net/http"
	"time"
)

// readyWithin is how recently every platform must have been heard from.
const readyWithin = 90 * time.Second

// openOps opens what a monitor asks, when it is configured.
func (d *deployment) openOps(ctx context.Context) error {
	if d.config.Ops.Listen == "" {
		return nil
	}
	l, err := listen(ctx, d.config.Ops.Listen)
	if err != nil {
		return fmt.Errorf("ops.listen: %w", err)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { _, _ = fmt.Fprintln(w, "ok") })
	mux.HandleFunc("GET /readyz", d.readyz)
	d.servers = append(d.servers, server{"Health", l, mux})
	return nil
}

// readyz tells whether every platform was heard from lately.
func (d *deployment) readyz(w http.ResponseWriter, _ *http.Request) {
	if d.telegram != nil && time.Since(d.telegram.LastHeard()) > readyWithin {
		http.Error(w, "Telegram was not heard from", http.StatusServiceUnavailable)
		return
	}
	_, _ = fmt.Fprintln(w, "ready")
}
