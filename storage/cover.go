package storage

import (
	"context"

	"github.com/buurtbot/buurtbot/bot/civic"
)

const (
	sqlSetAbsence = "INSERT INTO absences (person, starts, ends) VALUES ($1, $2, $3)" +
		" ON CONFLICT (person) DO UPDATE SET starts = excluded.starts, ends = excluded.ends"
	sqlAbsence = "SELECT starts, ends FROM absences WHERE person = $1"
)

// SetAbsence implements [bot.CivicTx].
func (t *tx) SetAbsence(_ context.Context, person int64, a civic.Absence) error {
	return about(t.run(sqlSetAbsence, person, millis(a.From), millis(a.Until)), "absence of person %d", person)
}

// Absence implements [bot.CivicTx].
func (t *tx) Absence(_ context.Context, person int64) (civic.Absence, error) {
	a, err := one(t, func(r row) (civic.Absence, error) {
		var starts, ends int64
		err := r.Scan(&starts, &ends)
		return civic.Absence{From: moment(starts), Until: moment(ends)}, err
	}, sqlAbsence, person)
	if missing(err) {
		return civic.Absence{}, nil
	}
	return a, about(err, "absence of person %d", person)
}
