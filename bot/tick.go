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
		e.taken = nil
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

// duty is a slot of a job that has come in a network.
type duty struct {
	Job
	slot    string
	first   bool // the job was never seen before: it begins to count from this slot, which is not run
	network civic.AreaID
}

// jobsDue runs each job of which a slot has come that was not run. What is due is looked up for all of them at once; each
// is then run in a transaction of its own.
func (e *Engine) jobsDue(ctx context.Context, now time.Time) error {
	due, err := e.duties(ctx, now)
	if err != nil {
		return err
	}
	for _, d := range due {
		err := e.store.Do(ctx, func(tx Tx) error {
			t, err := e.own(ctx, tx, now)
			if err != nil {
				return err
			}
			if err := t.Settle(ctx, d.network); err != nil {
				return err
			}
			return e.run(ctx, t, d)
		})
		if err != nil {
			e.taken = nil
			return fmt.Errorf("%s: %w", d.Name, err)
		}
		if e.taken[d.Name].Before(now) {
			e.taken[d.Name] = now
		}
	}
	return nil
}

// duties gives the slots that have come. When those before were taken is read once, and again after a failure or after the
// clock was set back.
func (e *Engine) duties(ctx context.Context, now time.Time) (due []duty, err error) {
	err = e.store.Do(ctx, func(tx Tx) error {
		due = nil
		t, err := e.own(ctx, tx, now)
		if err != nil {
			return err
		}
		if e.taken == nil {
			if e.taken, err = tx.LastSlots(ctx); err != nil {
				return err
			}
		}
		networks, err := tx.Networks(ctx)
		if err != nil {
			return err
		}
		for _, job := range e.jobs {
			where := []civic.Network{t.Network}
			if job.Each {
				where = networks
			}
			come, err := e.dutiesOf(job, where, now)
			if err != nil {
				return fmt.Errorf("%s: %w", job.Name, err)
			}
			due = append(due, come...)
		}
		return nil
	})
	return due, err
}

// dutiesOf gives the slots of a job that have come. Those of the first network have the job's name, those of others the
// network's number behind it.
func (e *Engine) dutiesOf(job Job, where []civic.Network, now time.Time) (due []duty, err error) {
	for i, n := range where {
		d := duty{Job: job, network: n.ID}
		if i > 0 {
			d.Name = fmt.Sprintf("%s/%d", job.Name, n.ID)
		}
		come, err := d.come(e.taken[d.Name], now, zoneOf(n))
		if err != nil {
			return nil, err
		}
		if come {
			due = append(due, d)
		}
	}
	return due, nil
}

// come names the slot that has come, if one has. Slots that were missed while the program was down are made up for once.
func (d *duty) come(last, now time.Time, zone *time.Location) (bool, error) {
	if last.IsZero() {
		d.first, d.slot = true, wall(now.In(zone)).Format(naive)
		return true, nil
	}
	schedule, err := d.schedule()
	if err != nil {
		return false, err
	}
	slot, is := newest(schedule, last.In(zone), now.In(zone))
	d.slot = slot.Format(naive)
	return is, nil
}

// run does a job unless its slot was taken before.
func (e *Engine) run(ctx context.Context, t *Turn, d duty) error {
	fresh, err := t.Tx.RunSlot(ctx, d.Name, d.slot, t.Now)
	if err != nil || !fresh || d.first {
		return err
	}
	err = t.Tx.Savepoint(ctx, func() error { return guard(func() error { return d.Do(ctx, t) }) })
	if err != nil && !errors.Is(err, ErrVoid) {
		e.Log.Error("job", "name", d.Name, "error", err)
		return nil
	}
	return err
}

// newest is the newest slot after last that has come by now, in wall-clock time: an hour that the clock skips is run at
// the first moment after it, an hour that comes twice is run once.
func newest(schedule cron.Schedule, last, now time.Time) (slot time.Time, ok bool) {
	const most = 10000 // slots that a downtime is followed through, one by one
	at := wall(last)
	for range most {
		at = schedule.Next(at)
		if at.IsZero() || at.After(wall(now)) {
			return slot, ok
		}
		slot, ok = at, true
	}
	return slot, ok
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
	return p
}
