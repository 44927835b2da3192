package storage

import (
	"context"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

const (
	sqlToAsk = "SELECT person, silences FROM memberships WHERE standing = 'active' AND network = $4" +
		" AND coalesce(asked_at, since) <" +
		" CASE silences WHEN 0 THEN $1 ELSE $2 END ORDER BY person LIMIT $3"
	sqlAskedStill = "UPDATE memberships SET silences = $3, asked_at = $4 WHERE person = $1 AND network = $2"
)

func scanSilence(r row) (bot.Silent, error) {
	var s bot.Silent
	err := r.Scan(&s.Person, &s.Silences)
	return s, err
}

// ToAsk implements [bot.CivicTx].
func (t *tx) ToAsk(
	_ context.Context, network civic.AreaID, heard, asked time.Time, limit int,
) ([]bot.Silent, error) {
	list, err := all(t, scanSilence, sqlToAsk, millis(heard), millis(asked), limit, int64(network))
	return list, about(err, "members to ask")
}

// AskedStill implements [bot.CivicTx].
func (t *tx) AskedStill(_ context.Context, person int64, network civic.AreaID, silences int, at time.Time) error {
	n, err := t.exec(sqlAskedStill, person, int64(network), silences, millis(at))
	return about(changed(n, err, bot.ErrNotFound), "asked person %d", person)
}
