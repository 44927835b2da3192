package main

import (
	"context"
	"time"

	"github.com/robfig/cron/v3"

	"github.com/buurtbot/buurtbot/flows"
	"github.com/buurtbot/buurtbot/storage"
)

// What the operators hear of besides platforms (reliability.md, C7 and C17).
const (
	copyLate  = 2 * time.Hour // a copy may be made so long after its time
	copyGrace = time.Hour     // after a start, in which a copy that was missed is made up for
	logMost   = 64 << 20      // bytes of the log, beyond which somebody keeps it from being emptied
	logGrace  = 5 * time.Minute
	tellAgain = 24 * time.Hour // while it lasts
	// A disk that syncs in 50 ms still does what is needed (reliability.md, G8); from here on people notice.
	commitMost  = 250 * time.Millisecond
	commitGrace = time.Minute
)

// housekeeping sees whether copies are made and the log is emptied, and tells the operators when not.
type housekeeping struct {
	since   time.Time // the start
	stale   time.Time // when they were last told that there is no fresh copy; zero = there is
	swollen time.Time // when they were last told that the log has grown
	grown   time.Time // since when the log is too large; zero = it is not
	tired   time.Time // when they were last told that the disk is slow
	slow    time.Time // since when it is; zero = it is not
}

// look looks once.
func (h *housekeeping) look(ctx context.Context, t *town, g storage.Gauges) error {
	if err := h.lookAtCopies(ctx, t); err != nil {
		return err
	}
	if lasts(&h.grown, &h.swollen, g.Log > logMost, logGrace, t.now()) {
		return notice(ctx, t.store, t.now(), flows.OpsSwollen, "")
	}
	if lasts(&h.slow, &h.tired, g.Commit > commitMost, commitGrace, t.now()) {
		return notice(ctx, t.store, t.now(), flows.OpsSlow, "")
	}
	return nil
}

// lasts reports whether something bad has lasted for so long and is to be told, again each day while it lasts.
func lasts(since, told *time.Time, bad bool, grace time.Duration, now time.Time) bool {
	switch {
	case !bad:
		*since = time.Time{}
	case since.IsZero():
		*since = now
	case now.Sub(*since) >= grace && now.Sub(*told) >= tellAgain:
		*told = now
		return true
	}
	return false
}

// lookAtCopies tells when the newest copy is too old, and when there is a new one again.
func (h *housekeeping) lookAtCopies(ctx context.Context, t *town) error {
	if t.upkeep == nil || t.upkeep.config.Backup.Dir == "" {
		return nil
	}
	now := t.now()
	last, err := t.upkeep.lastDone(ctx, backupWork)
	if err != nil || last.IsZero() {
		return err
	}
	last = later(last, newestCopy(t.upkeep.config.Backup.Dir, now))
	if now.Sub(last) <= copyAge(t.upkeep.config, now) {
		if h.stale.IsZero() {
			return nil
		}
		h.stale = time.Time{}
		return notice(ctx, t.store, now, flows.OpsFresh, "")
	}
	if now.Sub(h.since) < copyGrace || now.Sub(h.stale) < tellAgain {
		return nil
	}
	h.stale = now
	return notice(ctx, t.store, now, flows.OpsStale, "")
}

// copyAge is how old the newest copy may be: a day, or the longest pause in the schedule if that is longer, and some more.
func copyAge(c Config, now time.Time) time.Duration {
	longest := 24 * time.Hour
	schedule, err := cron.ParseStandard(c.Schedules.Backup)
	if err != nil {
		return longest + copyLate
	}
	at := now.In(c.Network.Zone)
	for range 8 { // as many as a week has, and the first is only where they begin
		next := schedule.Next(at)
		if next.IsZero() {
			break
		}
		if at.After(now) {
			longest = max(longest, next.Sub(at))
		}
		at = next
	}
	return longest + copyLate
}
