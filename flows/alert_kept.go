package flows

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// keptTimer takes back what police left in for a time; the reference is the alert's number.
const keptTimer = "alert.kept"

const longestWhy = 200 // characters of the reason for leaving something in

// keptAll is the choice that leaves it in for as long as the alert holds.
const keptAll = "all"

// keeps reports whether police left something in that a rule minds, or a picture: they say why, and until when.
func (a *alarm) keeps() bool { return len(a.Words.Kept) > 0 || a.Photo() != 0 }

// keepable lists the rules whose findings police may leave in an alert of this kind.
func keepable(kind civic.AlertKind) []civic.LintRule {
	return slices.DeleteFunc(slices.Clone(civic.LintRules), func(r civic.LintRule) bool { return !r.Overridable(kind) })
}

// keeping asks until when a plate, a description or a picture may stand.
type keeping struct{}

// Name implements [bot.Step].
func (keeping) Name() string { return "kept" }

// Optional implements [bot.Step].
func (keeping) Optional() bool { return false }

// Applies implements [bot.Step].
func (keeping) Applies(a *alarm) bool { return a.keeps() }

// Wants implements [bot.Step].
func (keeping) Wants(in bot.Input) bool { return in.Choice != "" || in.Text != "" }

// Clear implements [bot.Step].
func (keeping) Clear(a *alarm) { a.KeptUntil = time.Time{} }

// Keys implements [bot.Step].
func (keeping) Keys(string) []string { return []string{"alert.kept.ask"} }

// Ask implements [bot.Step].
func (keeping) Ask(_ context.Context, t *bot.Turn, _ string, a alarm) (bot.Message, error) {
	return bot.Message{Text: t.T("alert.kept.ask"), Rows: bot.Rows(keptChoices(t, a)...)}, nil
}

func keptChoices(t *bot.Turn, a alarm) []bot.Choice {
	return []bot.Choice{
		{Key: untilHour, Label: t.T("alert.until.1h")},
		{Key: keptAll, Label: t.T("alert.kept.all", "until", raw(moment(t, t.Lang(), a.Until)))},
	}
}

// Take takes one of the buttons, or a time that the alert still holds at.
func (keeping) Take(_ context.Context, t *bot.Turn, in bot.Input, a *alarm) error {
	if in.Media != nil {
		return bot.Refuse("media." + string(in.Media.Kind))
	}
	key := in.Choice
	choices := keptChoices(t, *a)
	if n, err := strconv.Atoi(strings.TrimSpace(in.Text)); err == nil && n >= 1 && n <= len(choices) {
		key = choices[n-1].Key
	}
	switch key {
	case untilHour:
		a.KeptUntil = rounded(t.Now.Add(time.Hour))
	case keptAll:
		a.KeptUntil = a.Until
	default:
		typed, ok := parseUntil(untilWordsOf(t), in.Text, t.Now.In(zone(t)))
		if !ok {
			return bot.Refuse("alert.until.unclear")
		}
		if err := checkHold(t, typed); err != nil {
			return err
		}
		a.KeptUntil = typed
	}
	if a.KeptUntil.After(a.Until) {
		a.KeptUntil = a.Until
	}
	return nil
}

// keptLine says what police left in, why, and until when; empty when nothing was, or is
// any more.
func keptLine(t *bot.Turn, lang string, a civic.Alert) string {
	if a.KeptWhy == "" || !a.KeptUntil.After(t.Now) {
		return ""
	}
	return t.In(lang, "alert.kept.line", "why", a.KeptWhy, "until", moment(t, lang, a.KeptUntil))
}

// keptOver takes back what was left in for a time: the alert goes on without the sentences that a rule minds, and without its
// picture. Nobody is woken by that. What is not sent yet goes without them as well.
func keptOver(ctx context.Context, t *bot.Turn, ref string) error {
	a, t, err := ringing(ctx, t, ref)
	if err != nil || a.ID == 0 || a.Status == civic.AlertOutcome || a.Status == civic.AlertRetracted {
		return err
	}
	about := bot.About(alertKind, a.ID)
	if err := t.Audit(ctx, "alert.kept.over", about, ""); err != nil {
		return err
	}
	clean := civic.UnlintedAlert(newestText(a))
	nothingElse := clean == newestText(a) && a.Photo == 0
	if !a.Until.After(t.Now) || !a.Status.May(civic.AlertCorrected) || clean == "" || nothingElse {
		err = eraseAlert(ctx, t, a)
	} else {
		err = cleanAlert(ctx, t, a, clean)
	}
	if err != nil {
		return err
	}
	return showAnew(ctx, t, a)
}

// cleanAlert lets an alert go on with fewer words and without its picture, where it stands and where it is still to come.
// Where only the picture goes, nothing was put right, and nothing says so.
func cleanAlert(ctx context.Context, t *bot.Turn, a civic.Alert, clean string) error {
	plan, w, err := planFollow(ctx, t, a, civic.NoticeCorrection)
	if err != nil {
		return err
	}
	if err := callBack(ctx, t, a); err != nil {
		return err
	}
	same := clean == newestText(a)
	if !same {
		a.Status, a.Last = civic.AlertCorrected, clean
		if err := t.Tx.SaveAlert(ctx, &a); err != nil {
			return fmt.Errorf("alert %s: %w", a.Ref, err)
		}
	}
	said := spoken{Notice: civic.NoticeCorrection, Words: clean}
	out := broadcasting{alert: a, plan: plan, nth: w.Nth, spoken: said, quietly: true, same: same}
	if err := out.send(ctx, t); err != nil {
		return err
	}
	if err := rewriteCorrected(ctx, t, out); err != nil {
		return err
	}
	if !same {
		if err := cleanCorrections(ctx, t, a, w.Nth); err != nil {
			return err
		}
	}
	_, err = erasePicture(ctx, t, a, w.Nth)
	return err
}

// cleanCorrections takes their words out of the notices about the corrections before the nth, which may have named what is
// taken back. What the alert says now stands in it.
func cleanCorrections(ctx context.Context, t *bot.Turn, a civic.Alert, nth int) error {
	for n := 1; n < nth; n++ {
		w := rewriting{alert: a, about: noticeOf(a.ID, n), text: func(lang string, _ int64) (string, error) {
			return sayShort(ctx, t, lang, a, a)
		}}
		var err error
		if w.to, err = places(ctx, t, w.about); err != nil {
			return err
		}
		for _, chat := range slices.Sorted(maps.Keys(w.to)) {
			if _, err := w.in(ctx, t, chat); err != nil {
				return err
			}
		}
	}
	return nil
}

// earlier is the first of two times.
func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}
