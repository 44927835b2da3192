package bot

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/robfig/cron/v3"

	"github.com/buurtbot/buurtbot/bot/civic"
)

// Tick does what is due: timers, jobs, letters that are too old. It is called at least every half minute and whenever
// a timer may have run out; a clock that jumped makes nothing run twice.
func (e *Engine) Tick(ctx context.Context) error {
	now := e.Now()
	if err := e.rewind(ctx, now); err != nil {
		return fmt.Errorf("clock: %w", err)
	}
	if err := e.timersDue(ctx, now); err != nil {
		return fmt.Errorf("timers: %w", err)
	}
	if err := e.jobsDue(ctx, now); err != nil {
		return fmt.Errorf("jobs: %w", err)
	}
	return e.store.Do(ctx, func(tx Tx) error {
		_, err := tx.Expire(ctx, now)
		return err
	})
}

// rewind lets nothing wait for long because of a clock that was ahead and has been set back.
func (e *Engine) rewind(ctx context.Context, now time.Time) error {
	back := false
	err := e.store.Do(ctx, func(tx Tx) (err error) {
		back, err = tx.Rewind(ctx, now, now.Add(longestWait))
		return err
	})
	if back && err == nil {
		e.wake()
	}
	return err
}

// NextTick is when the next timer runs out, at most half a minute from now.
func (e *Engine) NextTick(ctx context.Context) (time.Time, error) {
	const often = 30 * time.Second
	at := e.Now().Add(often)
	err := e.store.Do(ctx, func(tx Tx) error {
		next, err := tx.NextTimer(ctx)
		if !next.IsZero() && next.Before(at) {
			at = next
		}
		return err
	})
	return at, err
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
	e.Log.Error("timer", "kind", timer.Kind, "error", err)
	timer.At = now.Add(time.Minute)
	return tx.Wake(ctx, timer)
}

// guard turns a panic into an error, except a simulated end of the process.
func guard(do func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			if crash, ok := p.(interface{ Crash() bool }); ok && crash.Crash() {
				panic(p)
			}
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	return do()
}

func (e *Engine) timer(kind string) (func(context.Context, *Turn, string) error, bool) {
	switch kind {
	case reminderTimer:
		return e.remind, true
	case albumTimer:
		return e.albumClosed, true
	case goneTimer:
		return e.chatGone, true
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

func chatRef(id int64) string { return strconv.FormatInt(id, 10) }

// naive is a wall-clock time written as if there were no zones: the language of cron fields and of slots.
const naive = "2006-01-02T15:04"

func (e *Engine) jobsDue(ctx context.Context, now time.Time) error {
	for _, job := range e.jobs {
		err := e.store.Do(ctx, func(tx Tx) error {
			t, err := e.own(ctx, tx, now)
			if err != nil {
				return err
			}
			if job.Each {
				return e.jobEverywhere(ctx, t, job)
			}
			return e.jobDue(ctx, t, job)
		})
		if err != nil {
			return fmt.Errorf("%s: %w", job.Name, err)
		}
	}
	return nil
}

// jobEverywhere runs a job in every network in which a slot of it has come. Slots of the first have the job's name, those
// of others the network's number behind it.
func (e *Engine) jobEverywhere(ctx context.Context, t *Turn, job Job) error {
	networks, err := t.Tx.Networks(ctx)
	if err != nil {
		return err
	}
	name := job.Name
	for i, n := range networks {
		here := &Turn{Now: t.Now, Tx: t.Tx, engine: e}
		if err := here.Settle(ctx, n.ID); err != nil {
			return err
		}
		if i > 0 {
			job.Name = fmt.Sprintf("%s/%d", name, n.ID)
		}
		if err := e.jobDue(ctx, here, job); err != nil {
			return err
		}
	}
	return nil
}

// jobDue runs a job when a slot of it has come that was not run. Slots that were missed while the program was down are
// made up for once.
func (e *Engine) jobDue(ctx context.Context, t *Turn, job Job) error {
	zone := t.Zone()
	last, err := t.Tx.LastSlot(ctx, job.Name)
	if err != nil {
		return err
	}
	if last.IsZero() { // never seen before: it begins to count from now
		_, err := t.Tx.RunSlot(ctx, job.Name, wall(t.Now.In(zone)).Format(naive), t.Now)
		return err
	}
	slot, ok, err := newest(job.Spec, last.In(zone), t.Now.In(zone))
	if err != nil || !ok {
		return err
	}
	fresh, err := t.Tx.RunSlot(ctx, job.Name, slot.Format(naive), t.Now)
	if err != nil || !fresh {
		return err
	}
	err = t.Tx.Savepoint(ctx, func() error { return guard(func() error { return job.Do(ctx, t) }) })
	if err != nil && !errors.Is(err, ErrVoid) {
		e.Log.Error("job", "name", job.Name, "error", err)
		return nil
	}
	return err
}

// newest is the newest slot after last that has come by now, in wall-clock time: an hour that the clock skips is run at
// the first moment after it, an hour that comes twice is run once.
func newest(spec string, last, now time.Time) (slot time.Time, ok bool, err error) {
	schedule, err := ParseSpec(spec)
	if err != nil {
		return time.Time{}, false, err
	}
	const most = 10000 // slots that a downtime is followed through, one by one
	at := wall(last)
	for range most {
		at = schedule.Next(at)
		if at.IsZero() || at.After(wall(now)) {
			return slot, ok, nil
		}
		slot, ok = at, true
	}
	return slot, ok, nil
}

// wall is the time that a clock on the wall shows, as a time without a zone.
func wall(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), 0, time.UTC)
}

// ParseSpec reads a schedule of five fields. A zone or a descriptor in it is refused: the network's zone counts, and
// slots must have names.
func ParseSpec(spec string) (s cron.Schedule, err error) {
	defer func() {
		if p := recover(); p != nil { // the parser panics on "TZ=0"
			err = fmt.Errorf("schedule %q: %v", spec, p)
		}
	}()
	if strings.ContainsAny(spec, "@=") {
		return nil, fmt.Errorf("schedule %q: write five fields, without a zone and without @", spec)
	}
	s, err = cron.NewParser(cron.Minute | cron.Hour | cron.Dom | cron.Month | cron.Dow).Parse(spec)
	if err != nil {
		return nil, fmt.Errorf("schedule %q: %w", spec, err)
	}
	return s, nil
}

// Zone is the time zone of the turn's network.
func (t *Turn) Zone() *time.Location {
	if t.Network.Zone == nil {
		return time.UTC
	}
	return t.Network.Zone
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
	return p
}
