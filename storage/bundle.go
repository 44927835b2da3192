package storage

import (
	"context"

	"github.com/buurtbot/buurtbot/bot"
)

const (
	// Corrections stand with the alerts that they are about: what is read is how each alert stands.
	sqlBundled = "SELECT alert FROM deliveries WHERE letter = $1 AND letter <> 0 AND notice IN ('alarm', 'correction')" +
		" GROUP BY alert ORDER BY min(id)"
	sqlBundlesOf = "SELECT d.letter, o.chat, o.card, o.state, coalesce(c.message, '') FROM deliveries d" +
		" JOIN outbox o ON o.id = d.letter LEFT JOIN cards c ON c.card = o.card AND c.chat = o.chat" +
		" WHERE d.alert = $1 AND d.letter <> 0 AND d.notice IN ('alarm', 'correction') AND o.card LIKE $2 || '/%'" +
		" GROUP BY d.letter ORDER BY d.letter"
	sqlUnbundle = "UPDATE deliveries SET letter = 0, status = 'superseded' WHERE alert = $1 AND letter = $2 AND letter <> 0"
)

// Bundled implements [bot.CivicTx].
func (t *tx) Bundled(_ context.Context, letter int64) ([]int64, error) {
	alerts, err := all(t, scanNumber, sqlBundled, letter)
	return alerts, about(err, "what letter %d bundles", letter)
}

func scanBundle(r row) (b bot.Bundle, err error) {
	err = r.Scan(&b.Letter, &b.Chat, &b.Card, &b.State, &b.Message)
	return b, err
}

// BundlesOf implements [bot.CivicTx].
func (t *tx) BundlesOf(_ context.Context, alert int64, kind string) ([]bot.Bundle, error) {
	list, err := all(t, scanBundle, sqlBundlesOf, alert, kind)
	return list, about(err, "bundles with alert %d", alert)
}

// Unbundle implements [bot.CivicTx].
func (t *tx) Unbundle(_ context.Context, alert, letter int64) error {
	return about(t.run(sqlUnbundle, alert, letter), "take alert %d out of letter %d", alert, letter)
}

// WaitingCard implements [bot.CivicTx].
func (t *tx) WaitingCard(_ context.Context, card string, chat int64) (int64, error) {
	w, err := orZero(one(t, scanWritten, sqlWaitingCard, card, chat))
	return w.id, about(err, "card %s in chat %d", card, chat)
}
