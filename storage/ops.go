package storage

import (
	"context"
	"os"
	"strconv"
	"time"

	"github.com/buurtbot/buurtbot/bot"
)

const (
	sqlParked = "SELECT id, platform, received, coalesce(why, '') FROM inbox" +
		" WHERE state IN ('parked', 'waiting_keys') AND state = 'parked' ORDER BY id LIMIT $1" // as the index has it
	sqlUnpark = "UPDATE inbox SET state = 'received', tries = 0, ended = NULL, why = NULL" +
		" WHERE id = $1 AND state = 'parked' AND raw IS NOT NULL"
	sqlDropParked = "UPDATE inbox SET state = 'applied', raw = NULL WHERE id = $1 AND state = 'parked'"

	// Of letters that died, or that waited in a backup that was put back, only those are kept whole that would be worth
	// sending later, and whose end nobody waits for: who sent an alert sends it again, corrected or ended as it is by then.
	worthy  = " rank <= 2 AND body <> '' AND report = ''"
	tryable = " state IN ('dead', 'held') AND" + worthy
	sqlDead = "SELECT id, chat, rank, created, why, state FROM outbox WHERE" + tryable + " ORDER BY id DESC LIMIT $1"
	// A card that shows something newer by now is not put back to what it was.
	sqlRevive = "UPDATE outbox SET state = 'pending', tries = 0, not_before = 0, expires = $2, behind = 0" +
		" WHERE id = $1 AND" + tryable + " AND NOT EXISTS (SELECT 1 FROM cards c WHERE c.card = outbox.card" +
		" AND c.chat = outbox.chat AND c.version > outbox.version)"
	sqlGiveUp   = "UPDATE outbox SET state = 'expired', body = '' WHERE id = $1 AND" + tryable
	sqlDeadLast = "UPDATE outbox SET body = '' WHERE created < $1 AND" + tryable
)

func scanParked(r row) (bot.ParkedUpdate, error) {
	var (
		p  bot.ParkedUpdate
		at int64
	)
	err := r.Scan(&p.ID, &p.Platform, &at, &p.Why)
	p.At = moment(at)
	return p, err
}

// ParkedUpdates implements [bot.OpsTx].
func (t *tx) ParkedUpdates(_ context.Context, limit int) ([]bot.ParkedUpdate, error) {
	list, err := all(t, scanParked, sqlParked, limit)
	return list, about(err, "parked updates")
}

// RetryUpdate implements [bot.OpsTx].
func (t *tx) RetryUpdate(_ context.Context, id int64) error {
	n, err := t.exec(sqlUnpark, id)
	return about(changed(n, err, bot.ErrNotFound), "retry update %d", id)
}

// DropUpdate implements [bot.OpsTx].
func (t *tx) DropUpdate(_ context.Context, id int64) error {
	n, err := t.exec(sqlDropParked, id)
	return about(changed(n, err, bot.ErrNotFound), "drop update %d", id)
}

func scanDead(r row) (bot.DeadLetter, error) {
	var (
		l     bot.DeadLetter
		rank  int
		made  int64
		state bot.LetterState
	)
	err := r.Scan(&l.ID, &l.Chat, &rank, &made, &l.Why, &state)
	l.Held = state == bot.LetterHeld
	l.Lane, l.Made = bot.Lane(max(rank-1, 0)), moment(made)
	return l, err
}

// DeadLetters implements [bot.OpsTx].
func (t *tx) DeadLetters(_ context.Context, limit int) ([]bot.DeadLetter, error) {
	list, err := all(t, scanDead, sqlDead, limit)
	return list, about(err, "dead letters")
}

// RetryLetter implements [bot.OpsTx].
func (t *tx) RetryLetter(_ context.Context, id int64, until time.Time) error {
	n, err := t.exec(sqlRevive, id, millis(until))
	return about(changed(n, err, bot.ErrNotFound), "retry letter %d", id)
}

// DropLetter implements [bot.OpsTx].
func (t *tx) DropLetter(_ context.Context, id int64) error {
	n, err := t.exec(sqlGiveUp, id)
	return about(changed(n, err, bot.ErrNotFound), "drop letter %d", id)
}

// Gauges are the figures that tell an operator how the bot does. They are about everybody together.
type Gauges struct {
	Waiting int // updates that were not handled yet
	Oldest  time.Time
	Parked  int
	Lines   []Line
	Dead    int // letters of the first two lanes that could not be delivered
	Unknown int // letters of which nobody knows whether they arrived
	Aside   int // letters that an operator may try again
	Held    int // letters that waited in a backup that was put back
	Audit   int // entries of the trail
	Looks   int // times that somebody told of looks alone, as far back as the trail goes
	Log     int64
	Commit  time.Duration // how long a commit takes, the last ones counting most
}

// Line is what waits to be delivered in a lane of a platform.
type Line struct {
	Platform string
	Lane     bot.Lane
	Letters  int
	Oldest   time.Time // since when the oldest could have gone, as far as itself and its chat let it
}

