package flows

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// plannedTimer lets information go that was planned; the reference is the alert's number.
const plannedTimer = "alert.planned"

const (
	plannedAhead = 14 * 24 * time.Hour // the farthest that information can be planned
	plannedLate  = 15 * time.Minute    // after which nobody expects it any more, and its issuer is asked
	plannedHold  = 24 * time.Hour      // how long it holds unless its issuer says otherwise
)

// The choices of the question when information is to go.
const (
	plannedNow      = "now"
	plannedEvening  = "evening"
	plannedTomorrow = "tomorrow"
)

// The hours of the two choices that name one.
const (
	plannedEveningHour  = 19
	plannedTomorrowHour = 9
)

// replanChoice begins what the form of information is told about the planned one that it changes.
const replanChoice = "replan:"

// planning asks when information is to go. It is not asked by itself: who looks the message over can choose it there.
type planning struct{}

// Name implements [bot.Step].
func (planning) Name() string { return "planned" }

// Optional implements [bot.Step].
func (planning) Optional() bool { return false }

// Applies implements [bot.Step].
func (planning) Applies(a *alarm) bool { return a.Kind == civic.InfoAlert }

// Wants implements [bot.Step].
func (planning) Wants(in bot.Input) bool { return in.Choice != "" || in.Text != "" }

// Clear implements [bot.Step].
func (planning) Clear(a *alarm) { a.Planned = time.Time{} }

// Keys implements [bot.Step].
func (planning) Keys(string) []string { return []string{"alert.planned.ask"} }

// Ask implements [bot.Step].
func (planning) Ask(_ context.Context, t *bot.Turn, _ string, _ alarm) (bot.Message, error) {
	return bot.Message{Text: t.T("alert.planned.ask"), Rows: bot.Rows(plannedChoices(t)...)}, nil
}

func plannedChoices(t *bot.Turn) []bot.Choice {
	choices := []bot.Choice{{Key: plannedNow, Label: t.T("alert.planned.now")}}
	if evening := onClock(t, 0, plannedEveningHour); evening.After(t.Now.Add(time.Hour)) {
		label := t.T("alert.planned.evening", "time", raw(clock(t, t.Lang(), evening)))
		choices = append(choices, bot.Choice{Key: plannedEvening, Label: label})
	}
	label := t.T("alert.planned.tomorrow", "time", raw(clock(t, t.Lang(), onClock(t, 1, plannedTomorrowHour))))
	return append(choices, bot.Choice{Key: plannedTomorrow, Label: label})
}

// Take takes one of the buttons, or a day and a time.
func (planning) Take(_ context.Context, t *bot.Turn, in bot.Input, a *alarm) error {
	if in.Media != nil {
		return bot.Refuse("media." + string(in.Media.Kind))
	}
	key := in.Choice
	choices := plannedChoices(t)
	if n, err := strconv.Atoi(strings.TrimSpace(in.Text)); err == nil && n >= 1 && n <= len(choices) {
		key = choices[n-1].Key
	}
	var at time.Time
	switch key {
	case plannedNow:
		a.Planned = time.Time{}
		return nil
	case plannedEvening:
		at = onClock(t, 0, plannedEveningHour)
	case plannedTomorrow:
		at = onClock(t, 1, plannedTomorrowHour)
	default:
		typed, ok := parseDay(weekdaysOf(t), untilWordsOf(t), in.Text, t.Now.In(zone(t)))
		if !ok {
			return bot.Refuse("alert.planned.unclear")
		}
		at = typed
	}
	if err := checkPlanned(t, at); err != nil {
		return err
	}
	a.Planned = at
	if a.Until.Before(at.Add(shortestAlert)) || a.Until.After(at.Add(longestHold)) {
		a.Until = at.Add(plannedHold)
	}
	return nil
}

// checkPlanned refuses a time that has passed or is too far away.
func checkPlanned(t *bot.Turn, at time.Time) error {
	switch {
	case !at.After(t.Now):
		return bot.Refuse("alert.planned.past", "time", moment(t, t.Lang(), at))
	case at.After(t.Now.Add(plannedAhead)):
		return bot.Refuse("alert.planned.far", "days", int(plannedAhead/day24))
	}
	return nil
}

// then is the turn as it will be when what is planned goes; now, when nothing is planned or its time has come.
func then(t *bot.Turn, planned time.Time) *bot.Turn {
	if !planned.After(t.Now) {
		return t
	}
	there := *t
	there.Now = planned
	return &there
}

