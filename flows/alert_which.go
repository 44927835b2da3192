package flows

import (
	"context"
	"fmt"
	"strconv"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// movable lists the alerts that may go to a status, newest first.
func movable(ctx context.Context, t *bot.Turn, to civic.AlertStatus) ([]civic.Alert, error) {
	open, err := t.Tx.OpenAlerts(ctx, t.Network.ID)
	if err != nil {
		return nil, fmt.Errorf("open alerts: %w", err)
	}
	var may []civic.Alert
	for _, a := range open {
		if !a.Over() && mayFollow(t, a, to) == nil {
			may = append(may, a)
		}
	}
	return may, nil
}

// choosing asks which alert is meant.
type choosing struct {
	bot.Step[follow]
	to civic.AlertStatus
}

func whichAlert(to civic.AlertStatus) bot.Step[follow] {
	options := func(ctx context.Context, t *bot.Turn, _ follow) ([]bot.Option, error) {
		open, err := movable(ctx, t, to)
		if err != nil {
			return nil, err
		}
		var all []bot.Option
		for _, a := range open[:min(len(open), 8)] {
			areas, err := areaNames(ctx, t, t.Lang(), a.Areas)
			if err != nil {
				return nil, err
			}
			all = append(all, bot.Option{Key: strconv.FormatInt(a.ID, 10), Label: civic.Clean(a.Ref+" · "+areas, 40)})
		}
		return all, nil
	}
	return choosing{bot.PickFrom("which", func(f *follow) *string { return &f.Alert }, options), to}
}

// Take takes one of the alerts, also by a reference that has no button.
func (c choosing) Take(ctx context.Context, t *bot.Turn, in bot.Input, f *follow) error {
	if err := c.Step.Take(ctx, t, in, f); err != nil {
		a, unknown := alertByRef(ctx, t, in.Text)
		if unknown != nil || mayFollow(t, a, c.to) != nil {
			return err
		}
		f.Alert = strconv.FormatInt(a.ID, 10)
	}
	a, err := alertOf(ctx, t, f.Alert)
	if err != nil {
		return err
	}
	*f = following(a, c.to)
	return nil
}
