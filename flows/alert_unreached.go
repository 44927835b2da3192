package flows

import (
	"context"
	"fmt"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// tellCoordinators tells the coordinators of each street group whose chat is closed to the bot that an alert did not reach
// it.
func tellCoordinators(ctx context.Context, t *bot.Turn, a civic.Alert, plan civic.Plan) error {
	told := map[civic.AreaID]bool{}
	for _, r := range plan.SkippedFor(civic.SkipUnreachable) {
		if r.Person != 0 || told[r.Group] {
			continue
		}
		told[r.Group] = true
		if err := tellClosed(ctx, t, a, r.Group); err != nil {
			return err
		}
	}
	return nil
}

// tellClosed tells the coordinators of one street group; where it has none, those of the network.
func tellClosed(ctx context.Context, t *bot.Turn, a civic.Alert, group civic.AreaID) error {
	area, err := t.Tx.Area(ctx, group)
	if err != nil {
		return fmt.Errorf("street group %d: %w", group, err)
	}
	people, err := t.Tx.Holders(ctx, civic.StreetCoordinator, area.Scope(), t.Now)
	if err == nil && len(people) == 0 {
		people, err = t.Tx.Holders(ctx, civic.NetworkCoordinator, a.Scope(), t.Now)
	}
	if err != nil {
		return fmt.Errorf("coordinators of street group %d: %w", group, err)
	}
	for _, person := range people {
		_, err := t.TellFor(ctx, person, bot.For(civic.TriageCase, area.Scope()), bot.LaneRoutine, func(lang string) bot.Message {
			return bot.Message{Text: t.In(lang, "alert.unreached", "ref", a.Ref, "group", area.Name, "code", area.Code)}
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// askExpired asks the issuer what is to become of an alert whose time is over and that did not arrive everywhere in time:
// nothing is sent late.
func askExpired(ctx context.Context, t *bot.Turn, a civic.Alert) error {
	failed, err := failedOnes(ctx, t, a)
	if err != nil {
		return err
	}
	late := 0
	for _, d := range failed {
		ok, err := reaches(ctx, t, d.Chat)
		if err != nil {
			return err
		}
		if ok {
			late++
		}
	}
	if late == 0 {
		return nil
	}
	_, err = t.TellFor(ctx, a.Issuer, mindersOf(a), bot.LaneRoutine, func(lang string) bot.Message {
		return bot.Message{
			Text:  t.In(lang, "alert.late", "ref", a.Ref, "count", late),
			About: bot.About(alertKind, a.ID), Version: a.Version,
			Rows: bot.Rows(bot.Choice{Key: "again", Label: t.In(lang, "alert.button.again")}),
		}
	})
	return err
}

// anewAlert begins a new alert with the words of one that is over.
func anewAlert(ctx context.Context, t *bot.Turn, r bot.Ref) error {
	a, err := alertOf(ctx, t, r.ID)
	if err != nil {
		return err
	}
	form, kind := alertForm, string(a.Kind)
	switch {
	case a.Drill:
		kind = drillKind
	case a.Kind == civic.InfoAlert:
		form = informForm
	}
	return t.Begin(ctx, form, bot.Input{Choice: kind, Text: newestText(a)})
}
