package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/robfig/cron/v3"

	"github.com/buurtbot/buurtbot/bot/civic"
)

// naive is a wall-clock time written as if there were no zones: the language of cron fields and of slots.
const naive = "2006-01-02T15:04"

// duty is a slot of a job that has come in a network.
type duty struct {
	Job
	slot    string
	first   bool // the job was never seen before: it begins to count from this slot, which is not run
	network civic.AreaID
}

// jobsDue runs each job of which a slot has come that was not run, in a transaction of its own.
func (e *Engine) jobsDue(ctx context.Context, now time.Time, l glance) error {
	if l.err != nil {
		return l.err
	}
	if err := e.begin(ctx, l.jobs, now); err != nil {
		return err
	}
	for _, d := range l.jobs {
		if d.first {
			continue
		}
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
		if e.taken != nil && e.taken[d.Name].Before(now) {
			e.taken[d.Name] = now
		}
	}
	return nil
}

// begin notes the slots from which jobs begin to count that were never seen before.
func (e *Engine) begin(ctx context.Context, due []duty, now time.Time) error {
	if !slices.ContainsFunc(due, func(d duty) bool { return d.first }) {
		return nil
	}
	e.taken = nil
	return e.store.Do(ctx, func(tx Tx) error {
		for _, d := range due {
			if !d.first {
				continue
			}
			if _, err := tx.RunSlot(ctx, d.Name, d.slot, now); err != nil {
				return err
			}
		}
		return nil
	})
}

// duties gives the slots that have come. When those before were taken is read once, and again after a failure or after the
// clock was set back.
func (e *Engine) duties(ctx context.Context, tx Tx, now time.Time) (due []duty, err error) {
	t, err := e.own(ctx, tx, now)
	if err != nil {
		return nil, err
	}
	if e.taken == nil {
		if e.taken, err = tx.LastSlots(ctx); err != nil {
			return nil, err
		}
	}
	networks, err := tx.Networks(ctx)
	if err != nil {
		return nil, err
	}
	for _, job := range e.jobs {
		where := []civic.Network{t.Network}
		if job.Each {
			where = networks
		}
		come, err := e.dutiesOf(job, where, now)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", job.Name, err)
		}
		due = append(due, come...)
	}
	return due, nil
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
	if err != nil || !fresh {
		return err
	}
	err = t.Tx.Savepoint(ctx, func() error { return guard(func() error { return d.Do(ctx, t) }) })
	if err != nil && !errors.Is(err, ErrVoid) {
		e.faults.Add(1)
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

// NewestSlot is the newest time of a schedule that has come by now and after last, for work that is not a turn; ok is false
// when none has. Both times are in the zone of the schedule. A time that was missed is made up for once.
func NewestSlot(schedule cron.Schedule, last, now time.Time) (slot time.Time, ok bool) {
	return newest(schedule, last, now)
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
