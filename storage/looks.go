package storage

import (
	"context"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

const (
	sqlOnlyLooks = "SELECT count(*) FROM audit WHERE action = 'report.only_looks' AND object = $1 AND at >= $2 AND at < $3"
	sqlAllLooks  = "SELECT count(*) FROM audit WHERE action = 'report.only_looks'"
)

// OnlyLooks implements [bot.CivicTx].
func (t *tx) OnlyLooks(_ context.Context, network civic.AreaID, since, until time.Time) (int, error) {
	n, err := one(t, scanCount, sqlOnlyLooks, bot.About("network", int64(network)), millis(since), millis(until))
	return n, about(err, "reports of looks in network %d", network)
}
