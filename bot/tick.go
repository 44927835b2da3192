package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/buurtbot/buurtbot/bot/civic"
)

// Tick does what is due: letters that are too old, timers, jobs. Letters end first: a timer of the same moment finds them
// ended, so that whoever is asked what did not arrive in time counts them. It is called at least every half minute and whenever
// a timer may have run out; a clock that jumped makes nothing run twice. While nobody else says that our clock is right, nothing
// is due: what would be given up or erased waits, see [Engine.Sure].
func (e *Engine) Tick(ctx context.Context) error {
	now := e.Now()
	l, err := e.look(ctx, now)
	if err != nil {
		return fmt.Errorf("clock: %w", err)
	}
	if l.back {
		e.wake()
	}
	if l.quiet {
		return nil
	}
	if err := e.timersDue(ctx, now); err != nil {
		return fmt.Errorf("timers: %w", err)
	}
	if err := e.jobsDue(ctx, now, l); err != nil {
		return fmt.Errorf("jobs: %w", err)
	}
	return nil
}

// glance is what a look at the clock finds.
type glance struct {
	back  bool // the clock was ahead and has been set back
	quiet bool // nothing is due
	jobs  []duty
	err   error // of the jobs, which keeps no timer from ringing
}

// look ends letters that are too old and finds out what is due, in one transaction: nearly always nothing is. Nothing waits
// for long because of a clock that was ahead; one that is behind, as nobody says that it is right, moves nothing.
func (e *Engine) look(ctx context.Context, now time.Time) (l glance, err error) {
	err = e.store.Do(ctx, func(tx Tx) (err error) {
		l = glance{}
		if l.quiet = !e.Sure(now); l.quiet {
			return tx.NoteClock(ctx, now)
		}
		if l.back, err = tx.Rewind(ctx, now, now.Add(longestWait)); err != nil {
			return err
		}
		if l.back {
			e.taken = nil
		}
		if err := endLate(ctx, tx, now); err != nil {
			return err
		}
		next, err := tx.NextTimer(ctx)
		if err != nil {
			return err
		}
		l.jobs, l.err = e.duties(ctx, tx, now)
		l.quiet = (next.IsZero() || next.After(now)) && len(l.jobs) == 0 && l.err == nil
		return nil
	})
	return l, err
}

// endLate ends letters that are too old, and wakes whoever waits to know what became of them.
func endLate(ctx context.Context, tx Tx, now time.Time) error {
	reports, err := tx.Expire(ctx, now)
	if err != nil {
		return err
	}
	slices.Sort(reports)
	for _, report := range slices.Compact(reports) {
		if report == "" {
			continue
		}
		kind, ref, _ := strings.Cut(report, "/")
		if err := tx.WakeBy(ctx, Timer{Kind: kind, Ref: ref, At: now}); err != nil {
			return err
		}
	}
	return nil
}

func (e *Engine) timersDue(ctx context.Context, now time.Time) error {
	for {
		n := 0
		err := e.store.Do(ctx, func(tx Tx) error {
			due, err := tx.DueTimers(ctx, now, batch)
			n = len(due)
			if err != nil {
				return err
			}
			for _, timer := range due {
				if err := e.ring(ctx, tx, timer, now); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil || n == 0 {
			return err
		}
		e.wake()
		if n < batch {
			return nil
		}
	}
}

// ring calls the flow that a timer belongs to; when that fails, it is tried again in a minute.
func (e *Engine) ring(ctx context.Context, tx Tx, timer Timer, now time.Time) error {
	do, ok := e.timer(timer.Kind)
	if !ok {
		e.Log.Warn("timer of nobody", "kind", timer.Kind)
		return nil
	}
	err := tx.Savepoint(ctx, func() error {
		t, err := e.own(ctx, tx, now)
		if err != nil {
			return err
		}
		t.Due = timer.At
		return guard(func() error { return do(ctx, t, timer.Ref) })
	})
	if err == nil || errors.Is(err, ErrVoid) {
		return err
	}
	e.faults.Add(1)
	e.Log.Error("timer", "kind", timer.Kind, "error", err)
	timer.At = now.Add(time.Minute)
	return tx.Wake(ctx, timer)
}

// Ring calls the flow that a timer belongs to at once, whatever the clock says.
func (e *Engine) Ring(ctx context.Context, timer Timer) error {
	err := e.store.Do(ctx, func(tx Tx) error { return e.ring(ctx, tx, timer, e.Now()) })
	if err == nil {
		e.wake()
	}
	return err
}

// guard turns a panic into an error, except a simulated end of the process.
func guard(do func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			if crash, ok := p.(interface{ Crash() bool }); ok && crash.Crash() {
				panic(p)
			}
			err = &panicError{p}
		}
	}()
	return do()
}

// panicError is what [guard] makes of a panic.
type panicError struct{ value any }

func (e *panicError) Error() string { return fmt.Sprintf("panic: %v", e.value) }

func (e *Engine) timer(kind string) (func(context.Context, *Turn, string) error, bool) {
	switch kind {
	case reminderTimer:
		return e.remind, true
	case albumTimer:
		return e.albumClosed, true
	case goneTimer:
		return e.chatGone, true
	case endedTimer:
		return e.accountEnded, true
	}
	do, ok := e.timers[kind]
	return do, ok
}

// own is a turn of the bot's own: nobody asked for it.
func (e *Engine) own(ctx context.Context, tx Tx, now time.Time) (*Turn, error) {
	t := &Turn{Now: now, Tx: tx, engine: e}
	return t, e.network(ctx, t)
}

func (e *Engine) chatGone(ctx context.Context, t *Turn, ref string) error {
	id, err := strconv.ParseInt(ref, 10, 64)
	if err != nil {
		return fmt.Errorf("chat %q: %w", ref, err)
	}
	if t.Chat, err = t.Tx.Chat(ctx, id); err != nil {
		return err
	}
	return e.lost(ctx, t)
}

func (e *Engine) accountEnded(ctx context.Context, t *Turn, ref string) error {
	if err := e.chatGone(ctx, t, ref); err != nil {
		return err
	}
	return e.each(func(f Feature) error {
		if f.Ended == nil {
			return nil
		}
		return f.Ended(ctx, t)
	})
}

func chatRef(id int64) string { return strconv.FormatInt(id, 10) }

// Zone is the time zone of the turn's network.
func (t *Turn) Zone() *time.Location { return zoneOf(t.Network) }

func zoneOf(n civic.Network) *time.Location {
	if n.Zone == nil {
		return time.UTC
	}
	return n.Zone
}

// Morning is the next time that the clock shows this hour in the network's zone.
func (t *Turn) Morning(hour int) time.Time {
	now := t.Now.In(t.Zone())
	at := time.Date(now.Year(), now.Month(), now.Day(), hour, 0, 0, 0, t.Zone())
	if !at.After(now) {
		at = time.Date(now.Year(), now.Month(), now.Day()+1, hour, 0, 0, 0, t.Zone())
	}
	return at
}

// Profile is what holds in the country of the turn's network; [civic.DefaultProfile] where that is not known. The number of
// the police for what is no emergency is that of the network's zone, where it has one.
func (t *Turn) Profile() civic.Profile {
	p, known := civic.ProfileOf(t.Network.Profile)
	if !known {
		p, _ = civic.ProfileOf(civic.DefaultProfile)
	}
	if t.Network.Police != "" {
		p.Police = t.Network.Police
	}
	if age := t.Network.Agreed.Age; age != 0 {
		p.MinimumAge = age
	}
	return p
}
