package flows

import (
	"context"
	"fmt"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// doubtTimer asks about information that was planned when a backup was made which was put back later: it may have gone since, or
// been changed or dropped, and nobody here knows. The reference is the alert's number.
const doubtTimer = "alert.doubt"

// Restored is called once, after a backup was put back at a time and before anything is done: what was planned in it is asked
// about and not sent.
func Restored(ctx context.Context, tx bot.Tx, at time.Time) error {
	timers, err := tx.Timers(ctx, plannedTimer, "")
	if err != nil {
		return fmt.Errorf("restored: %w", err)
	}
	for _, timer := range timers {
		if timer.At.After(at) {
			timer.At = at // asked at once, so that it can still go in time
		}
		if err := tx.Sleep(ctx, timer.Kind, timer.Ref); err != nil {
			return fmt.Errorf("restored: %w", err)
		}
		if err := tx.Wake(ctx, bot.Timer{Kind: doubtTimer, Ref: timer.Ref, At: timer.At}); err != nil {
			return fmt.Errorf("restored: %w", err)
		}
	}
	return nil
}

// Erases reports whether a job erases what is kept too long, so that it is done again after a backup was put back.
func Erases(job string) bool { return job == retentionTimer }

// askDoubtful asks the issuer of what was planned whether it has gone.
func askDoubtful(ctx context.Context, t *bot.Turn, ref string) error {
	a, t, err := ringing(ctx, t, ref)
	if err != nil || a.Status != civic.AlertQueued {
		return err
	}
	why := "alert.planned.doubt"
	if a.Planned.After(t.Now) {
		why = "alert.planned.doubtful"
	}
	return askPlanned(ctx, t, a, "alert.doubt", func(lang string) string {
		return t.In(lang, why, "ref", a.Ref, "time", moment(t, lang, a.Planned))
	})
}
