package flows

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// failedOnes lists where an alert did not arrive.
func failedOnes(ctx context.Context, t *bot.Turn, a civic.Alert) ([]civic.Delivery, error) {
	return lostOf(ctx, t, a, civic.NoticeAlarm, 1)
}

// lostOf lists where a notice of an alert did not arrive.
func lostOf(ctx context.Context, t *bot.Turn, a civic.Alert, notice civic.Notice, nth int) ([]civic.Delivery, error) {
	all, err := t.Tx.Deliveries(ctx, a.ID, notice, nth)
	if err != nil {
		return nil, fmt.Errorf("deliveries of alert %s: %w", a.Ref, err)
	}
	return slices.DeleteFunc(all, func(d civic.Delivery) bool { return d.Status != civic.DeliveryFailed }), nil
}

// missed is a notice that may be told once more, and where it did not arrive.
type missed struct {
	spoken
	nth  int
	lost []civic.Delivery
}

// missedOf lists what of an alert may be told once more: while it holds the alert as it reads now, and its newest correction;
// once it is ended, how it ended. What is over without a last word is never sent late.
func missedOf(ctx context.Context, t *bot.Turn, a civic.Alert) ([]missed, error) {
	count, err := corrections(ctx, t, a.ID)
	if err != nil {
		return nil, err
	}
	var all []missed
	switch said, ended := lastSpoken(t, a); {
	case ended:
		all = []missed{{spoken: said, nth: 1}}
	case !holds(t, a):
		return nil, nil
	case a.Status == civic.AlertCorrected:
		now := spoken{Notice: civic.NoticeCorrection, Words: a.Last}
		all = []missed{{spoken: now, nth: 1}, {spoken: now, nth: count}}
	default:
		all = []missed{{spoken: spoken{Notice: civic.NoticeAlarm}, nth: 1}}
	}
	for i, m := range all {
		notice := m.Notice
		if i == 0 && notice == civic.NoticeCorrection {
			notice = civic.NoticeAlarm // whom it never reached reads at once what it says now
		}
		if all[i].lost, err = lostOf(ctx, t, a, notice, m.nth); err != nil {
			return nil, err
		}
	}
	return slices.DeleteFunc(all, func(m missed) bool { return len(m.lost) == 0 }), nil
}

// lastSpoken is how an alert ended, as it was said; false while it is not ended.
func lastSpoken(t *bot.Turn, a civic.Alert) (spoken, bool) {
	if a.Status != civic.AlertOutcome && a.Status != civic.AlertRetracted {
		return spoken{}, false
	}
	best := ""
	for _, outcome := range append([]string{retracted}, alertOutcomes...) {
		said := outcomeWords(t, networkLang(t), outcome)
		known := best == "" || len(said) > len(outcomeWords(t, networkLang(t), best))
		if strings.HasPrefix(a.Last, said) && known {
			best = outcome
		}
	}
	words := strings.TrimPrefix(a.Last, outcomeWords(t, networkLang(t), best))
	return spoken{Notice: civic.NoticeAllClear, Outcome: best, Words: strings.TrimSpace(words)}, best != ""
}

// holds reports whether an alert may still be told to who did not get it: what is over is never sent late.
func holds(t *bot.Turn, a civic.Alert) bool {
	return (a.Status == civic.AlertActive || a.Status == civic.AlertCorrected) && a.Until.After(t.Now)
}

// retryChoice offers to try once more where an alert did not arrive.
func retryChoice(ctx context.Context, t *bot.Turn, lang string, a civic.Alert) ([]bot.Choice, error) {
	missed, err := missedOf(ctx, t, a)
	if err != nil || len(missed) == 0 {
		return nil, err
	}
	return []bot.Choice{{Key: "retry", Label: t.In(lang, "alert.button.retry")}}, nil
}

// retryAlert tries once more where an alert, its correction or its end did not arrive, with what it says now. A chat that is
// closed to the bot stays as it is.
func retryAlert(ctx context.Context, t *bot.Turn, r bot.Ref) error {
	a, err := alertOf(ctx, t, r.ID)
	switch {
	case err != nil:
		return err
	case !t.May(a.Kind.Needs(), a.Scope()):
		return bot.Refuse("refused." + string(a.Kind.Needs()))
	case !speaksFor(t, a):
		return bot.Refuse("alert.info.others", "ref", a.Ref)
	}
	if err := refuseHalted(ctx, t, a.Kind); err != nil {
		return err
	}
	missed, err := missedOf(ctx, t, a)
	if err != nil {
		return err
	}
	again, err := retryMissed(ctx, t, a, missed)
	if err != nil {
		return err
	}
	with, err := retrySame(ctx, t, a)
	switch {
	case err != nil:
		return err
	case again+with == 0 && len(missed) == 0 && !holds(t, a):
		return bot.Refuse("alert.retry.over", "ref", a.Ref)
	case again+with == 0:
		return bot.Refuse("alert.retry.closed", "ref", a.Ref)
	}
	return t.Answer(ctx, "alert.retry.again", "ref", a.Ref, "count", again+with)
}

