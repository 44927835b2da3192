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

// rewordTimer asks officers to look at words that followed an alert without a second officer; the reference is the alert's
// number and that of who wrote them: "3.17".
const rewordTimer = "alert.reword"

// looksAlong reports whether colleagues look at words that are added to an alert: at those of one that went only with a second
// officer, or would not go without one now. A choice of ours needs nobody.
func looksAlong(a civic.Alert, plan civic.Plan, w civic.World, words string) bool {
	return words != "" && (a.Seal != "" || len(a.NeedsSecond(plan, w)) > 0)
}

// alongLine tells who writes such words that colleagues read them at once; empty where nobody does.
func alongLine(t *bot.Turn, a civic.Alert, plan civic.Plan, w civic.World, words string) string {
	if !looksAlong(a, plan, w, words) {
		return ""
	}
	return "\n" + t.T("alert.reword.note")
}

// showWords tells every officer but the one who wrote them exactly what is said about an alert now, and lets them be asked to
// look at it the next working day. What puts an alert right must not wait for a second officer, as the alert itself does.
func showWords(ctx context.Context, t *bot.Turn, a civic.Alert, s spoken) error {
	said, err := sayAlert(ctx, t, networkLang(t), a, s)
	if err != nil {
		return err
	}
	_, err = tellApprovers(ctx, t, by(a, t.Actor.ID), func(lang string) bot.Message {
		return bot.Message{Text: t.In(lang, "alert.reword.told", "name", t.Actor.Name, "ref", a.Ref, "message", bot.HTML(said))}
	})
	if err != nil {
		return err
	}
	return t.Wake(ctx, rewordTimer, fmt.Sprintf("%d.%d", a.ID, t.Actor.ID), workMorning(t))
}

// by is the alert as if it were written by somebody: they are not asked about their own words.
func by(a civic.Alert, person int64) civic.Alert {
	a.Issuer = person
	return a
}

// askWords asks the colleagues of who wrote words about an alert to look at them, every morning until one of them has.
func askWords(ctx context.Context, t *bot.Turn, ref string) error {
	id, person, _ := strings.Cut(ref, ".")
	author, err := strconv.ParseInt(person, 10, 64)
	if err != nil {
		return fmt.Errorf("words of %q: %w", ref, bot.ErrNotFound)
	}
	a, t, err := ringing(ctx, t, id)
	if err != nil || a.ID == 0 || a.Last == "" {
		return err
	}
	if err := t.Wake(ctx, rewordTimer, ref, t.Morning(owedHour)); err != nil {
		return err
	}
	name, err := officer(ctx, t, networkLang(t), author)
	if err != nil {
		return err
	}
	_, err = tellApprovers(ctx, t, by(a, author), func(lang string) bot.Message {
		return bot.Message{
			Text:  t.In(lang, "alert.reword.ask", "ref", a.Ref, "name", name, "text", a.Last),
			About: bot.About(alertKind, a.ID), Version: a.Version,
			Rows: bot.Rows(bot.Choice{Key: "reread", Label: t.In(lang, "alert.button.reviewed")}),
		}
	})
	return err
}

// rereadAlert notes that an officer looked at the words that others added to an alert.
func rereadAlert(ctx context.Context, t *bot.Turn, r bot.Ref) error {
	a, err := alertOf(ctx, t, r.ID)
	if err != nil {
		return err
	}
	waiting, err := t.Tx.Timers(ctx, rewordTimer, r.ID+".")
	if err != nil {
		return fmt.Errorf("words about alert %s: %w", a.Ref, err)
	}
	own := fmt.Sprintf("%s.%d", r.ID, t.Actor.ID)
	others := slices.DeleteFunc(slices.Clone(waiting), func(timer bot.Timer) bool { return timer.Ref == own })
	switch {
	case len(waiting) == 0:
		return bot.Refuse("alert.review.done", "ref", a.Ref)
	case len(others) == 0:
		return bot.Refuse("alert.second.self")
	}
	for _, timer := range others {
		if err := t.Tx.Sleep(ctx, timer.Kind, timer.Ref); err != nil {
			return fmt.Errorf("words about alert %s: %w", a.Ref, err)
		}
	}
	if err := t.Audit(ctx, "alert.reread", bot.About(alertKind, a.ID), ""); err != nil {
		return err
	}
	return t.Answer(ctx, "alert.review.thanks", "ref", a.Ref)
}
