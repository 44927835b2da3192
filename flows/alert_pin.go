package flows

import (
	"context"
	"errors"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// keepPinned holds an alert at the top of the streets' rooms while it is current, so that who looks in later sees it
// first. Information is not held there: it is nothing that anybody has to act on now.
func keepPinned(ctx context.Context, t *bot.Turn, ref string) error {
	a, err := alertOf(ctx, t, ref)
	if errors.Is(err, bot.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	current := a.Status == civic.AlertActive || a.Status == civic.AlertCorrected
	if !current || a.Kind == civic.InfoAlert {
		return nil
	}
	return t.Pin(ctx, noticeOf(a.ID, 0))
}
