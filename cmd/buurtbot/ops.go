package main

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
	"github.com/buurtbot/buurtbot/bot/matrix"
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
	mux.HandleFunc("GET /metrics", d.metrics)
	d.servers = append(d.servers, server{"Health", l, mux})
	return nil
}

// readyz tells whether every platform was heard from lately.
func (d *deployment) readyz(w http.ResponseWriter, r *http.Request) {
	if who := d.unheard(); who != "" {
		http.Error(w, who+" was not heard from", http.StatusServiceUnavailable)
		return
	}
	_, _ = fmt.Fprintln(w, "ready")
	if d.matrix != nil {
		_, _ = fmt.Fprintln(w, identity(r.Context(), d.matrix))
	}
}

// unheard names a platform that was not heard from lately; empty when all were.
func (d *deployment) unheard() string {
	switch {
	case d.telegram != nil && time.Since(d.telegram.LastHeard()) > readyWithin:
		return "Telegram"
	case d.matrix != nil && time.Since(d.matrix.LastHeard()) > readyWithin:
		return "Matrix"
	case d.mail != nil && time.Since(d.mail.LastHeard()) > readyWithin:
		return "the mailbox"
	}
	return ""
}

// identity tells whether the bot's identity on Matrix vouches for its device. Without it the bot serves, but clients warn
// of it.
func identity(ctx context.Context, m *matrix.Matrix) string {
	const patience = 5 * time.Second
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if err := m.Verified(ctx); err != nil {
		return "Matrix: " + err.Error()
	}
	return "Matrix: the bot's device is verified"
}

// bindOps makes a chat the operators' room of the first network.
func bindOps(ctx context.Context, store bot.Store, room string, at time.Time) error {
	platform, id, ok := strings.Cut(room, ":")
	if !ok {
		return nil
	}
	return store.Do(ctx, func(tx bot.Tx) error {
		networks, err := tx.Networks(ctx)
		if err != nil || len(networks) == 0 {
			return err
		}
		chat, err := tx.Enter(ctx, bot.ChatRef{Platform: platform, ID: id, Kind: bot.Group}, at)
		if err != nil {
			return err
		}
		return tx.BindRoom(ctx, networks[0].ID, civic.RoomOperators, chat.ID, at)
	})
}
