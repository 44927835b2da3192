package storage

import (
	"context"
	"time"

	"github.com/buurtbot/buurtbot/bot/civic"
)

const (
	sqlAddReply = "INSERT INTO alert_replies (alert, person, at) VALUES ($1, $2, $3) ON CONFLICT (alert, person) DO NOTHING"
	sqlReplies  = "SELECT at FROM alert_replies WHERE alert = $1 ORDER BY at"
	sqlCasesOn  = "SELECT " + caseColumns + " FROM cases c WHERE c.alert = $1 ORDER BY c.id"

	sqlIssuedSince = "SELECT " + alertColumns + " FROM alerts WHERE network = $1 AND issued >= $2 AND issued < $3 ORDER BY id"
)

// AddReply implements [bot.CivicTx].
func (t *tx) AddReply(_ context.Context, alert, person int64, at time.Time) error {
	return about(t.run(sqlAddReply, alert, person, millis(at)), "reply to alert %d", alert)
}

// Replies implements [bot.CivicTx].
func (t *tx) Replies(_ context.Context, alert int64) ([]time.Time, error) {
	list, err := all(t, scanNumber, sqlReplies, alert)
	times := make([]time.Time, len(list))
	for i, at := range list {
		times[i] = moment(at)
	}
	return times, about(err, "replies to alert %d", alert)
}

// CasesOn implements [bot.CivicTx].
func (t *tx) CasesOn(_ context.Context, alert int64) ([]civic.Case, error) {
	list, err := all(t, scanCase, sqlCasesOn, alert)
	return list, about(err, "cases on alert %d", alert)
}

// AlertsIssued implements [bot.CivicTx].
func (t *tx) AlertsIssued(_ context.Context, network civic.AreaID, from, until time.Time) ([]civic.Alert, error) {
	list, err := all(t, scanAlert, sqlIssuedSince, int64(network), millis(from), millis(until))
	if err != nil {
		return nil, about(err, "alerts of %d", network)
	}
	for i := range list {
		if err := t.areasOf(&list[i]); err != nil {
			return nil, err
		}
	}
	return list, nil
}
