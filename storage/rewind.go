package storage

import (
	"context"
	"strconv"
	"time"
)

// The clock of the machine may be set back. What was told to wait by the former one would then wait for as long as it was
// wrong, which can be a day. What somebody wants at an hour of their choice keeps its hour.
const (
	sqlRewindLetters = "UPDATE outbox SET not_before = $1 WHERE state = 'pending' AND (tries > 0 OR not_before <= created)" +
		" AND not_before > $1"
	sqlRewindChats   = "UPDATE chats SET not_before = $1 WHERE not_before > $1"
	sqlRewindErrands = "UPDATE errands SET not_before = $1 WHERE not_before > $1"
	sqlRewindTimers  = "UPDATE timers SET at = $1 + stretch WHERE at > $1 AND stretch > 0 AND at > $1 + stretch"
	sqlRewindSlots   = "UPDATE slots SET at = $1 WHERE at > $1"
	sqlRewindFacts   = "UPDATE meta SET value = $2 WHERE key LIKE $1 || '%' AND CAST(value AS INTEGER) > CAST($2 AS INTEGER)"
)

// factClock is the time by the clock when somebody last looked whether it was set back, in milliseconds.
const factClock = "clock"

// drift is by how much clocks are set right all the time.
const drift = time.Minute

// Rewind implements [bot.LetterTx]. What was stored since says nothing, because it may have come after the step.
func (t *tx) Rewind(_ context.Context, now, until time.Time) (bool, error) {
	since, known, err := t.sinceLook(now)
	if err != nil {
		return false, about(err, "clock")
	}
	back := known && since <= -drift
	if back {
		err = t.rewind(millis(now), millis(until))
	}
	if err == nil && (back || !known || since >= drift/2) {
		err = t.run(sqlSaveFact, factClock, strconv.FormatInt(millis(now), 10))
	}
	return back, about(err, "clock")
}

// NoteClock implements [bot.LetterTx].
func (t *tx) NoteClock(_ context.Context, now time.Time) error {
	since, known, err := t.sinceLook(now)
	if err == nil && (!known || since >= drift/2) {
		err = t.run(sqlSaveFact, factClock, strconv.FormatInt(millis(now), 10))
	}
	return about(err, "clock")
}

// sinceLook is how long ago by the clock somebody looked, and false when nobody has.
func (t *tx) sinceLook(now time.Time) (time.Duration, bool, error) {
	value, err := orZero(one(t, scanText, sqlFact, factClock))
	if err != nil {
		return 0, false, err
	}
	at, err := strconv.ParseInt("0"+value, 10, 64)
	return now.Sub(moment(at)), at > 0, err
}

func (t *tx) rewind(now, until int64) error {
	for _, r := range []struct {
		query string
		at    int64
	}{
		{sqlRewindTimers, now},
		{sqlRewindSlots, now},
		{sqlRewindLetters, until},
		{sqlRewindChats, until},
		{sqlRewindErrands, until},
	} {
		if err := t.run(r.query, r.at); err != nil {
			return err
		}
	}
	t.mem.touch()
	t.mem.chats.clear()
	return t.run(sqlRewindFacts, factSilence, strconv.FormatInt(until, 10))
}
