package flows

import (
	"context"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

const (
	reportForm    = "report"
	longestReport = 2000 // characters of everything that is told
	longestAnswer = 1000 // characters of one answer
	mostPhotos    = 5
)

// Reporting lets members tell what they see, and follow what becomes of it.
func Reporting(o Options) bot.Feature {
	r := reporting{perHour: o.ReportsPerHour}
	return bot.Feature{
		Name:  "reporting",
		Flows: []bot.Flow{r.form(), withdrawal()},
		Commands: []bot.CommandSpec{
			{Name: "melden", Needs: civic.DraftReport, Do: report},
			{Name: "meldingen", Needs: civic.FollowReport, Do: mine},
			{Name: "intrekken", Needs: civic.TakeBack, Takes: []string{alertKind}, Do: takeBack},
		},
		Erased:  reportErased,
		Actions: mineActions(),
		Timers:  map[string]func(context.Context, *bot.Turn, string) error{urgentTimer: r.fileUrgent},
		Keys:    reportKeys(),
	}
}

// reporting is what the form needs to know besides the answers.
type reporting struct{ perHour int }

func (r reporting) form() bot.Form[draft] {
	return bot.Form[draft]{
		Name: reportForm, Needs: civic.FileReport, Start: r.start, Also: alsoReport, Heard: pieceOf, Done: r.done,
		Steps: []bot.Step[draft]{
			bot.If(draft.urgent, bot.First[draft](calling{bot.Pick("called", func(d *draft) *calledAnswer { return &d.Called },
				calledYes, calledOther, calledNo, calledOver)})),
			bot.If(draft.fast, bot.Optional(bot.Write("more", func(d *draft) *string { return &d.More }, longestAnswer))),
			bot.If(draft.asksFamily, told(bot.PickFrom("family", func(d *draft) *civic.Family { return &d.Family }, families))),
			bot.If(draft.asksCategory, bot.Filled(draft.sorted, told(bot.PickFrom("category",
				func(d *draft) *civic.Category { return &d.Category }, categories)))),
			bot.If(draft.behaves, bot.Pick("behaviour", func(d *draft) *string { return &d.Behaviour },
				"doors", "windows", "bells", "photos", behaviourWalking, behaviourOther)),
			bot.If(draft.walks, bot.Step[draft](strolling{bot.Pick("walking", func(d *draft) *string { return &d.Walking },
				walkingMore, walkingStop)})),
			bot.If(draft.tells, bot.Write("what", func(d *draft) *string { return &d.What }, longestAnswer)),
			bot.If(draft.goesOn, bot.Locate("where", func(d *draft) *civic.Place { return &d.Place })),
			bot.If(draft.calm, bot.Optional(bot.Pick("when", func(d *draft) *civic.When { return &d.When },
				civic.Now, civic.MinutesAgo, civic.EarlierDay, civic.Earlier))),
			bot.If(draft.calm, bot.Upload("photos", func(d *draft) *[]int64 { return &d.Photos }, mostPhotos)),
			bot.If(draft.names, bot.Step[draft](nudging{bot.Pick("privacy", func(d *draft) *privacyAnswer { return &d.Privacy },
				privacyRemove, privacyKeep)})),
			bot.If(draft.goesOn, aboutNetwork()),
			bot.If(draft.calm, bot.Review(summary, editable)),
		},
	}
}

func (d draft) asksFamily() bool { return d.calm() && !d.Looks && d.Alert == 0 }

func (d draft) asksCategory() bool {
	return d.asksFamily() && len(civic.InFamily(d.Family)) > 1
}

// sorted reports whether the category is known.
func (d draft) sorted() bool { return d.Category != "" }

func (d draft) walks() bool { return d.behaves() && d.Behaviour == behaviourWalking }

// tells reports whether the story is asked for; one that was told already stays, also in an emergency.
func (d draft) tells() bool { return d.What != "" && !d.left() || d.calm() }

func (d draft) goesOn() bool { return !d.left() }

// families offers danger first, then the families.
func families(_ context.Context, t *bot.Turn, _ draft) ([]bot.Option, error) {
	all := []bot.Option{{Key: string(familyDanger), Label: t.T("report.family.emergency")}}
	for _, f := range civic.Families {
		all = append(all, bot.Option{Key: string(f), Label: t.T("family." + string(f))})
	}
	return all, nil
}

func categories(_ context.Context, t *bot.Turn, d draft) ([]bot.Option, error) {
	var all []bot.Option
	for _, c := range civic.InFamily(d.Family) {
		all = append(all, bot.Option{Key: string(c), Label: categoryLabel(t, t.Lang(), c)})
	}
	return all, nil
}

// editable names the answers that can be changed before sending.
func editable(d draft) []string {
	steps := []string{"what", "where", "when", "photos", "subject"}
	if !d.Looks && d.Alert == 0 {
		steps = append([]string{"family"}, steps...)
	}
	return steps
}

// summary is the report as it would be sent.
func summary(ctx context.Context, t *bot.Turn, d draft) (string, error) {
	place, err := placeLabel(ctx, t, t.Lang(), d.Place)
	if err != nil {
		return "", err
	}
	text, _ := civic.WithoutOrigin(d.What)
	words := t.T("report.review.ask", "category", categoryLabel(t, t.Lang(), d.category()), "text", text,
		"place", place, "when", whenLabel(t, d.When))
	if d.Source != "" {
		words += "\n" + t.T("report.review.source", "source", t.T("source."+string(d.Source)))
	}
	if n := len(d.Photos); n > 0 {
		words += "\n" + t.T("report.review.photos", "count", n)
	}
	if s := d.subject(); s != civic.SubjectNobody {
		words += "\n" + t.T("report.review.subject", "subject", t.T("report.subject."+string(s)))
	}
	return words, nil
}

// whenLabel names a time, or says that it is not known.
func whenLabel(t *bot.Turn, w civic.When) string {
	if w == "" {
		return t.T("when.unknown")
	}
	return t.T("when." + string(w))
}

// startReport takes what a person says when no form is open: it is the beginning of a report.
func startReport(ctx context.Context, t *bot.Turn, in bot.Input) error {
	if in.Media != nil && in.Media.Kind != bot.MediaPhoto && in.Media.Kind != bot.MediaDocument {
		return bot.Refuse("media." + string(in.Media.Kind))
	}
	if done, err := meant(ctx, t, in); done || err != nil {
		return err
	}
	if announced(t, in) {
		in = bot.Input{}
	}
	if t.Actor.Active() {
		return t.Begin(ctx, reportForm, in)
	}
	if err := t.Park(ctx, reportForm, in); err != nil {
		return err
	}
	return invite(ctx, t)
}

// report begins a report by command; a guest is led to join first.
func report(ctx context.Context, t *bot.Turn, args string) error {
	return startReport(ctx, t, bot.Input{Text: args})
}

// strolling is what is said of somebody who just walks: everybody may, and whom to call in doubt.
type strolling struct{ bot.Step[draft] }

// Ask names the number of the police for what is no emergency.
func (s strolling) Ask(ctx context.Context, t *bot.Turn, form string, d draft) (bot.Message, error) {
	m, err := s.Step.Ask(ctx, t, form, d)
	police := t.Profile().Police
	if police == "" {
		police = t.T("emergency.police.local")
	}
	m.Text = t.T("report.walking.ask", "police", police)
	return m, err
}
