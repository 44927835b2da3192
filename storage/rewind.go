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

// Rewind implements [bot.LetterTx]. What was stored since says nothing, because it may have come after the step.
func (t *tx) Rewind(_ context.Context, now, until time.Time) (bool, error) {
	const drift = time.Minute // that clocks are set right by all the time
	value, err := orZero(one(t, scanText, sqlFact, factClock))
	if err != nil {
		return false, about(err, "clock")
	}
	at, err := strconv.ParseInt("0"+value, 10, 64)
	if err != nil {
		return false, about(err, "clock")
	}
	since := now.Sub(moment(at))
	if at > 0 && since > -drift && since < drift/2 {
		return false, nil
	}
	back := at > 0 && since <= -drift
	if back {
		err = t.rewind(millis(now), millis(until))
	}
	if err == nil {
		err = t.run(sqlSaveFact, factClock, strconv.FormatInt(millis(now), 10))
	}
	return back, about(err, "clock")
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
