package storage

import (
	"context"
	"strconv"

	"github.com/buurtbot/buurtbot/bot"
)

// The update and the errand that were counted last: they are under way while they wait, and the errand as long as it has not
// come back.
const (
	factUpdate = "update_under_way"
	factErrand = "errand_under_way"
)

const (
	sqlCountTry    = "UPDATE inbox SET tries = tries + 1 WHERE id = $1"
	sqlCountErrand = "UPDATE errands SET begun = $2 WHERE id = $1"
	sqlUnderWay    = "SELECT EXISTS (SELECT 1 FROM inbox WHERE state = 'received' AND tries > 0" +
		" AND id = (SELECT CAST(value AS INTEGER) FROM meta WHERE key = $1))" +
		" OR EXISTS (SELECT 1 FROM errands WHERE begun > 0" +
		" AND id = (SELECT CAST(value AS INTEGER) FROM meta WHERE key = $2))"
	sqlNoneUnderWay  = "DELETE FROM meta WHERE key IN ($1, $2)"
	sqlAcquitUpdates = "UPDATE inbox SET tries = 0 WHERE state = 'received' AND tries > 0"
	sqlAcquitErrands = "UPDATE errands SET begun = 0 WHERE begun > 0"
)

// CountTry implements [bot.InboxTx].
func (t *tx) CountTry(_ context.Context, id int64) error {
	n, err := t.exec(sqlCountTry, id)
	if err := changed(n, err, bot.ErrNotFound); err != nil {
		return about(err, "count try of update %d", id)
	}
	return t.run(sqlSaveFact, factUpdate, strconv.FormatInt(id, 10))
}

// CountErrand implements [bot.ErrandTx].
func (t *tx) CountErrand(_ context.Context, id int64, begun int) error {
	n, err := t.exec(sqlCountErrand, id, begun)
	if err := changed(n, err, bot.ErrNotFound); err != nil {
		return about(err, "count errand %d", id)
	}
	return t.run(sqlSaveFact, factErrand, strconv.FormatInt(id, 10))
}

// Acquit implements [bot.InboxTx].
func (t *tx) Acquit(context.Context) error {
	busy, err := one(t, scanNumber, sqlUnderWay, factUpdate, factErrand)
	if err != nil {
		return about(err, "what was under way")
	}
	if err := t.run(sqlNoneUnderWay, factUpdate, factErrand); err != nil || busy > 0 {
		return err
	}
	if err := t.run(sqlAcquitUpdates); err != nil {
		return err
	}
	return t.run(sqlAcquitErrands)
}
