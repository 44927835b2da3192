package flows

import (
	"context"
	"fmt"
	"slices"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// goneCase gives the case of an alert, and whether its report was withdrawn: the words of the alert came from what is erased.
func goneCase(ctx context.Context, t *bot.Turn, a civic.Alert) (civic.Case, bool, error) {
	if a.Case == 0 {
		return civic.Case{}, false, nil
	}
	c, err := mergedCase(ctx, t, a.Case)
	if err != nil {
		return c, false, fmt.Errorf("case of alert %s: %w", a.Ref, err)
	}
	now, err := seenOf(ctx, t, c)
	return c, now.Gone, err
}

// alertsGone sees to the alerts about a case whose report is withdrawn. What was not sent is never sent, and its issuer hears so;
// of what streets read somebody decides what is to become of it: nobody is told a second time by the bot itself.
func alertsGone(ctx context.Context, t *bot.Turn, c civic.Case) error {
	all, err := t.Tx.AlertsAbout(ctx, c.ID)
	if err != nil {
		return fmt.Errorf("alerts about case %s: %w", c.Ref, err)
	}
	for _, a := range all {
		there, err := inNetwork(ctx, t, a.Network)
		if err != nil {
			return err
		}
		switch {
		case unsent(a):
			err = dropAlert(ctx, there, a, "alert.frozen.gone", "ref", c.Ref)
		case !a.Over():
			err = askGone(ctx, there, a, c)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// askGone asks who minds an alert whether it is still right, now that its report is withdrawn.
func askGone(ctx context.Context, t *bot.Turn, a civic.Alert, c civic.Case) error {
	people, err := minders(ctx, t, a)
	if err != nil {
		return err
	}
	for _, person := range people {
		_, err := t.TellFor(ctx, person, mindersOf(a), bot.LaneRoutine, func(lang string) bot.Message {
			return bot.Message{
				Text:  t.In(lang, "alert.gone.live", "ref", a.Ref, "case", c.Ref),
				About: bot.About(alertKind, a.ID), Version: a.Version, Rows: bot.Rows(alertChoices(t, lang, a)...),
			}
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// minders are who is asked about an alert that is out: its issuer, or, when the issuer is no police any more, cannot be reached
// or is away, all police who are there.
func minders(ctx context.Context, t *bot.Turn, a civic.Alert) ([]int64, error) {
	police, err := t.Tx.Holders(ctx, civic.Police, a.Scope(), t.Now)
	if err != nil {
		return nil, fmt.Errorf("police of alert %s: %w", a.Ref, err)
	}
	here, err := present(ctx, t, police)
	if err != nil || !slices.Contains(here, a.Issuer) {
		return here, err
	}
	if chat, err := privateWith(ctx, t, a.Issuer); err != nil || chat == 0 {
		return here, err
	}
	return []int64{a.Issuer}, nil
}
