package flows

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// forceForm sends an alert that no second officer answered for.
const forceForm = "alert.force"

// force is what an issuer types who sends an alert alone, because a life is in danger.
type force struct {
	Ref   string `json:"ref"`
	Typed string `json:"typed,omitempty"`
}

func forcing() bot.Form[force] {
	return bot.Form[force]{
		Name: forceForm, Needs: civic.SendAlert, Start: startForce, Done: forceAlert,
		Steps: []bot.Step[force]{retyping{bot.Write("typed", func(f *force) *string { return &f.Typed }, len("A-7F3K")+10)}},
	}
}

// retyping asks for the alert's own reference, which nobody types by accident.
type retyping struct{ bot.Step[force] }

// Ask names the reference that is to be typed.
func (s retyping) Ask(ctx context.Context, t *bot.Turn, form string, f force) (bot.Message, error) {
	m, err := s.Step.Ask(ctx, t, form, f)
	m.Text = t.T("alert.force.typed.ask", "ref", f.Ref)
	return m, err
}

// Take takes the reference, and nothing else.
func (s retyping) Take(ctx context.Context, t *bot.Turn, in bot.Input, f *force) error {
	if err := s.Step.Take(ctx, t, in, f); err != nil {
		return err
	}
	if typed, ok := civic.ParseRef(f.Typed); !ok || typed != f.Ref {
		return bot.Refuse("alert.force.wrong", "ref", f.Ref)
	}
	return nil
}

func startForce(ctx context.Context, t *bot.Turn, in bot.Input) (force, []string, error) {
	a, err := forceable(ctx, t, in.Args)
	return force{Ref: a.Ref}, nil, err
}

// forceable is an alert that its issuer may send alone now: one about danger to life, for which nobody answered in time,
// and which still holds.
func forceable(ctx context.Context, t *bot.Turn, ref string) (civic.Alert, error) {
	a, err := alertByRef(ctx, t, strings.TrimSpace(ref))
	if err != nil {
		return a, err
	}
	people, err := approvers(ctx, t, a)
	if err != nil {
		return a, err
	}
	since := t.Now.Sub(a.Issued) // below zero: asked by a clock that was ahead, so nobody knows
	waiting := len(people) > 0 && since >= 0 && since < secondTime
	switch {
	case t.Actor.ID != a.Issuer, !a.Pressing(), waiting:
		return a, bot.Refuse("alert.force.not", "ref", a.Ref)
	case a.Status != civic.AlertChecked, !a.Until.After(t.Now):
		return a, bot.Refuse("alert.second.late", "ref", a.Ref)
	}
	return a, nil
}

// forceAlert sends an alert without a second officer. All who may approve are told at once, and look at it the next
// working day. What is not as its issuer last saw it is shown once before it goes, and what came from a report that was
// withdrawn never goes.
func forceAlert(ctx context.Context, t *bot.Turn, f force) error {
	a, err := forceable(ctx, t, f.Ref)
	if err != nil {
		return err
	}
	c, gone, err := goneCase(ctx, t, a)
	if err != nil {
		return err
	}
	if gone {
		return dropAlert(ctx, t, a, "alert.frozen.gone", "ref", c.Ref)
	}
	if err := refuseHalted(ctx, t, a.Kind); err != nil {
		return reopened(err, "typed")
	}
	a, over := withoutKept(t, a)
	if a.Text == "" {
		return dropAlert(ctx, t, a, "alert.force.kept")
	}
	plan, w, err := planOf(ctx, t, a)
	if err != nil {
		return err
	}
	seal, err := sealOf(ctx, t, a, plan)
	if err != nil {
		return err
	}
	if over || seal != a.Seal {
		a.Seal = seal
		return forceAnew(ctx, t, a, plan, w)
	}
	if err := sendHeld(ctx, t, a, plan, "alert.forced"); err != nil {
		return err
	}
	said, err := sayAlert(ctx, t, networkLang(t), a, alarming(plan))
	if err != nil {
		return err
	}
	_, err = tellApprovers(ctx, t, a, func(lang string) bot.Message {
		return bot.Message{Text: t.In(lang, "alert.force.told", "name", t.Actor.Name, "message", bot.HTML(said))}
	})
	if err != nil {
		return err
	}
	if err := t.Wake(ctx, reviewTimer, strconv.FormatInt(a.ID, 10), workMorning(t)); err != nil {
		return err
	}
	return t.Say(ctx, "alert.force.sent", "ref", a.Ref)
}

