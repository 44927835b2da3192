package storage

import (
	"context"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

const (
	sqlFollow = "UPDATE reports SET muted = $2, verdict = $3, named = $4 WHERE id = $1"

	// Few of the trail's entries about a case have a detail; those that have it name the role of who looked.
	sqlSeenCase = "SELECT at, action, detail FROM audit WHERE object LIKE 'case/%' AND object = $1 AND detail <> '' ORDER BY seq"

	sqlAnswered = "SELECT count(*), coalesce(sum(c.answered IS NOT NULL AND c.answered - c.created <= $4), 0) FROM cases c" +
		" WHERE c.network = $1 AND c.created >= $2 AND c.created < $3 AND c.status NOT IN ('withdrawn', 'duplicate')"
)

// SaveFollow implements [bot.CivicTx].
func (t *tx) SaveFollow(_ context.Context, r civic.Report) error {
	err := t.run(sqlFollow, r.ID, bit(r.Muted), string(r.Verdict), bit(r.Named))
	return about(err, "what the reporter of %d wishes", r.ID)
}

// SeenCase implements [bot.CivicTx].
func (t *tx) SeenCase(_ context.Context, object string) ([]bot.AuditEntry, error) {
	scan := func(r row) (bot.AuditEntry, error) {
		var at int64
		e := bot.AuditEntry{Object: object}
		err := r.Scan(&at, &e.Action, &e.Detail)
		e.At = moment(at)
		return e, err
	}
	list, err := all(t, scan, sqlSeenCase, object)
	return list, about(err, "who looked at %s", object)
}

// Answered implements [bot.CivicTx].
func (t *tx) Answered(
	_ context.Context, network civic.AreaID, since, until time.Time, within time.Duration,
) (cases, inTime int, err error) {
	type pair struct{ all, kept int }
	scan := func(r row) (p pair, err error) {
		err = r.Scan(&p.all, &p.kept)
		return p, err
	}
	p, err := one(t, scan, sqlAnswered, int64(network), millis(since), millis(until), within.Milliseconds())
	return p.all, p.kept, about(err, "answers of %d", network)
}
