package main

import (
	"context"
	"log/slog"
	"net"
	"os"
	"strconv"
	"time"

	"github.com/buurtbot/buurtbot/bot"
)

// supervisor is whoever started the program and wants to hear that it lives: systemd, by the datagrams of sd_notify(3).
type supervisor struct {
	socket string        // empty = nobody wants to hear
	pause  time.Duration // between two signs of life; 0 = none is waited for
}

// newSupervisor finds it in the environment; a sign of life is given twice in the time that one is waited for
// (sd_watchdog_enabled(3)).
func newSupervisor() supervisor {
	s := supervisor{socket: os.Getenv("NOTIFY_SOCKET")}
	if wanted, err := strconv.ParseInt(os.Getenv("WATCHDOG_USEC"), 10, 64); err == nil && wanted > 0 {
		s.pause = time.Duration(wanted) * time.Microsecond / 2
	}
	return s
}

// say tells the supervisor something. That it cannot be told is no reason to stop.
func (s supervisor) say(ctx context.Context, state string) {
	if s.socket == "" {
		return
	}
	var d net.Dialer
	conn, err := d.DialContext(ctx, "unixgram", s.socket)
	if err == nil {
		_, err = conn.Write([]byte(state))
		_ = conn.Close() // a datagram is sent whole or not
	}
	if err != nil {
		slog.Warn("the supervisor cannot be told", "state", state, "error", err)
	}
}

// watchdog gives signs of life for as long as every database takes what is written to it and every loop comes round. A
// program of which a part is stuck falls silent, and is started anew.
func (d *deployment) watchdog(ctx context.Context) error {
	s := newSupervisor()
	s.say(ctx, "READY=1")
	if s.pause == 0 {
		return nil
	}
	ticker := time.NewTicker(s.pause)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			s.say(context.WithoutCancel(ctx), "STOPPING=1")
			return nil
		case <-ticker.C:
		}
		if d.alive(ctx) {
			s.say(ctx, "WATCHDOG=1")
		}
	}
}

// alive waits until each writer has come round once; false when one failed, or when a loop is stuck.
func (d *deployment) alive(ctx context.Context) bool {
	for _, t := range d.towns {
		if t.store.Do(ctx, func(bot.Tx) error { return nil }) != nil {
			return false
		}
		if loops := t.stuck(); len(loops) > 0 {
			slog.Error("stuck", "loops", loops)
			return false
		}
	}
	return true
}

// stuck names the loops of a town that do not come round.
func (t *town) stuck() (loops []string) {
	if t.engine != nil {
		loops = t.engine.Stuck()
	}
	for _, c := range t.couriers {
		loops = append(loops, c.Stuck()...)
	}
	return loops
}
