package main

import (
	"context"
	"log/slog"
	"strings"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/telegram"
	"github.com/buurtbot/buurtbot/flows"
	"github.com/buurtbot/buurtbot/storage"
)

// How often the platforms are looked at, and how long one may be silent: so the operators hear of it within two minutes
// (issue of operations, "within 2 minutes").
const (
	watchEvery   = 15 * time.Second
	watchPatient = 90 * time.Second
	behindEvery  = 5 * time.Minute // so often a platform is asked what waits there
	behindMany   = 1000            // from then on the operators hear of it (reliability.md, A22)
)

// lookout sees whether each platform hears and speaks, and tells the operators when that changes.
type lookout struct {
	town  *town
	since time.Time // the start: nobody was heard before
	told  map[string]string
	asked time.Time       // when the platforms were last asked what waits there
	late  map[string]bool // where much waited then
	heard time.Time       // when Telegram was last heard; zero = not since the start
	gaps  map[string]gap  // what could not be read, as it was last told
	aside int             // what could not be handled or delivered when it was last told
	fails int64           // likewise, what failed in the background
	clock time.Time       // when they were last told that the clock is wrong; zero = it is not
	house housekeeping
}

// queue is a platform that keeps what was not taken yet, and tells how much that is.
type queue interface {
	Behind(ctx context.Context) (int, error)
}

// listener is a platform that knows when it was last heard from.
type listener interface{ LastHeard() time.Time }

func newLookout(t *town) *lookout {
	now := t.now()
	return &lookout{
		town: t, since: now, told: map[string]string{}, late: map[string]bool{}, gaps: map[string]gap{},
		house: housekeeping{since: now},
	}
}

// look looks once: whether the database is still there, and how each platform does.
func (l *lookout) look(ctx context.Context) error {
	if err := l.town.store.InPlace(); err != nil {
		return err
	}
	gauges, err := l.town.store.Gauges(ctx)
	if err != nil {
		return err
	}
	l.ask(ctx)
	if err := l.lookAtClock(ctx); err != nil {
		return err
	}
	if err := l.troubles(ctx, gauges); err != nil {
		return err
	}
	for i, p := range l.town.platforms {
		if err := l.gap(ctx, p); err != nil {
			return err
		}
		if err := l.gapIn(ctx, p); err != nil {
			return err
		}
		state := l.state(p, l.town.couriers[i], gauges)
		if state == l.told[p.Name()] || state == flows.OpsWell && l.told[p.Name()] == "" {
			continue
		}
		if err := notice(ctx, l.town.store, l.town.now(), state, p.Name()); err != nil {
			return err
		}
		l.told[p.Name()] = state
	}
	return l.house.look(ctx, l.town, gauges)
}

// gap tells what may be lost when Telegram is heard again after longer than it keeps messages; a restart looks at that by itself,
// see missed, and other networks keep them.
func (l *lookout) gap(ctx context.Context, p bot.Platform) error {
	source, listens := p.(listener)
	if !listens || p.Name() != telegram.Name {
		return nil
	}
	before, now := later(l.heard, l.since), source.LastHeard()
	l.heard = later(l.heard, now)
	if now.Sub(before) <= keptPresses {
		return nil
	}
	return about(l.town.store.Do(ctx, func(tx bot.Tx) error { return wakeGap(ctx, tx, before, now) }), "lookout")
}

// wakeGap lets the engine tell that what was said between two times may be lost, or of a short time what was pressed; from
// zero = since nobody knows when.
func wakeGap(ctx context.Context, tx bot.Tx, from, until time.Time) error {
	lost := bot.Timer{Kind: flows.OpsGap, Ref: gapRef(from, until, ""), At: until}
	if !from.IsZero() && until.Sub(from) <= kept {
		lost.Kind, lost.Ref = flows.OpsPresses, gapRef(from, until, telegram.Name)
	}
	return tx.Wake(ctx, lost)
}

// lookAtClock tells when a server says that our clock is wrong, again each day by that clock. A timer would wait for it to be
// right.
func (l *lookout) lookAtClock(ctx context.Context) error {
	now := l.town.now()
	switch {
	case !l.town.engine.Contradicted(now):
		l.clock = time.Time{}
		return nil
	case !l.clock.IsZero() && now.Sub(l.clock).Abs() < tellAgain:
		return nil
	}
	slog.Error("the clock of this machine is wrong by more than a day: nothing is erased or given up until it is set right")
	l.clock = now
	return l.town.engine.Ring(ctx, bot.Timer{Kind: flows.OpsNotice, Ref: flows.OpsClock + "/", At: now})
}

