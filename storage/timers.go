package storage

import (
	"context"
	"time"

	"github.com/buurtbot/buurtbot/bot"
)

const (
	sqlWake = "INSERT INTO timers (kind, ref, at, stretch) VALUES ($1, $2, $3, $4)" +
		" ON CONFLICT (kind, ref) DO UPDATE SET at = excluded.at, stretch = excluded.stretch"
	sqlWakeBy = sqlWake + " WHERE timers.at > excluded.at"
	sqlSleep  = "DELETE FROM timers WHERE kind = $1 AND ref = $2"
	sqlTimers = "SELECT kind, ref, at, stretch FROM timers WHERE kind = $1 AND substr(ref, 1, length($2)) = $2" +
		" ORDER BY at, ref"
	sqlDueTimers = "SELECT kind, ref, at, stretch FROM timers WHERE at <= $1 ORDER BY at, kind, ref LIMIT $2"
	sqlNextTimer = "SELECT coalesce(min(at), 0) FROM timers"
	sqlRunSlot   = "INSERT INTO slots (job, slot, at) VALUES ($1, $2, $3) ON CONFLICT (job, slot) DO NOTHING"
	sqlSlotTaken = "SELECT 1 FROM slots WHERE job = $1 AND slot = $2"
	sqlLastSlots = "SELECT job, max(at) FROM slots GROUP BY job"

	errandColumns = "id, kind, ref, platform, payload, tries, begun, not_before"
	sqlSendErrand = "INSERT INTO errands (kind, ref, platform, payload, not_before, id)" +
		" VALUES ($1, $2, $3, $4, $5, $6)"
	sqlNextErrand  = "SELECT " + errandColumns + " FROM errands WHERE not_before <= $1 ORDER BY not_before, id LIMIT 1"
	sqlRetryErrand = "UPDATE errands SET tries = tries + 1, begun = 0, not_before = $2 WHERE id = $1"
	sqlHoldErrands = "UPDATE errands SET not_before = $2 WHERE platform = $1 AND not_before < $2"
	sqlEndErrand   = "DELETE FROM errands WHERE id = $1"
)

// Wake implements [bot.TimerTx].
func (t *tx) Wake(_ context.Context, timer bot.Timer) error {
	return about(t.run(sqlWake, timer.Kind, timer.Ref, millis(timer.At), timer.Stretch.Milliseconds()), "timer %s", timer.Kind)
}

// WakeBy implements [bot.TimerTx].
func (t *tx) WakeBy(_ context.Context, timer bot.Timer) error {
	return about(t.run(sqlWakeBy, timer.Kind, timer.Ref, millis(timer.At), timer.Stretch.Milliseconds()), "timer %s", timer.Kind)
}

// Sleep implements [bot.TimerTx].
func (t *tx) Sleep(_ context.Context, kind, ref string) error {
	return about(t.run(sqlSleep, kind, ref), "timer %s", kind)
}

func scanTimer(r row) (bot.Timer, error) {
	var (
		timer       bot.Timer
		at, stretch int64
	)
	err := r.Scan(&timer.Kind, &timer.Ref, &at, &stretch)
	timer.At, timer.Stretch = moment(at), time.Duration(stretch)*time.Millisecond
	return timer, err
}

// Timers implements [bot.TimerTx].
func (t *tx) Timers(_ context.Context, kind, prefix string) ([]bot.Timer, error) {
	list, err := all(t, scanTimer, sqlTimers, kind, prefix)
	return list, about(err, "timers %s", kind)
}

// DueTimers implements [bot.TimerTx].
func (t *tx) DueTimers(ctx context.Context, at time.Time, limit int) ([]bot.Timer, error) {
	list, err := all(t, scanTimer, sqlDueTimers, millis(at), limit)
	if err != nil {
		return nil, about(err, "due timers")
	}
	for _, timer := range list {
		if err := t.Sleep(ctx, timer.Kind, timer.Ref); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// NextTimer implements [bot.TimerTx].
func (t *tx) NextTimer(context.Context) (time.Time, error) {
	at, err := one(t, scanNumber, sqlNextTimer)
	return moment(at), about(err, "next timer")
}

// RunSlot implements [bot.TimerTx].
func (t *tx) RunSlot(_ context.Context, job, slot string, at time.Time) (bool, error) {
	n, err := t.exec(sqlRunSlot, job, slot, millis(at))
	return n > 0, about(err, "slot %s of %s", slot, job)
}

// SlotTaken implements [bot.TimerTx].
func (t *tx) SlotTaken(_ context.Context, job, slot string) (bool, error) {
	n, err := t.found(sqlSlotTaken, job, slot)
	return n > 0, about(err, "slot %s of %s", slot, job)
}

// LastSlots implements [bot.TimerTx].
func (t *tx) LastSlots(context.Context) (map[string]time.Time, error) {
	last := map[string]time.Time{}
	_, err := all(t, func(r row) (struct{}, error) {
		var (
			job string
			at  int64
		)
		err := r.Scan(&job, &at)
		last[job] = moment(at)
		return struct{}{}, err
	}, sqlLastSlots)
	return last, about(err, "last slots")
}

func scanErrand(r row) (bot.Errand, error) {
	var (
		e      bot.Errand
		before int64
	)
	payload := sealed("errands.payload", &e.ID, &e.Payload).orTorn(&e.Torn)
	err := r.Scan(&e.ID, &e.Kind, &e.Ref, &e.Platform, payload, &e.Tries, &e.Begun, &before)
	e.Before = moment(before)
	return e, err
}

// SendErrand implements [bot.ErrandTx].
func (t *tx) SendErrand(_ context.Context, e bot.Errand) error {
	id, err := t.nextID("errands")
	if err != nil {
		return err
	}
	err = t.run(sqlSendErrand, e.Kind, e.Ref, e.Platform, secret("errands.payload", id, e.Payload), millis(e.Before), id)
	return about(err, "errand %s", e.Kind)
}

// NextErrand implements [bot.ErrandTx].
func (t *tx) NextErrand(_ context.Context, at time.Time) (bot.Errand, error) {
	e, err := one(t, scanErrand, sqlNextErrand, millis(at))
	return e, about(err, "next errand")
}

// RetryErrand implements [bot.ErrandTx].
func (t *tx) RetryErrand(_ context.Context, id int64, before time.Time) error {
	n, err := t.exec(sqlRetryErrand, id, millis(before))
	return about(changed(n, err, bot.ErrNotFound), "retry errand %d", id)
}

// HoldErrands implements [bot.ErrandTx].
func (t *tx) HoldErrands(_ context.Context, platform string, before time.Time) error {
	return about(t.run(sqlHoldErrands, platform, millis(before)), "hold errands of %s", platform)
}

// EndErrand implements [bot.ErrandTx].
func (t *tx) EndErrand(_ context.Context, id int64) error {
	return about(t.run(sqlEndErrand, id), "end errand %d", id)
}