// planAlert keeps information until its time; nothing of it is sent before.
func planAlert(ctx context.Context, t *bot.Turn, a civic.Alert) error {
	a.Status = civic.AlertQueued
	a, err := createAlert(ctx, t, a)
	if err != nil {
		return err
	}
	if err := queueAlert(ctx, t, a); err != nil {
		return err
	}
	return t.Say(ctx, "alert.planned.done", "ref", a.Ref, "time", moment(t, t.Lang(), a.Planned))
}

// queueAlert minds the time of what is planned, and shows it to those who may still change it.
func queueAlert(ctx context.Context, t *bot.Turn, a civic.Alert) error {
	about := bot.About(alertKind, a.ID)
	if err := t.Audit(ctx, "alert.planned", about, a.Planned.UTC().Format(time.RFC3339)); err != nil {
		return err
	}
	if err := t.Wake(ctx, plannedTimer, strconv.FormatInt(a.ID, 10), a.Planned); err != nil {
		return err
	}
	return showAlert(ctx, t, a, t.Chat.ID)
}

// sendPlanned sends what was planned for now. What is late, because the program was down, is never sent without a word: its
// issuer is asked. So is nobody who may not send it any more.
func sendPlanned(ctx context.Context, t *bot.Turn, ref string) error {
	a, t, err := ringing(ctx, t, ref)
	if err != nil || a.Status != civic.AlertQueued {
		return err
	}
	may, err := stillMay(ctx, t, a)
	if err != nil {
		return err
	}
	halts, err := halted(ctx, t, a.Kind)
	switch {
	case err != nil:
		return err
	case !may:
		return dropAlert(ctx, t, a, mayNoMoreKey)
	case halts:
		return askPlanned(ctx, t, a, "alert.halted", func(lang string) string {
			return t.In(lang, "leak.halted.planned", "ref", a.Ref)
		})
	case t.Now.Sub(a.Planned) > plannedLate:
		return askLate(ctx, t, a)
	}
	return goPlanned(ctx, t, a)
}

// goPlanned sends what was planned; what needs a second officer and is not exactly what was approved is asked anew.
func goPlanned(ctx context.Context, t *bot.Turn, a civic.Alert) error {
	plan, w, err := planOf(ctx, t, a)
	if err != nil {
		return err
	}
	if len(plan.Tell)+len(plan.Later) == 0 {
		return dropAlert(ctx, t, a, "alert.planned.nobody")
	}
	if len(a.NeedsSecond(plan, w)) > 0 {
		seal, err := sealOf(ctx, t, a, plan)
		if err != nil {
			return err
		}
		if a.Second == 0 || seal != a.Seal {
			return holdPlanned(ctx, t, a, seal)
		}
	}
	a.Issued = t.Now
	return sendHeld(ctx, t, a, plan, "alert.sent")
}

// holdPlanned asks a second officer about what was planned and is due.
func holdPlanned(ctx context.Context, t *bot.Turn, a civic.Alert, seal string) error {
	a.Status, a.Seal, a.Second, a.Planned, a.Issued = civic.AlertChecked, seal, 0, time.Time{}, t.Now
	if err := saveAlert(ctx, t, &a, "alert.second.asked", ""); err != nil {
		return err
	}
	asked, err := requestSecond(ctx, t, a)
	if err != nil {
		return err
	}
	wait := secondTime
	if asked == 0 {
		wait = 0
	}
	if err := t.WakeIn(ctx, secondTimer, strconv.FormatInt(a.ID, 10), wait); err != nil {
		return err
	}
	return showAnew(ctx, t, a)
}

// askLate asks the issuer what is to become of a message whose time has passed.
func askLate(ctx context.Context, t *bot.Turn, a civic.Alert) error {
	return askPlanned(ctx, t, a, "alert.late", func(lang string) string {
		return t.In(lang, "alert.planned.late", "ref", a.Ref, "time", moment(t, lang, a.Planned))
	})
}

// askPlanned asks the issuer what is to become of a message that was not sent at its time, and notes why it was not.
func askPlanned(ctx context.Context, t *bot.Turn, a civic.Alert, why string, ask func(lang string) string) error {
	if err := t.Audit(ctx, why, bot.About(alertKind, a.ID), ""); err != nil {
		return err
	}
	_, err := t.TellFor(ctx, a.Issuer, mindersOf(a), bot.LaneRoutine, func(lang string) bot.Message {
		return bot.Message{
			Text: ask(lang), About: bot.About(alertKind, a.ID), Version: a.Version, Rows: bot.Rows(plannedDeeds(t, lang)...),
		}
	})
	return err
}