const (
	sqlGaugeInbox = "SELECT count(*), coalesce(min(received), 0) FROM inbox WHERE state = 'received'"
	sqlGaugeQuiet = "SELECT count(*) FROM inbox WHERE state IN ('parked', 'waiting_keys')"
	sqlGaugeLines = "SELECT c.platform, CASE WHEN o.rank > 1 THEN o.rank - 1 ELSE 0 END AS lane, count(*)," +
		" min(CASE WHEN o.not_before >= c.not_before AND o.not_before >= o.created THEN o.not_before" +
		" WHEN c.not_before >= o.created THEN c.not_before ELSE o.created END)" +
		" FROM outbox o CROSS JOIN chats c WHERE c.id = o.chat AND o.state = 'pending' GROUP BY 1, 2"
	sqlGaugeEnded = "SELECT count(*) FILTER (WHERE state = 'dead' AND rank <= 2)," +
		" count(*) FILTER (WHERE state = 'unknown'), count(*) FILTER (WHERE state = 'held')," +
		" count(*) FILTER (WHERE" + tryable + ")" +
		" FROM outbox WHERE state IN ('dead', 'unknown', 'held')"
	sqlGaugeAudit = "SELECT coalesce(max(seq), 0) FROM audit"
)

// Gauges reads the figures, on a snapshot that holds nobody up.
func (s *Store) Gauges(ctx context.Context) (g Gauges, err error) {
	err = s.View(ctx, func(btx bot.Tx) error {
		t := btx.(*tx)
		scanInbox := func(r row) (Gauges, error) {
			var oldest int64
			err := r.Scan(&g.Waiting, &oldest)
			g.Oldest = moment(oldest)
			return g, err
		}
		if _, err := one(t, scanInbox, sqlGaugeInbox); err != nil {
			return err
		}
		if g.Parked, err = one(t, scanCount, sqlGaugeQuiet); err != nil {
			return err
		}
		if g.Lines, err = all(t, scanLine, sqlGaugeLines); err != nil {
			return err
		}
		scanEnded := func(r row) (Gauges, error) { return g, r.Scan(&g.Dead, &g.Unknown, &g.Held, &g.Aside) }
		if _, err := one(t, scanEnded, sqlGaugeEnded); err != nil {
			return err
		}
		if g.Audit, err = one(t, scanCount, sqlGaugeAudit); err != nil {
			return err
		}
		g.Looks, err = one(t, scanCount, sqlAllLooks)
		return err
	})
	if info, err := os.Stat(s.options.Path + "-wal"); err == nil {
		g.Log = info.Size()
	}
	g.Commit = time.Duration(s.slow.Load())
	return g, about(err, "gauges")
}

func scanCount(r row) (n int, err error) {
	err = r.Scan(&n)
	return n, err
}

func scanLine(r row) (Line, error) {
	var (
		l      Line
		oldest int64
	)
	err := r.Scan(&l.Platform, &l.Lane, &l.Letters, &oldest)
	l.Oldest = moment(oldest)
	return l, err
}

// factAlive is when the program last said that it runs, in milliseconds.
const factAlive = "alive"

// Beat notes that the program runs.
func (s *Store) Beat(ctx context.Context, at time.Time) error {
	return s.quietly(ctx, func(t *tx) error { return t.run(sqlSaveFact, factAlive, strconv.FormatInt(millis(at), 10)) })
}

// Past is what a start finds of the run before.
type Past struct {
	Beat     time.Time // when it last said that it runs; zero = never
	Restored bool      // a backup was put back since
	Copied   time.Time // when that backup was made; zero = it does not say
	At       time.Time // when it was put back; zero = it does not say
}

// Past tells of the run before, and notes that this one runs: a restore, and that nobody was there for long, is told at the first
// start after it. What fn makes of it is kept in the same transaction as that it was told.
func (s *Store) Past(ctx context.Context, fn func(bot.Tx, Past) error) error {
	err := s.quietly(ctx, func(t *tx) error {
		p, err := t.past()
		if err != nil {
			return err
		}
		if p.Restored {
			if err := t.run(sqlSaveFact, factRestored, ""); err != nil {
				return err
			}
		}
		if err := t.run(sqlSaveFact, factAlive, strconv.FormatInt(millis(s.now()), 10)); err != nil {
			return err
		}
		return fn(t, p)
	})
	return about(err, "the run before")
}

func (t *tx) past() (p Past, err error) {
	facts := map[string]string{}
	for _, fact := range []string{factAlive, factRestored, factCopied, factRestoredAt} {
		if facts[fact], err = orZero(one(t, scanText, sqlFact, fact)); err != nil {
			return p, err
		}
	}
	if ms, err := strconv.ParseInt(facts[factAlive], 10, 64); err == nil {
		p.Beat = moment(ms)
	}
	if facts[factRestored] == "" {
		return p, nil
	}
	p.Restored = true
	p.Copied, p.At = timeOf(facts[factCopied]), timeOf(facts[factRestoredAt])
	return p, nil
}

// timeOf reads a time that a fact tells; zero when it tells none.
func timeOf(fact string) time.Time {
	at, err := time.Parse(time.RFC3339Nano, fact)
	if err != nil {
		return time.Time{}
	}
	return at
}