// troubles tells that something lies aside which somebody has to look at, when there is more of it than before.
func (l *lookout) troubles(ctx context.Context, g storage.Gauges) error {
	aside, fails := g.Parked+g.Aside, l.town.engine.Faults()
	if aside > l.aside {
		if err := notice(ctx, l.town.store, l.town.now(), flows.OpsAside, ""); err != nil {
			return err
		}
	}
	if fails > l.fails {
		if err := notice(ctx, l.town.store, l.town.now(), flows.OpsFailed, ""); err != nil {
			return err
		}
	}
	l.aside, l.fails = aside, fails
	return nil
}

// state is how a platform does now.
func (l *lookout) state(p bot.Platform, c *bot.Courier, g storage.Gauges) string {
	now := l.town.now()
	if c, ok := p.(bot.Contested); ok && now.Sub(c.LastRival()) < watchPatient {
		return flows.OpsRival
	}
	if heard, ok := p.(listener); ok && now.Sub(later(heard.LastHeard(), l.since)) > watchPatient {
		return flows.OpsDeaf
	}
	// A platform that is away puts each letter off again and again, so that none is overdue.
	if ailing := c.Ailing(); !ailing.IsZero() && now.Sub(ailing) > watchPatient {
		return flows.OpsMute
	}
	for _, line := range g.Lines {
		overdue := line.Platform == p.Name() && line.Lane <= bot.LaneRoutine && now.Sub(line.Oldest) > watchPatient
		if overdue && now.Sub(later(c.LastSent(), l.since)) > watchPatient {
			return flows.OpsMute
		}
	}
	if l.late[p.Name()] {
		return flows.OpsBehind
	}
	return flows.OpsWell
}

// ask finds out where much waits to be taken. A platform that does not answer now is asked again the next time; that it is
// deaf is seen elsewhere.
func (l *lookout) ask(ctx context.Context) {
	if l.town.now().Sub(l.asked) < behindEvery {
		return
	}
	l.asked = l.town.now()
	for _, p := range l.town.platforms {
		if q, ok := p.(queue); ok {
			if n, err := q.Behind(ctx); err == nil {
				l.late[p.Name()] = n > behindMany
			}
		}
	}
}

// notice lets the engine tell the operators, on whatever platform they are reached.
func notice(ctx context.Context, store *storage.Store, at time.Time, state, platform string) error {
	slog.Warn("operators are told", "state", state, "platform", platform)
	err := store.Do(ctx, func(tx bot.Tx) error {
		return tx.Wake(ctx, bot.Timer{Kind: flows.OpsNotice, Ref: state + "/" + platform, At: at})
	})
	return about(err, "lookout")
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// How long Telegram keeps what a bot does not fetch: messages (Bot API, getUpdates), and presses of buttons, which the server
// lets go after this time.
const (
	kept        = 24 * time.Hour
	keptPresses = 150 * time.Second
)

// missed lets the engine tell what may be lost: what was said, or pressed, while the program was away for longer than the
// networks keep it, or after the backup was made that was put back. What came due between that backup and now was done then, or
// is asked about.
func (t *town) missed(ctx context.Context) error {
	now := t.now()
	return t.store.Past(ctx, func(tx bot.Tx, past storage.Past) error {
		if past.Restored {
			if err := restored(ctx, tx, past, now); err != nil {
				return err
			}
			return tx.Wake(ctx, bot.Timer{Kind: flows.OpsGap, Ref: gapRef(past.Copied, now, ""), At: now})
		}
		if past.Beat.IsZero() || now.Sub(past.Beat) <= keptPresses {
			return nil
		}
		return wakeGap(ctx, tx, past.Beat, now)
	})
}

// restored sees to it that nothing is done a second time that was done between a backup and its being put back. What erases
// and what makes copies is done again: the backup brought back what was erased since.
func restored(ctx context.Context, tx bot.Tx, past storage.Past, now time.Time) error {
	at := past.At
	if at.IsZero() || at.After(now) {
		at = now
	}
	slots, err := tx.LastSlots(ctx)
	if err != nil {
		return about(err, "restored")
	}
	for name, last := range slots {
		if strings.HasPrefix(name, upkeepWork) || flows.Erases(name) || last.After(at) {
			continue
		}
		if _, err := tx.RunSlot(ctx, name, "restored "+at.UTC().Format(time.RFC3339), at); err != nil {
			return about(err, "restored")
		}
	}
	return flows.Restored(ctx, tx, at)
}
