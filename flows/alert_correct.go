package flows

import (
	"context"
	"fmt"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

func correctionForm() bot.Form[follow] {
	return bot.Form[follow]{
		Name: correctForm, Needs: civic.SendInfo, Start: startFollow(civic.AlertCorrected), Done: correctAlert,
		Steps: []bot.Step[follow]{
			whichAlert(civic.AlertCorrected),
			corrected(followText(longestAlert, "change")),
			bot.Offered(func(f *follow) bool { return f.Timed }, bot.Filled(func(f *follow) bool { return !f.When.IsZero() },
				bot.Step[follow](dating[follow]{
					in:   func(f *follow) *time.Time { return &f.When },
					kind: func(f *follow) civic.AlertKind { return f.Kind },
				}))),
			unchanged{bot.Review(previewFollow(civic.NoticeCorrection), rewordable)},
		},
	}
}

// rewordable names what of an alert can be corrected.
func rewordable(f follow) []string {
	if f.Kind == civic.InfoAlert {
		return []string{"text"}
	}
	return []string{"text", "when"}
}

// corrected lets a correction say again what police left in the alert. A last word may not: it stays where it is said, when
// what was described is taken back.
func corrected(s rewording) rewording {
	s.keeps, s.timed = func(_ *bot.Turn, f follow) []civic.LintRule { return f.Keeps }, true
	return s
}

// same reports whether a correction corrects nothing.
func (f *follow) same(a civic.Alert) bool {
	return f.Words.Text == newestText(a) && f.When.Equal(a.Happened)
}

// keptIn lists the rules whose findings police left in an alert, so that a correction may say them again. What nobody may
// leave in is none of them, however it came there.
func keptIn(a civic.Alert) []civic.LintRule {
	var kept []civic.LintRule
	if a.KeptWhy == "" {
		return nil
	}
	for _, hit := range civic.LintAlert(newestText(a)) {
		if hit.Rule.Overridable(a.Kind) {
			kept = append(kept, hit.Rule)
		}
	}
	return kept
}

// corrects is an alert as the correction makes it.
func (f *follow) corrects(a civic.Alert) civic.Alert {
	a.Status, a.Last, a.Happened = civic.AlertCorrected, f.Words.Text, f.When
	return a
}

// previewCorrection shows a correction, and the word about it that everybody gets who has the alert. To who never read what it
// corrects it is what the alert says.
func previewCorrection(ctx context.Context, t *bot.Turn, a civic.Alert, f follow) (string, error) {
	if f.same(a) {
		return t.T("alert.correct.same", "ref", a.Ref), nil
	}
	plan, w, err := planFollow(ctx, t, a, civic.NoticeCorrection)
	if err != nil {
		return "", err
	}
	heard, err := outdated(ctx, t, a, w.Nth)
	if err != nil {
		return "", err
	}
	also, err := twinLines(ctx, t, a, civic.AlertCorrected)
	if err != nil {
		return "", err
	}
	whom := bot.HTML(reach(t, t.Lang(), plan, w) + alongLine(t, a, plan, w, f.Words.Text) + also)
	s := f.spoken(civic.NoticeCorrection)
	before := a
	a = f.corrects(a)
	s.Fresh = len(heard) == 0
	s.Quiet = s.Fresh && len(plan.Pierced) > 0
	said, err := sayAlert(ctx, t, networkLang(t), a, s)
	if err != nil || s.Fresh {
		return t.T("alert.preview", "message", bot.HTML(said), "reach", whom), err
	}
	short, err := sayShort(ctx, t, networkLang(t), a, before)
	if len(plan.Pierced) > 0 {
		short += "\n" + t.In(networkLang(t), "alert.say.quiet")
	}
	return t.T("alert.preview.correction", "short", bot.HTML(short), "message", bot.HTML(said), "reach", whom), err
}

// correctAlert corrects an alert, and with it the same one of another network: it says the same wrong thing there.
func correctAlert(ctx context.Context, t *bot.Turn, f follow) error {
	a, err := followed(ctx, t, f, civic.AlertCorrected)
	if err != nil {
		return err
	}
	if f.same(a) {
		return bot.Refuse("alert.correct.same", "ref", a.Ref).Reopen("text")
	}
	with, err := twins(ctx, t, a, civic.AlertCorrected)
	if err != nil {
		return err
	}
	all := append([]twin{{a, t}}, with...)
	for _, w := range all { // before any of them is corrected
		if err := refuseHalted(ctx, w.there, w.alert.Kind); err != nil {
			return reopened(err, "review")
		}
		if err := captioned(ctx, w.there, f.corrects(w.alert), f.spoken(civic.NoticeCorrection)); err != nil {
			return err
		}
	}
	for _, w := range all {
		if err := correctOne(ctx, w.there, w.alert, f); err != nil {
			return fmt.Errorf("alert %s: %w", w.alert.Ref, err)
		}
	}
	return nil
}

// correctOne sends a corrected text to exactly those who got the alert, or were about to: what is not sent yet is called back,
// and the correction takes its place. What an earlier correction said, and this one leaves out, stands nowhere any more.
func correctOne(ctx context.Context, t *bot.Turn, a civic.Alert, f follow) error {
	plan, w, err := planFollow(ctx, t, a, civic.NoticeCorrection)
	if err != nil {
		return err
	}
	if err := callBack(ctx, t, a); err != nil {
		return err
	}
	before, along := a, looksAlong(a, plan, w, f.Words.Text)
	a = f.corrects(a)
	if err := saveAlert(ctx, t, &a, "alert.corrected", tallied(plan)+f.Words.kept()); err != nil {
		return err
	}
	out := broadcasting{alert: a, plan: plan, nth: w.Nth, spoken: f.spoken(civic.NoticeCorrection), before: before}
	if err := out.send(ctx, t); err != nil {
		return err
	}
	if err := rewriteCorrected(ctx, t, out); err != nil {
		return err
	}
	if civic.Changed(a.Last, newestText(before)) != "" {
		if err := cleanCorrections(ctx, t, a, w.Nth); err != nil {
			return err
		}
	}
	if err := eraseShown(ctx, t, a, w.Nth); err != nil {
		return err
	}
	if along {
		if err := showWords(ctx, t, a, out.spoken); err != nil {
			return err
		}
	}
	return followedUp(ctx, t, a, plan, "alert.corrected")
}

// eraseShown goes on taking away a picture whose time is over: what was on its way for that was called back.
func eraseShown(ctx context.Context, t *bot.Turn, a civic.Alert, corrections int) error {
	if a.Photo == 0 || onShow(t, a) {
		return nil
	}
	n, err := erasePicture(ctx, t, a, corrections)
	if err != nil || n == 0 {
		return err
	}
	return t.WakeIn(ctx, takenTimer, alertRef(a), takenPause)
}