// retryMissed tries once more where notices of an alert did not arrive; it gives in how many places.
func retryMissed(ctx context.Context, t *bot.Turn, a civic.Alert, missed []missed) (int, error) {
	again, of := 0, 0
	for _, m := range missed {
		n, err := m.retry(ctx, t, a)
		if err != nil {
			return again, err
		}
		again, of = again+n, of+len(m.lost)
	}
	if again == 0 {
		return 0, nil
	}
	note := fmt.Sprintf("again %d of %d", again, of)
	if err := t.Audit(ctx, "alert.retried", bot.About(alertKind, a.ID), note); err != nil {
		return again, err
	}
	return again, showAnew(ctx, t, a)
}

// retrySame does so for the same alert in other networks, which its issuer follows in one card; it gives in how many places.
func retrySame(ctx context.Context, t *bot.Turn, a civic.Alert) (int, error) {
	if t.Actor.ID != a.Issuer || t.Chat.Ref.Kind != bot.Private {
		return 0, nil
	}
	list, err := sames(ctx, t, a)
	if err != nil {
		return 0, err
	}
	again := 0
	for _, w := range list {
		missed, err := missedOf(ctx, w.there, w.alert)
		if err != nil {
			return again, err
		}
		n, err := retryMissed(ctx, w.there, w.alert, missed)
		if err != nil {
			return again, fmt.Errorf("with another: %w", err)
		}
		again += n
	}
	return again, nil
}

// retry tells a notice once more where it did not arrive; it gives in how many places. What stands there is corrected with it.
func (m missed) retry(ctx context.Context, t *bot.Turn, a civic.Alert) (int, error) {
	out := broadcasting{alert: a, nth: m.nth, spoken: m.spoken, said: map[string]string{}}
	if err := out.look(ctx, t); err != nil {
		return 0, err
	}
	again := 0
	for _, d := range m.lost {
		r, ok, err := out.again(ctx, t, d)
		if err != nil {
			return again, err
		}
		if ok {
			again++
			out.plan.Tell = append(out.plan.Tell, r)
		}
	}
	if m.Notice != civic.NoticeCorrection {
		return again, nil
	}
	return again, rewriteCorrected(ctx, t, out)
}

// again writes the letter of a failed delivery anew; false when its chat is closed.
func (b *broadcasting) again(ctx context.Context, t *bot.Turn, d civic.Delivery) (civic.Recipient, bool, error) {
	r := civic.Recipient{Target: d.Target, Chat: d.Chat, Person: d.Person}
	if d.Person > 0 {
		chat, err := t.Tx.PrivateChat(ctx, d.Person)
		if err != nil {
			return r, false, fmt.Errorf("alert %s: %w", b.alert.Ref, err)
		}
		r.Chat = chat
	}
	if d.Person == 0 {
		chat, err := movedTo(ctx, t, d)
		if err != nil {
			return r, false, err
		}
		r.Chat = chat
	}
	if ok, err := reaches(ctx, t, r.Chat); !ok || err != nil || d.Person < 0 {
		return r, false, err
	}
	l, err := b.letter(ctx, t, r)
	if err != nil {
		return r, false, err
	}
	l.Lane = bot.LaneRoutine
	if b.alert.Pressing() {
		l.Lane = bot.LaneUrgent
	}
	l.Expires = b.expires(t.Now, l.Lane, t.Now)
	if d.Notice == civic.NoticeAlarm {
		l.Expires = earlier(b.alert.Until, t.Now.Add(l.Lane.Life()))
	}
	if err := t.Tx.Enqueue(ctx, &l); err != nil {
		return r, false, fmt.Errorf("alert %s: %w", b.alert.Ref, err)
	}
	if err := b.showPicture(ctx, t, l); err != nil {
		return r, false, err
	}
	d.Chat, d.Letter, d.At = r.Chat, l.ID, t.Now
	return r, true, t.Tx.Redeliver(ctx, d)
}

// movedTo is the chat in which a group's delivery is tried again: where the group is now, unless that chat has the alert already.
func movedTo(ctx context.Context, t *bot.Turn, d civic.Delivery) (int64, error) {
	targets, err := t.Tx.Targets(ctx, t.Network.ID)
	if err != nil {
		return 0, fmt.Errorf("targets: %w", err)
	}
	i := slices.IndexFunc(targets, func(t civic.Target) bool { return t.ID == d.Target })
	if i < 0 || targets[i].Chat == 0 || targets[i].Chat == d.Chat {
		return d.Chat, nil
	}
	all, err := t.Tx.Deliveries(ctx, d.Alert, d.Notice, d.Nth)
	if err != nil {
		return 0, fmt.Errorf("deliveries of alert %d: %w", d.Alert, err)
	}
	if slices.ContainsFunc(all, func(o civic.Delivery) bool { return o.Chat == targets[i].Chat }) {
		return d.Chat, nil
	}
	return targets[i].Chat, nil
}

// alertRef names an alert in a timer.
func alertRef(a civic.Alert) string { return strconv.FormatInt(a.ID, 10) }
