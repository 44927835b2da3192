package flows

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// judged is the alert on whose request was pressed, if the person may decide about it now; a press that waited may be too late.
func judged(ctx context.Context, t *bot.Turn, r bot.Ref) (civic.Alert, error) {
	a, err := alertOf(ctx, t, r.ID)
	switch {
	case err != nil:
		return a, err
	case a.Status != civic.AlertChecked, !t.Late().Before(a.Issued.Add(secondTime)):
		return a, bot.Refuse("alert.second.late", "ref", a.Ref)
	case t.Actor.ID == a.Issuer:
		return a, bot.Refuse("alert.second.self")
	}
	return a, nil
}

// approveAlert sends an alert that a second officer approves. What is not exactly what was asked is asked anew, and so is what
// was asked once more since: an older request shows what is not true any more. In the name of somebody who is no officer any
// more nothing goes.
func approveAlert(ctx context.Context, t *bot.Turn, r bot.Ref) error {
	a, err := judged(ctx, t, r)
	if err != nil {
		return err
	}
	may, err := stillMay(ctx, t, a)
	if err != nil {
		return err
	}
	if !may {
		if err := t.Answer(ctx, "alert.second.role", "ref", a.Ref); err != nil {
			return err
		}
		return dropAlert(ctx, t, a, mayNoMoreKey)
	}
	if c, gone, err := goneCase(ctx, t, a); err != nil || gone {
		return refuseGone(ctx, t, a, c, err)
	}
	plan, _, err := planOf(ctx, t, a)
	if err != nil {
		return err
	}
	seal, err := sealOf(ctx, t, a, plan)
	if err != nil {
		return err
	}
	if seal != a.Seal || r.Version != a.Version {
		return askAnew(ctx, t, a, seal)
	}
	if err := refuseHalted(ctx, t, a.Kind); err != nil {
		return err
	}
	a.Second = t.Actor.ID
	if err := t.Answer(ctx, "alert.second.approved", "ref", a.Ref); err != nil {
		return err
	}
	if err := tellIssuer(ctx, t, a, "alert.second.yes", "name", t.Actor.Name); err != nil {
		return err
	}
	return sendHeld(ctx, t, a, plan, "alert.approved")
}

// askAnew shows again what is to be approved: to everybody when it changed just now, and otherwise to who pressed on an older
// request.
func askAnew(ctx context.Context, t *bot.Turn, a civic.Alert, seal string) error {
	if err := t.Answer(ctx, "alert.second.changed", "ref", a.Ref); err != nil {
		return err
	}
	if seal == a.Seal {
		write, err := secondRequest(ctx, t, a)
		if err != nil {
			return err
		}
		_, err = t.TellFor(ctx, t.Actor.ID, policeOf(a), bot.LaneUrgent, write)
		return err
	}
	a.Seal = seal
	if err := saveAlert(ctx, t, &a, "alert.second.changed", ""); err != nil {
		return err
	}
	_, err := requestSecond(ctx, t, a)
	return err
}

// refuseGone drops an alert whose report was withdrawn; the officer who would approve it reads why.
func refuseGone(ctx context.Context, t *bot.Turn, a civic.Alert, c civic.Case, err error) error {
	if err != nil {
		return err
	}
	if err := t.Answer(ctx, "alert.frozen.gone", "ref", c.Ref); err != nil {
		return err
	}
	return dropAlert(ctx, t, a, "alert.frozen.gone", "ref", c.Ref)
}

// stillMay reports whether the issuer of an alert still has the role in which it is sent.
func stillMay(ctx context.Context, t *bot.Turn, a civic.Alert) (bool, error) {
	issuer, err := t.Tx.Member(ctx, a.Issuer)
	if errors.Is(err, bot.ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("issuer of alert %s: %w", a.Ref, err)
	}
	return issuer.Holds(a.Sender, a.Scope(), t.Late()), nil
}

// rejectAlert drops an alert that a second officer does not approve.
func rejectAlert(ctx context.Context, t *bot.Turn, r bot.Ref) error {
	a, err := judged(ctx, t, r)
	if err != nil {
		return err
	}
	a.Second = t.Actor.ID
	if err := t.Answer(ctx, "alert.second.rejected", "ref", a.Ref); err != nil {
		return err
	}
	return dropAlert(ctx, t, a, "alert.second.no", "name", t.Actor.Name)
}

// dropAlert ends an alert that never went, and tells its issuer why.
func dropAlert(ctx context.Context, t *bot.Turn, a civic.Alert, key string, args ...any) error {
	a.Status = civic.AlertRetracted
	if err := saveAlert(ctx, t, &a, "alert.dropped", key); err != nil {
		return err
	}
	if err := stopTimers(ctx, t, a); err != nil {
		return err
	}
	if err := tellIssuer(ctx, t, a, key, args...); err != nil {
		return err
	}
	return showAnew(ctx, t, a)
}

// queueHeld lets what was approved wait for its time.
func queueHeld(ctx context.Context, t *bot.Turn, a civic.Alert, action string) error {
	a.Status = civic.AlertQueued
	if err := saveAlert(ctx, t, &a, action, ""); err != nil {
		return err
	}
	if err := t.Tx.Sleep(ctx, secondTimer, strconv.FormatInt(a.ID, 10)); err != nil {
		return fmt.Errorf("alert %s: %w", a.Ref, err)
	}
	return queueAlert(ctx, t, a)
}

// sendHeld sends an alert that was kept back.
func sendHeld(ctx context.Context, t *bot.Turn, a civic.Alert, plan civic.Plan, action string) error {
	if a.Planned.After(t.Now) && a.Status == civic.AlertChecked {
		return queueHeld(ctx, t, a, action)
	}
	a.Status = civic.AlertActive
	if err := saveAlert(ctx, t, &a, action, tallied(plan)); err != nil {
		return err
	}
	if err := t.Tx.Sleep(ctx, secondTimer, strconv.FormatInt(a.ID, 10)); err != nil {
		return fmt.Errorf("alert %s: %w", a.Ref, err)
	}
	if err := launch(ctx, t, a, plan); err != nil {
		return err
	}
	if err := showAnew(ctx, t, a); err != nil {
		return err
	}
	return tellCase(ctx, t, a)
}
