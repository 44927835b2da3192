package storage

import (
	"context"
	"errors"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

const (
	lookupColumns = "id, network, person, kind, words, why, made, expires, agreed, searched, version"

	sqlNewLookup  = "INSERT INTO lookups (network, person, kind, made, expires, version) VALUES ($1, $2, $3, $4, $5, 1)"
	sqlSought     = "UPDATE lookups SET words = $2, why = $3 WHERE id = $1"
	sqlSaveLookup = "UPDATE lookups SET agreed = $3, searched = $4, expires = $5, version = version + 1" +
		" WHERE id = $1 AND version = $2"
	sqlLookup       = "SELECT " + lookupColumns + " FROM lookups WHERE id = $1"
	sqlLookups      = "SELECT " + lookupColumns + " FROM lookups WHERE person = $2 AND network = $1 ORDER BY id"
	sqlEndLookup    = "DELETE FROM lookups WHERE id = $1"
	sqlPruneLookups = "DELETE FROM lookups WHERE expires < $1"
)

func scanLookup(r row) (civic.Lookup, error) {
	var (
		q                              civic.Lookup
		made, expires, agreed, checked int64
	)
	err := r.Scan(&q.ID, &q.Network, &q.By, &q.Kind, sealed("lookups.words", &q.ID, &q.Words),
		sealed("lookups.why", &q.ID, &q.Why), &made, &expires, &agreed, &checked, &q.Version)
	q.Made, q.Expires, q.Agreed, q.Searched = moment(made), moment(expires), moment(agreed), moment(checked)
	return q, err
}

// AddLookup implements [bot.LookupTx].
func (t *tx) AddLookup(_ context.Context, q *civic.Lookup) error {
	id, err := t.insert(sqlNewLookup, int64(q.Network), q.By, string(q.Kind), millis(q.Made), millis(q.Expires))
	if err != nil {
		return about(err, "lookup in %d", q.Network)
	}
	q.ID, q.Version = id, 1
	err = t.run(sqlSought, id, secret("lookups.words", id, q.Words), secret("lookups.why", id, q.Why))
	return about(err, "words of lookup %d", id)
}

// SaveLookup implements [bot.LookupTx].
func (t *tx) SaveLookup(_ context.Context, q *civic.Lookup) error {
	n, err := t.exec(sqlSaveLookup, q.ID, q.Version, millis(q.Agreed), millis(q.Searched), millis(q.Expires))
	if err := changed(n, err, bot.ErrConflict); err != nil {
		return about(err, "lookup %d", q.ID)
	}
	q.Version++
	return nil
}

// EndLookup implements [bot.LookupTx].
func (t *tx) EndLookup(_ context.Context, id int64) error {
	return about(errors.Join(t.run(sqlEndLookup, id), t.blankAside(id), t.noteErasure(ErasedLookup, id)), "lookup %d", id)
}

// Lookup implements [bot.LookupTx].
func (t *tx) Lookup(_ context.Context, id int64) (civic.Lookup, error) {
	q, err := one(t, scanLookup, sqlLookup, id)
	return q, about(err, "lookup %d", id)
}

// Lookups implements [bot.LookupTx].
func (t *tx) Lookups(_ context.Context, network civic.AreaID, person int64) ([]civic.Lookup, error) {
	list, err := all(t, scanLookup, sqlLookups, int64(network), person)
	return list, about(err, "lookups in %d", network)
}
