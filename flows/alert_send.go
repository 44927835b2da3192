package flows

import (
	"context"
	"errors"
	"fmt"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// sendAlarm stores the alert, tells everybody in the plan and shows the issuer what becomes of it: all of it, or
// nothing.
func sendAlarm(ctx context.Context, t *bot.Turn, d alarm) error {
	if _, err := broadcaster(t, d.Kind); err != nil {
		return err
	}
	if err := mayAim(ctx, t, d); err != nil {
		return err
	}
	if err := refuseHalted(ctx, t, d.Kind); err != nil {
		return reopened(err, "sure")
	}
	if err := checkTimes(t, d); err != nil {
		return err
	}
	if err := replace(ctx, t, d); err != nil {
		return err
	}
	plan, w, err := planAlarm(ctx, t, d)
	if err != nil {
		return err
	}
	if len(plan.Tell)+len(plan.Later) == 0 {
		return bot.Refuse("alert.nobody").Reopen("areas")
	}
	if err := pictureReady(ctx, t, &d); err != nil {
		return reopened(err, "photos")
	}
	a := drafted(t, d)
	if why := a.NeedsSecond(plan, w); len(why) > 0 {
		return holdBack(ctx, t, a, plan, why)
	}
	if !a.Planned.IsZero() {
		return planAlert(ctx, t, a)
	}
	if a, err = createAlert(ctx, t, a); err != nil {
		return err
	}
	if err := launch(ctx, t, a, plan); err != nil {
		return err
	}
	if err := t.Audit(ctx, "alert.sent", bot.About(alertKind, a.ID), tallied(plan)+d.Words.kept()); err != nil {
		return err
	}
	if err := showAlert(ctx, t, a, t.Chat.ID); err != nil {
		return err
	}
	return tellCase(ctx, t, a)
}

// checkTimes refuses what would go or end at a time that has passed, or too far away.
func checkTimes(t *bot.Turn, d alarm) error {
	if !d.Planned.IsZero() {
		if err := checkPlanned(t, d.Planned); err != nil {
			return reopened(err, "planned")
		}
	}
	return reopened(checkHold(then(t, d.Planned), d.Until), "until")
}

// launch tells everybody in the plan, and minds when the alert is over and when its outcome is owed: the next working day
// (domain §1.1), however long it holds.
func launch(ctx context.Context, t *bot.Turn, a civic.Alert, plan civic.Plan) error {
	out := broadcasting{alert: a, plan: plan, nth: 1, spoken: spoken{Notice: civic.NoticeAlarm}}
	if err := out.send(ctx, t); err != nil {
		return err
	}
	if err := tellCoordinators(ctx, t, a, plan); err != nil {
		return err
	}
	ref := alertRef(a)
	if a.KeptWhy != "" {
		if err := t.Wake(ctx, keptTimer, ref, a.KeptUntil); err != nil {
			return err
		}
	}
	if err := t.WakeIn(ctx, neutralTimer, ref, describedFor); err != nil {
		return err
	}
	if a.OwesOutcome() {
		if err := t.Wake(ctx, owedTimer, ref, workMorning(t)); err != nil {
			return err
		}
	}
	return t.Wake(ctx, expiryTimer, ref, a.Until)
}

// reopened asks a step again after a refusal; other errors stay as they are.
func reopened(err error, step string) error {
	if refusal, ok := errors.AsType[*bot.Refusal](err); ok {
		return refusal.Reopen(step)
	}
	return err
}

// mayAim refuses areas that the person may not send to any more.
func mayAim(ctx context.Context, t *bot.Turn, d alarm) error {
	for _, id := range d.Areas {
		area, err := t.Tx.Area(ctx, id)
		if err != nil {
			return fmt.Errorf("area %d of an alert: %w", id, err)
		}
		if !mayReach(t, d.Kind, area.Scope()) {
			return bot.Refuse("refused." + string(d.Kind.Needs()))
		}
	}
	return nil
}

// createAlert stores an alert; should its reference have been taken since it was chosen, it gets another.
func createAlert(ctx context.Context, t *bot.Turn, a civic.Alert) (civic.Alert, error) {
	err := t.Tx.CreateAlert(ctx, &a)
	if errors.Is(err, bot.ErrConflict) {
		if a.Ref, err = freeAlertRef(ctx, t); err != nil {
			return a, err
		}
		err = t.Tx.CreateAlert(ctx, &a)
	}
	if err != nil {
		return a, fmt.Errorf("alert %s: %w", a.Ref, err)
	}
	return a, nil
}

// tallied sums a plan up for the audit trail.
func tallied(p civic.Plan) string {
	return fmt.Sprintf("told %d, later %d, skipped %d", len(p.Tell), len(p.Later), len(p.Skip))
}

// showAlert puts the card of an alert into the issuer's private chat and the room of their colleagues: the police's, or the
// coordinators'. The issuer follows one that went to several networks in one card.
func showAlert(ctx context.Context, t *bot.Turn, a civic.Alert, chat int64) error {
	about := bot.About(alertKind, a.ID)
	main, with, err := shownIn(ctx, t, a, chat)
	switch {
	case err != nil:
		return err
	case with:
		err = errors.Join(t.Show(ctx, chat, bot.About(alertKind, main.ID)),
			t.Say(ctx, "alert.twin.shown", "ref", a.Ref, "other", main.Ref))
	default:
		err = t.Show(ctx, chat, about)
	}
	if err != nil {
		return err
	}
	kind := civic.RoomPolice
	if a.Sender != civic.Police {
		kind = civic.RoomCoordinators
	}
	room, err := t.Tx.Room(ctx, t.Network.ID, kind)
	if err != nil {
		return fmt.Errorf("room for alert %s: %w", a.Ref, err)
	}
	if room == 0 {
		return nil
	}
	return t.Show(ctx, room, about)
}

// tellCase lets those who have to do with the case of an alert know: its card follows, and its reporters are told.
func tellCase(ctx context.Context, t *bot.Turn, a civic.Alert) error {
	if a.Case == 0 {
		return nil
	}
	c, err := mergedCase(ctx, t, a.Case)
	if err != nil {
		return fmt.Errorf("case of alert %s: %w", a.Ref, err)
	}
	if err := t.Refresh(ctx, bot.About(caseKind, c.ID)); err != nil {
		return err
	}
	return tellReporters(ctx, t, c, "alert.reporter")
}
