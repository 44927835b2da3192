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
		told, err := wasTold(ctx, t.Tx, a)
		if err != nil {
			return err
		}
		if !told {
			continue
		}
		key := "alert.case"
		if a.Status == civic.AlertOutcome || a.Status == civic.AlertRetracted {
			key = "alert.case.ended"
		}
		f.state = append(f.state, t.In(f.lang, key, "ref", a.Ref, "time", moment(t, f.lang, a.Issued)))
	}
	return nil
}

// wasTold reports whether streets were told of an alert. One that was taken back may have been out before, or may never have
// gone: the ledger knows.
func wasTold(ctx context.Context, tx bot.Tx, a civic.Alert) (bool, error) {
	if a.Status != civic.AlertRetracted {
		return !unsent(a), nil
	}
	told, err := tx.Deliveries(ctx, a.ID, civic.NoticeAlarm, 1)
	if err != nil {
		return false, fmt.Errorf("deliveries of alert %s: %w", a.Ref, err)
	}
	return len(told) > 0, nil
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

// worldOf is what decides who hears of an alert of the network now, and who must look along; one without a number is not stored
// yet.
func worldOf(ctx context.Context, tx bot.Tx, n civic.Network, a civic.Alert, now time.Time) (civic.World, error) {
	w, err := tx.World(ctx, n.ID, a.ID)
	if err != nil {
		return w, fmt.Errorf("who hears of alert %d: %w", a.ID, err)
	}
	w.Now, w.Zone = now, n.Zone
	w.Elsewhere, err = saidElsewhere(ctx, tx, a, now)
	return w, err
}

// saidElsewhere reports whether the issuer of an alert said the same in another network lately. Of that network nothing else is
// told.
func saidElsewhere(ctx context.Context, tx bot.Tx, a civic.Alert, now time.Time) (bool, error) {
	networks, err := tx.Networks(ctx)
	if err != nil {
		return false, fmt.Errorf("networks beside that of alert %d: %w", a.ID, err)
	}
	for _, other := range networks {
		if other.ID == a.Network {
			continue
		}
		issued, err := tx.AlertsIssued(ctx, other.ID, now.Add(-civic.SameWindow), now.Add(time.Millisecond))
		if err != nil {
			return false, fmt.Errorf("messages of another network: %w", err)
		}
		if a.SameElsewhere(issued) {
			return true, nil
		}
	}
	return false, nil
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
	w, err := worldOf(ctx, tx, n, a, now)
	if err != nil {
		return a, civic.Plan{}, w, err
	}
	return a, civic.NewPlan(a, civic.NoticeAlarm, w), w, nil
}
