package flows

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// The timers of alerts; the reference is the alert's number. A courier sets the timer "alert" when it knows what became
// of a letter.
const (
	expiryTimer = "alert.expiry" // the alert does not hold any longer
	owedTimer   = "alert.owed"   // the morning of the next working day, and then every morning
)

// owedHour is when the issuer is reminded that streets still wait to hear how it ended.
const owedHour = 9

// refreshAlert brings the cards of an alert up to date with what became of its letters.
func refreshAlert(ctx context.Context, t *bot.Turn, ref string) error {
	if err := keepPinned(ctx, t, ref); err != nil {
		return err
	}
	a, t, err := ringing(ctx, t, ref)
	if err != nil || a.ID == 0 {
		return err
	}
	return showAnew(ctx, t, a)
}

// expireAlert ends an alert whose time is over; the outcome is still owed.
func expireAlert(ctx context.Context, t *bot.Turn, ref string) error {
	a, t, err := ringing(ctx, t, ref)
	if err != nil || !a.Status.May(civic.AlertExpired) {
		return err
	}
	a.Status = civic.AlertExpired
	if err := t.Tx.SaveAlert(ctx, &a); err != nil {
		return fmt.Errorf("alert %s: %w", a.Ref, err)
	}
	if err := t.Unpin(ctx, noticeOf(a.ID, 0)); err != nil {
		return err
	}
	about := bot.About(alertKind, a.ID)
	if err := t.Audit(ctx, "alert.expired", about, ""); err != nil {
		return err
	}
	if err := showAnew(ctx, t, a); err != nil {
		return err
	}
	if err := askExpired(ctx, t, a); err != nil {
		return err
	}
	if !a.Owes() {
		return nil
	}
	if err := t.Wake(ctx, owedTimer, ref, workMorning(t)); err != nil {
		return err
	}
	return remindOutcome(ctx, t, a, "alert.expired")
}

// workMorning is the next time that people may be asked for what they owe, on a day on which people work in the network's
// country.
func workMorning(t *bot.Turn) time.Time {
	at := t.Morning(owedHour)
	for !t.Profile().Working(at.In(zone(t))) {
		at = at.AddDate(0, 0, 1)
	}
	return at
}

// outcomeOwed reminds that the outcome of an alert is not told yet: on the next working day, also while the alert still holds,
// and every morning until it is. Who hears this very minute that it is over is not asked twice.
func outcomeOwed(ctx context.Context, t *bot.Turn, ref string) error {
	a, t, err := ringing(ctx, t, ref)
	if owes := a.Owes() || holds(t, a) && a.OwesOutcome(); err != nil || !owes {
		return err
	}
	if err := t.Wake(ctx, owedTimer, ref, t.Morning(owedHour)); err != nil {
		return err
	}
	if a.Owes() && t.Now.Sub(a.Until) < time.Minute {
		return nil
	}
	return remindOutcome(ctx, t, a, "alert.owed")
}

// ringing is the alert of a timer, and the turn in its network. An alert that is gone is the zero alert.
func ringing(ctx context.Context, t *bot.Turn, ref string) (civic.Alert, *bot.Turn, error) {
	a, err := alertOf(ctx, t, ref)
	if errors.Is(err, bot.ErrNotFound) {
		return civic.Alert{}, t, nil
	}
	if err != nil {
		return a, t, err
	}
	there, err := inNetwork(ctx, t, a.Network)
	return a, there, err
}

// owedMornings is how often the issuer alone is reminded of an outcome, before all police are.
const owedMornings = 3

// remindOutcome asks for the outcome: the issuer, or, when they are not police any more, cannot be reached, are away or did not
// answer for some mornings, all police who are there. Those hear whose alert it is.
func remindOutcome(ctx context.Context, t *bot.Turn, a civic.Alert, key string) error {
	police, err := minders(ctx, t, a)
	issued := *t
	issued.Now = a.Issued
	if err == nil && !t.Now.Before(workMorning(&issued).AddDate(0, 0, owedMornings)) {
		if police, err = t.Tx.Holders(ctx, civic.Police, a.Scope(), t.Now); err == nil {
			police, err = present(ctx, t, police)
		}
	}
	if err != nil {
		return fmt.Errorf("who is reminded of alert %s: %w", a.Ref, err)
	}
	away, err := t.Tx.Absence(ctx, a.Issuer)
	if err != nil {
		return fmt.Errorf("absence of who issued %s: %w", a.Ref, err)
	}
	name, err := officer(ctx, t, networkLang(t), a.Issuer)
	if err != nil {
		return err
	}
	for _, person := range police {
		_, err := t.TellFor(ctx, person, policeOf(a), bot.LaneRoutine, func(lang string) bot.Message {
			text := t.In(lang, key, "ref", a.Ref, "until", moment(t, lang, a.Until))
			if away.At(t.Now) && person != a.Issuer {
				text += " " + t.In(lang, "alert.owed.away", "name", name)
			}
			return bot.Message{
				Text:  text,
				About: bot.About(alertKind, a.ID), Version: a.Version,
				Rows: bot.Rows(bot.Choice{Key: "outcome", Label: t.In(lang, "alert.button.outcome")}),
			}
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// stopTimers stops the timers of an alert that is ended.
func stopTimers(ctx context.Context, t *bot.Turn, a civic.Alert) error {
	for _, kind := range []string{expiryTimer, owedTimer, secondTimer, neutralTimer, plannedTimer, doubtTimer, keptTimer} {
		if err := t.Tx.Sleep(ctx, kind, strconv.FormatInt(a.ID, 10)); err != nil {
			return fmt.Errorf("alert %s: %w", a.Ref, err)
		}
	}
	return nil
}
