package flows

import (
	"context"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// outcomesIn tells of how many of a month's alerts streets heard how they ended. It counts messages that their streets have
// read, not people, so a small number may be told.
func outcomesIn(ctx context.Context, t *bot.Turn, month time.Time, name string) (string, error) {
	alerts, err := t.Tx.AlertsIssued(ctx, t.Network.ID, month, month.AddDate(0, 1, 0))
	if err != nil {
		return "", err
	}
	told, ended := civic.Outcomes(alerts)
	if ended == 0 {
		return t.T("figures.alerts.none", "month", name), nil
	}
	return t.T("figures.alerts.line", "month", name, "told", told, "ended", ended), nil
}