// plannedDeeds are what can be done about a message that waits for its time.
func plannedDeeds(t *bot.Turn, lang string) []bot.Choice {
	return []bot.Choice{
		{Key: "go", Label: t.In(lang, "alert.button.go")},
		{Key: "replan", Label: t.In(lang, "alert.button.replan")},
		{Key: "drop", Label: t.In(lang, "alert.button.drop")},
	}
}

// waiting is the planned alert on whose card was pressed, if the person may still decide about it.
func waiting(ctx context.Context, t *bot.Turn, r bot.Ref) (civic.Alert, error) {
	a, err := alertOf(ctx, t, r.ID)
	switch {
	case err != nil:
		return a, err
	case !speaksFor(t, a):
		return a, bot.Refuse("alert.info.others", "ref", a.Ref)
	case a.Status != civic.AlertQueued:
		return a, bot.Refuse("alert.planned.gone", "ref", a.Ref)
	}
	return a, nil
}

// sendWaiting sends what was planned at once.
func sendWaiting(ctx context.Context, t *bot.Turn, r bot.Ref) error {
	a, err := waiting(ctx, t, r)
	if err != nil {
		return err
	}
	if !a.Until.After(t.Now.Add(shortestAlert)) {
		return bot.Refuse("alert.planned.over", "ref", a.Ref)
	}
	if err := refuseHalted(ctx, t, a.Kind); err != nil {
		return err
	}
	if err := t.Tx.Sleep(ctx, plannedTimer, r.ID); err != nil {
		return fmt.Errorf("alert %s: %w", a.Ref, err)
	}
	if err := t.Answer(ctx, "alert.planned.going", "ref", a.Ref); err != nil {
		return err
	}
	a.Planned = t.Now
	return goPlanned(ctx, t, a)
}

// dropWaiting gives up what was planned; nobody was told anything.
func dropWaiting(ctx context.Context, t *bot.Turn, r bot.Ref) error {
	a, err := waiting(ctx, t, r)
	if err != nil {
		return err
	}
	if err := t.Answer(ctx, "alert.planned.dropped", "ref", a.Ref); err != nil {
		return err
	}
	return giveUp(ctx, t, a, "planned")
}

// giveUp ends an alert that never went; why stands in the audit trail.
func giveUp(ctx context.Context, t *bot.Turn, a civic.Alert, why string) error {
	a.Status = civic.AlertRetracted
	if err := saveAlert(ctx, t, &a, "alert.dropped", why); err != nil {
		return err
	}
	if err := stopTimers(ctx, t, a); err != nil {
		return err
	}
	return showAnew(ctx, t, a)
}

// replanWaiting lets a person change what was planned; it stays as it is until the change is confirmed.
func replanWaiting(ctx context.Context, t *bot.Turn, r bot.Ref) error {
	a, err := waiting(ctx, t, r)
	if err != nil {
		return err
	}
	return t.Begin(ctx, informForm, bot.Input{Choice: replanChoice + strconv.FormatInt(a.ID, 10)})
}

// replanned is what was planned, as the form of information; everything in it is answered.
func replanned(ctx context.Context, t *bot.Turn, id string) (alarm, []string, error) {
	old, err := waiting(ctx, t, bot.Ref{ID: id})
	if err != nil {
		return alarm{}, nil, err
	}
	a := alarm{Kind: old.Kind, Areas: old.Areas, Planned: old.Planned, Until: old.Until, Replaces: old.ID}
	if !a.Planned.After(t.Now) {
		a.Planned = time.Time{}
	}
	a.Words.accept(old.Text)
	if a.Ref, err = freeAlertRef(ctx, t); err != nil {
		return a, nil, err
	}
	return a, []string{"text", "areas", "until", "planned", "photos"}, nil
}

// replace gives up the planned message that another takes the place of.
func replace(ctx context.Context, t *bot.Turn, d alarm) error {
	if d.Replaces == 0 {
		return nil
	}
	a, err := waiting(ctx, t, bot.Ref{ID: strconv.FormatInt(d.Replaces, 10)})
	if err != nil {
		return err
	}
	return giveUp(ctx, t, a, "planned")
}
