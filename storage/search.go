package storage

import (
	"context"

	"github.com/buurtbot/buurtbot/bot/civic"
)

const sqlFindCases = "SELECT " + caseColumns + " FROM cases c WHERE c.network = $1 AND c.created >= $2" +
	" AND ($3 = 0 OR c.street = $3) AND ($4 = '' OR c.category = $4) ORDER BY c.created DESC LIMIT $5"

// FindCases implements [bot.CivicTx].
func (t *tx) FindCases(_ context.Context, s civic.Search, limit int) ([]civic.Case, error) {
	list, err := all(t, scanCase, sqlFindCases, int64(s.Network), millis(s.Since), int64(s.Street), string(s.Category), limit)
	return list, about(err, "find cases of %d", s.Network)
}
