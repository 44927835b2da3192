package storage

import (
	"context"

	"github.com/buurtbot/buurtbot/bot/civic"
)

const sqlFindCases = "SELECT " + caseColumns + " FROM cases c WHERE c.network = $5 AND c.created >= $6" +
	" AND ($7 = ',' OR $7 LIKE '%,' || c.street || ',%') AND ($8 = '' OR c.category = $8) AND " + seen +
	" ORDER BY c.created DESC LIMIT $9"

// FindCases implements [bot.CivicTx].
func (t *tx) FindCases(_ context.Context, s civic.Search, limit int) ([]civic.Case, error) {
	args := append(readerArgs(s.Reader), int64(s.Network), millis(s.Since), between(s.Streets), string(s.Category), limit)
	list, err := all(t, scanCase, sqlFindCases, args...)
	return list, about(err, "find cases of %d", s.Network)
}
