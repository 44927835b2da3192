package flows

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// alertOf loads an alert by its number as it stands in "alert/3".
func alertOf(ctx context.Context, t *bot.Turn, id string) (civic.Alert, error) {
	n, err := strconv.ParseInt(id, 10, 64)
	if err != nil {
		return civic.Alert{}, fmt.Errorf("alert %q: %w", id, bot.ErrNotFound)
	}
	return t.Tx.Alert(ctx, n)
}

// onAlert finds what an action on an alert needs to know of it.
func onAlert(ctx context.Context, t *bot.Turn, r bot.Ref) (bot.Thing, error) {
	a, err := alertOf(ctx, t, r.ID)
	if err != nil {
		return bot.Thing{}, err
	}
	return bot.Thing{Scope: a.Scope(), Version: a.Version}, nil
}

// followUp opens a form about the alert on whose card was pressed.
func followUp(form string) func(ctx context.Context, t *bot.Turn, r bot.Ref) error {
	return func(ctx context.Context, t *bot.Turn, r bot.Ref) error {
		a, err := alertOf(ctx, t, r.ID)
		if err != nil {
			return err
		}
		return t.Begin(ctx, form, bot.Input{Args: a.Ref})
	}
}

// alertByRef finds an alert of the turn's network by its reference as people type it.
func alertByRef(ctx context.Context, t *bot.Turn, typed string) (civic.Alert, error) {
	unknown := bot.Refuse("alert.unknown_ref", "ref", civic.Clean(typed, 40))
	ref, ok := civic.ParseRef(typed)
	if !ok {
		return civic.Alert{}, unknown
	}
	a, err := t.Tx.AlertByRef(ctx, ref)
	if errors.Is(err, bot.ErrNotFound) || err == nil && a.Network != t.Network.ID {
		return civic.Alert{}, unknown
	}
	return a, err
}

// freeAlertRef makes a reference that no alert has.
func freeAlertRef(ctx context.Context, t *bot.Turn) (string, error) {
	const tries = 20 // there are a million references
	for range tries {
		ref, err := t.Ref(alertPrefix)
		if err != nil {
			return "", err
		}
		_, err = t.Tx.AlertByRef(ctx, ref)
		if errors.Is(err, bot.ErrNotFound) {
			return ref, nil
		}
		if err != nil {
			return "", fmt.Errorf("alert %s: %w", ref, err)
		}
	}
	return "", errors.New("alert: no free reference")
}

// othersOf lists the alerts about a case whose outcome is not told yet, newest first.
func othersOf(ctx context.Context, t *bot.Turn, caseID int64) ([]civic.Alert, error) {
	if caseID == 0 {
		return nil, nil
	}
	all, err := t.Tx.AlertsAbout(ctx, caseID)
	if err != nil {
		return nil, fmt.Errorf("others: %w", err)
	}
	return slices.DeleteFunc(all, func(a civic.Alert) bool { return !a.Status.May(civic.AlertOutcome) }), nil
}

// alerts adds what streets were told about the case.
func (f *facts) alerts(ctx context.Context, t *bot.Turn, c civic.Case) error {
	all, err := t.Tx.AlertsAbout(ctx, c.ID)
	if err != nil {
		return err
	}
	for _, a := range slices.Backward(all) {
		if a.Status == civic.AlertChecked || a.Seal != "" && a.Status == civic.AlertRetracted {
			continue // streets were told nothing
		}
		key := "alert.case"
		if a.Status == civic.AlertOutcome || a.Status == civic.AlertRetracted {
			key = "alert.case.ended"
		}
		f.state = append(f.state, t.In(f.lang, key, "ref", a.Ref, "time", moment(t, f.lang, a.Issued)))
	}
	return nil
}

// officer names who issued an alert, to colleagues.
func officer(ctx context.Context, t *bot.Turn, lang string, person int64) (string, error) {
	m, err := t.Tx.Member(ctx, person)
	if err != nil && !errors.Is(err, bot.ErrNotFound) {
		return "", fmt.Errorf("officer %d: %w", person, err)
	}
	if m.Name == "" {
		return t.In(lang, "alert.colleague"), nil
	}
	return m.Name, nil
}

// inNetwork is the turn as it would be in another network, whose names, clock and country then hold.
func inNetwork(ctx context.Context, t *bot.Turn, id civic.AreaID) (*bot.Turn, error) {
	if t.Network.ID == id {
		return t, nil
	}
	there := *t
	return &there, there.Settle(ctx, id)
}

func networkOf(ctx context.Context, tx bot.Tx, id civic.AreaID) (civic.Network, error) {
	all, err := tx.Networks(ctx)
	if err != nil {
		return civic.Network{}, fmt.Errorf("network %d: %w", id, err)
	}
	for _, n := range all {
		if n.ID == id {
			return n, nil
		}
	}
	return civic.Network{}, fmt.Errorf("network %d: %w", id, bot.ErrNotFound)
}

// worldOf is what decides who hears of an alert of the network now; alert 0 is one that is not sent yet.
func worldOf(ctx context.Context, tx bot.Tx, n civic.Network, alert int64, now time.Time) (civic.World, error) {
	w, err := tx.World(ctx, n.ID, alert)
	if err != nil {
		return w, fmt.Errorf("who hears of alert %d: %w", alert, err)
	}
	w.Now, w.Zone = now, n.Zone
	return w, nil
}

// Planned is who would hear of an alert, and what its sender is told besides.
type Planned struct {
	Alert  civic.Alert
	Plan   civic.Plan
	World  civic.World
	Dose   civic.Dose
	Second []civic.SecondReason
}

// PlanAlert tells what [PlanOf] tells, how many messages the streets get this week, and why a second officer is needed.
func PlanAlert(ctx context.Context, tx bot.Tx, ref string, now time.Time) (Planned, error) {
	a, plan, w, err := PlanOf(ctx, tx, ref, now)
	if err != nil {
		return Planned{}, err
	}
	dose, err := doseOf(ctx, tx, a, w)
	return Planned{Alert: a, Plan: plan, World: w, Dose: dose, Second: a.NeedsSecond(plan, w)}, err
}

// PlanOf tells who would hear of an alert, given by its reference as people type it, if it were sent at now: the alert,
// the plan and the snapshot on which it was made. The error wraps [bot.ErrNotFound] when there is no such alert.
func PlanOf(ctx context.Context, tx bot.Tx, ref string, now time.Time) (civic.Alert, civic.Plan, civic.World, error) {
	parsed, ok := civic.ParseRef(ref)
	if !ok {
		return civic.Alert{}, civic.Plan{}, civic.World{}, fmt.Errorf("alert %q: %w", ref, bot.ErrNotFound)
	}
	a, err := tx.AlertByRef(ctx, parsed)
	if err != nil {
		return a, civic.Plan{}, civic.World{}, fmt.Errorf("alert %s: %w", parsed, err)
	}
	n, err := networkOf(ctx, tx, a.Network)
	if err != nil {
		return a, civic.Plan{}, civic.World{}, err
	}
	w, err := worldOf(ctx, tx, n, a.ID, now)
	if err != nil {
		return a, civic.Plan{}, w, err
	}
	return a, civic.NewPlan(a, civic.NoticeAlarm, w), w, nil
}
