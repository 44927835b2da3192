package flows

import (
	"context"
	"fmt"
	"slices"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// endAlert tells exactly those who got the alert, or may have got it, how it ended. What is not sent yet is never sent.
func endAlert(ctx context.Context, t *bot.Turn, f follow) error {
	a, err := followed(ctx, t, f, civic.AlertOutcome)
	if err != nil {
		return err
	}
	return finishBoth(ctx, t, a, f, "alert.closed")
}

// finishBoth ends an alert, and with it the same one of another network.
func finishBoth(ctx context.Context, t *bot.Turn, a civic.Alert, f follow, key string) error {
	with, err := twins(ctx, t, a, f.status())
	if err != nil {
		return err
	}
	if err := finishAlert(ctx, t, a, f, key); err != nil {
		return err
	}
	return finishTwins(ctx, with, f, key)
}

// retractAlert tells exactly those who got the alert, or may have got it, that it does not hold. What is not sent yet is
// never sent.
func retractAlert(ctx context.Context, t *bot.Turn, f follow) error {
	a, err := followed(ctx, t, f, civic.AlertRetracted)
	if err != nil {
		return err
	}
	if unsent(a) {
		return retractUnsent(ctx, t, a)
	}
	return finishBoth(ctx, t, a, f, "alert.retracted")
}

// unsent reports whether nobody was told anything of an alert: it waits for its time, or for a second officer.
func unsent(a civic.Alert) bool {
	return a.Status == civic.AlertQueued || a.Status == civic.AlertChecked
}

// retractUnsent gives up what never went. Streets and reporters hear nothing of it; who was asked to look at it does, and who
// wrote it.
func retractUnsent(ctx context.Context, t *bot.Turn, a civic.Alert) error {
	var know []int64
	if a.Status == civic.AlertChecked {
		asked, err := approvers(ctx, t, a)
		if err != nil {
			return err
		}
		know = append(asked, a.Issuer)
	}
	if err := giveUp(ctx, t, a, "retracted"); err != nil {
		return err
	}
	for _, person := range know {
		if person == t.Actor.ID {
			continue
		}
		_, err := t.TellFor(ctx, person, mindersOf(a), bot.LaneUrgent, func(lang string) bot.Message {
			return bot.Message{Text: t.In(lang, "alert.second.dropped", "ref", a.Ref, "name", t.Actor.Name)}
		})
		if err != nil {
			return err
		}
	}
	return t.Say(ctx, "alert.planned.dropped", "ref", a.Ref)
}

// finishAlert says the last word about an alert and closes it; the key tells the issuer to whom it goes.
func finishAlert(ctx context.Context, t *bot.Turn, a civic.Alert, f follow, key string) error {
	if err := callBack(ctx, t, a); err != nil {
		return err
	}
	plan, w, err := planFollow(ctx, t, a, civic.NoticeAllClear)
	if err != nil {
		return err
	}
	along := looksAlong(a, plan, w, f.Words.Text)
	a.Text = newestText(a) // Last tells the outcome from here on; what was said before it stays in the versions
	a.Status, a.Last = f.status(), ending(t, networkLang(t), f)
	if err := saveAlert(ctx, t, &a, "alert.ended", f.Outcome+"; "+tallied(plan)+f.Words.kept()); err != nil {
		return err
	}
	out := broadcasting{alert: a, plan: plan, nth: w.Nth, spoken: f.spoken(civic.NoticeAllClear)}
	if err := out.send(ctx, t); err != nil {
		return err
	}
	if err := eraseAlert(ctx, t, a); err != nil {
		return err
	}
	if err := stopTimers(ctx, t, a); err != nil {
		return err
	}
	if err := t.Unpin(ctx, noticeOf(a.ID, 0)); err != nil {
		return err
	}
	if along {
		if err := showWords(ctx, t, a, out.spoken); err != nil {
			return err
		}
	}
	if err := tellOutcome(ctx, t, a, f); err != nil {
		return err
	}
	return followedUp(ctx, t, a, plan, key)
}

// followed is the alert as it stands, if it may go on to a status, and if what is said about it may be said: whenever it was
// written, and by whichever rules.
func followed(ctx context.Context, t *bot.Turn, f follow, to civic.AlertStatus) (civic.Alert, error) {
	a, err := alertOf(ctx, t, f.Alert)
	if err != nil {
		return a, err
	}
	if err := mayFollow(t, a, to); err != nil {
		return a, err
	}
	var may []civic.LintRule
	if to == civic.AlertCorrected {
		may = keptIn(a)
	}
	if !mayKeep(may, f.Words.Text) {
		return a, bot.Refuse(objection(may, f.Words.Text), objections(t, f.Words.Text)...).Reopen("text")
	}
	before := civic.Plates(newestText(a))
	for _, plate := range civic.Plates(f.Words.Text) {
		if !slices.Contains(before, plate) { // a second officer has not seen it
			return a, bot.Refuse("alert.second.plate").Reopen("text")
		}
	}
	return a, nil
}

// callBack stops what is not sent yet of everything that was said about the alert.
func callBack(ctx context.Context, t *bot.Turn, a civic.Alert) error {
	if _, err := t.Tx.Supersede(ctx, bot.About(alertKind, a.ID), t.Now); err != nil {
		return fmt.Errorf("alert %s: %w", a.Ref, err)
	}
	return unbundle(ctx, t, a)
}

func saveAlert(ctx context.Context, t *bot.Turn, a *civic.Alert, action, detail string) error {
	if err := t.Tx.SaveAlert(ctx, a); err != nil {
		return fmt.Errorf("alert %s: %w", a.Ref, err)
	}
	return t.Audit(ctx, action, bot.About(alertKind, a.ID), detail)
}

// followedUp tells the issuer that it is on its way, and brings the cards up to date.
func followedUp(ctx context.Context, t *bot.Turn, a civic.Alert, plan civic.Plan, key string) error {
	who := counted(t, t.Lang(), append(plan.Waiting(), plan.Tell...))
	if who == "" {
		key += ".nobody"
	}
	if err := t.Say(ctx, key, "ref", a.Ref, "who", who); err != nil {
		return err
	}
	return showAnew(ctx, t, a)
}

// ending is how it ended and what was added, in one text.
func ending(t *bot.Turn, lang string, f follow) string {
	if f.Words.Text == "" {
		return outcomeWords(t, lang, f.Outcome)
	}
	return outcomeWords(t, lang, f.Outcome) + " " + f.Words.Text
}

// tellOutcome tells who answered an alert, and the reporters of its case, how it ended.
func tellOutcome(ctx context.Context, t *bot.Turn, a civic.Alert, f follow) error {
	if err := tellAnswerers(ctx, t, a, f); err != nil {
		return err
	}
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
	return tellReportersWith(ctx, t, c, func(lang string) bot.Message {
		return bot.Message{Text: t.In(lang, "alert.reporter.outcome", "ref", c.Ref, "text", ending(t, lang, f))}
	})
}