// withoutKept is an alert as it may be said now: what police left in for a time goes when that time is over. True when that
// changes it; its text is empty when nothing is left.
func withoutKept(t *bot.Turn, a civic.Alert) (civic.Alert, bool) {
	if a.KeptWhy == "" || a.KeptUntil.After(t.Now) {
		return a, false
	}
	before := a
	a.Text, a.Photo, a.KeptWhy, a.KeptUntil = civic.UnlintedAlert(a.Text), 0, "", time.Time{}
	return a, a.Text != before.Text || before.Photo != 0
}

// forceAnew shows its issuer what would go now, because that is not what they wrote or to whom.
func forceAnew(ctx context.Context, t *bot.Turn, a civic.Alert, plan civic.Plan, w civic.World) error {
	if err := saveAlert(ctx, t, &a, "alert.second.changed", ""); err != nil {
		return err
	}
	said, err := sayAlert(ctx, t, networkLang(t), a, alarming(plan))
	if err != nil {
		return err
	}
	_, err = t.TellFor(ctx, a.Issuer, mindersOf(a), bot.LaneUrgent, func(lang string) bot.Message {
		return bot.Message{
			Text: t.In(lang, "alert.force.changed", "ref", a.Ref, "message", bot.HTML(said),
				"reach", bot.HTML(reach(t, lang, plan, w))),
			About: bot.About(alertKind, a.ID), Version: a.Version,
			Rows: bot.Rows(bot.Choice{Key: "force", Label: t.In(lang, "alert.button.force")}),
		}
	})
	if err != nil {
		return err
	}
	return showAnew(ctx, t, a)
}

// secondOver tells the issuer that no second officer answered, and drops what may not go without one or is over by now.
func secondOver(ctx context.Context, t *bot.Turn, ref string) error {
	a, t, err := ringing(ctx, t, ref)
	switch {
	case err != nil || a.Status != civic.AlertChecked:
		return err
	case !a.Until.After(t.Now):
		return dropAlert(ctx, t, a, "alert.second.over")
	case !a.Pressing():
		return dropAlert(ctx, t, a, "alert.second.none")
	}
	if err := t.Wake(ctx, secondTimer, ref, a.Until); err != nil {
		return err
	}
	if err := showAnew(ctx, t, a); err != nil {
		return err
	}
	_, err = t.TellFor(ctx, a.Issuer, mindersOf(a), bot.LaneUrgent, func(lang string) bot.Message {
		return bot.Message{
			Text: t.In(lang, "alert.second.alone", "ref", a.Ref), About: bot.About(alertKind, a.ID), Version: a.Version,
			Rows: bot.Rows(bot.Choice{Key: "force", Label: t.In(lang, "alert.button.force")}),
		}
	})
	return err
}

// askReview asks the issuer's colleagues to look at an alert that went without a second officer, every morning until one
// of them has.
func askReview(ctx context.Context, t *bot.Turn, ref string) error {
	a, t, err := ringing(ctx, t, ref)
	if err != nil || a.ID == 0 || a.Second != 0 {
		return err
	}
	if err := t.Wake(ctx, reviewTimer, ref, t.Morning(owedHour)); err != nil {
		return err
	}
	issuer, err := officer(ctx, t, networkLang(t), a.Issuer)
	if err != nil {
		return err
	}
	_, err = tellApprovers(ctx, t, a, func(lang string) bot.Message {
		return bot.Message{
			Text: t.In(lang, "alert.review", "ref", a.Ref, "name", issuer, "text", newestText(a),
				"time", moment(t, lang, a.Issued)),
			About: bot.About(alertKind, a.ID), Version: a.Version,
			Rows: bot.Rows(bot.Choice{Key: "reviewed", Label: t.In(lang, "alert.button.reviewed")}),
		}
	})
	return err
}

// reviewAlert notes that a second officer looked at an alert afterwards.
func reviewAlert(ctx context.Context, t *bot.Turn, r bot.Ref) error {
	a, err := alertOf(ctx, t, r.ID)
	switch {
	case err != nil:
		return err
	case t.Actor.ID == a.Issuer:
		return bot.Refuse("alert.second.self")
	case a.Second != 0:
		return bot.Refuse("alert.review.done", "ref", a.Ref)
	}
	a.Second = t.Actor.ID
	if err := saveAlert(ctx, t, &a, "alert.reviewed", ""); err != nil {
		return err
	}
	if err := t.Tx.Sleep(ctx, reviewTimer, r.ID); err != nil {
		return err
	}
	if err := showAnew(ctx, t, a); err != nil {
		return err
	}
	return t.Answer(ctx, "alert.review.thanks", "ref", a.Ref)
}
