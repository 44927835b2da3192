package flows

import (
	"context"
	"slices"
	"strings"

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
	r := reporting{perHour: o.ReportsPerHour, asked: civic.BuiltInQuestions().Replaced(o.Questions)}
	return bot.Feature{
		Name:  "reporting",
		First: r.gather,
		Flows: []bot.Flow{r.form(), withdrawal(), amendment()},
		Commands: []bot.CommandSpec{
			{Name: "melden", Needs: civic.DraftReport, Do: report},
			{Name: "meldingen", Needs: civic.FollowReport, Do: mine},
			{Name: "intrekken", Needs: civic.TakeBack, Takes: []string{alertKind}, Do: takeBack},
		},
		Erased:  reportErased,
		Actions: slices.Concat(mineActions(), afterActions()),
		Timers: map[string]func(context.Context, *bot.Turn, string) error{
			urgentTimer: r.fileUrgent, lettersTimer: lettersEnd,
		},
		Keys: append(reportKeys(), idleKeys()...),
	}
}

// reporting is what the form needs to know besides the answers.
type reporting struct {
	perHour int
	asked   civic.Questionnaire
}

func (r reporting) form() bot.Form[draft] {
	return bot.Form[draft]{
		Name: reportForm, Needs: civic.FileReport, Start: r.start, Also: alsoReport, Aside: r.idly, Heard: pieceOf, Learn: learn,
		Unheard: (*draft).unheard,
		Urgent:  (*draft).fast,
		Shot:    suggestShot, Lost: func(photo int64, d *draft) bool { return d.lose(photo) || d.loseRecording(photo) },
		Done: r.done,
		Steps: spelt(slices.Concat(
			startSteps(), kindSteps(), circumstances(), inPeace(extraSteps(r.asked)), inPeace(subjectSteps()), r.endSteps(),
		)),
	}
}

// inPeace makes questions that are not put while there is danger. What was answered before stays: the police want to know
// it then more than ever.
func inPeace(steps []bot.Step[draft]) []bot.Step[draft] {
	for i, s := range steps {
		steps[i] = bot.Offered((*draft).peaceful, s)
	}
	return steps
}

func (d *draft) peaceful() bool { return !d.fast() }

// startSteps come before everything else: danger, and what is only passed on.
func startSteps() []bot.Step[draft] {
	return []bot.Step[draft]{
		bot.If((*draft).urgent, bot.Filled((*draft).saidOfCall, bot.First[draft](calling{
			bot.Pick("called", func(d *draft) *calledAnswer { return &d.Called },
				calledYes, calledOther, calledNo, calledOver),
		}))),
		bot.If((*draft).fast, bot.Optional(mayPass(worded{recounting{
			bot.Write("more", func(d *draft) *string { return &d.More }, longestAnswer),
		}}))),
		bot.If((*draft).rumours, bot.First[draft](sharing{sourceStep(), "rumour"})),
	}
}

// kindSteps ask what it is about, and what somebody does before how they look.
func kindSteps() []bot.Step[draft] {
	return inPeace([]bot.Step[draft]{
		bot.If((*draft).asksFamily, bot.Filled((*draft).inFamily, told(bot.PickFrom("family",
			func(d *draft) *civic.Family { return &d.Family }, families)))),
		bot.If((*draft).asksCategory, bot.Filled((*draft).sorted, told(bot.PickFrom("category",
			func(d *draft) *civic.Category { return &d.Category }, categories)))),
		bot.If((*draft).behaves, bot.Step[draft](behaving{bot.Pick("behaviour", func(d *draft) *string { return &d.Behaviour },
			"doors", "windows", "bells", "photos", behaviourWalking, behaviourOther)})),
		bot.If((*draft).walks, bot.Ending[draft](strolling{bot.Pick("walking", func(d *draft) *string { return &d.Walking },
			walkingMore, walkingStop)})),
		bot.If((*draft).tells, bot.Filled((*draft).acted, bot.Step[draft](storied{worded{
			bot.Write("what", func(d *draft) *string { return &d.What }, longestAnswer),
		}}))),
	})
}

// circumstances ask where and when it was, and whether somebody told of it before.
func circumstances() []bot.Step[draft] {
	when := bot.Optional(mayPass(timing{bot.Pick("when", func(d *draft) *civic.When { return &d.When },
		civic.Now, civic.MinutesAgo, civic.EarlierDay, civic.Earlier)}))
	return slices.Concat([]bot.Step[draft]{
		shotStep(),
		bot.If((*draft).goesOn, bot.Step[draft](crying{neighbouring{wondering{
			bot.LocateFrom("where", func(d *draft) *civic.Place { return &d.Place }, (*draft).mayMean),
		}}})),
		oldStep(),
	}, inPeace([]bot.Step[draft]{bot.If((*draft).timed, when)}), []bot.Step[draft]{sameStep()})
}

// endSteps come last: source, pictures, what is personal, and the word to go.
func (r reporting) endSteps() []bot.Step[draft] {
	told := inPeace([]bot.Step[draft]{
		bot.If((*draft).asksSource, bot.Offered((*draft).spareTime, sourceStep())),
		bot.If((*draft).pictured, bot.Step[draft](picturing{bot.Upload("photos", func(d *draft) *[]int64 { return &d.Photos },
			mostPhotos)})),
		bot.If((*draft).goesOn, facesAsked(func(d *draft) *pictures { return &d.pictures })),
		bot.If((*draft).goesOn, recordedStep(func(d *draft) *recordings { return &d.recordings })),
		bot.If((*draft).names, bot.Step[draft](nudging{bot.Pick("privacy", func(d *draft) *privacyAnswer { return &d.Privacy },
			privacyRemove, privacyPolice, privacyKeep)})),
		addStep(),
	})
	return append(told, bot.If((*draft).goesOn, aboutNetwork()),
		bot.Offered((*draft).peaceful,
			bot.If((*draft).alone, bot.Step[draft](reviewing{bot.Review(r.summary, editable, "subject")}))))
}

// asksFamily reports whether it is asked what it is about, or was told. Who finds that there is nothing to report has
// answered that.
func (d *draft) asksFamily() bool { return !d.passedOn() && !d.Looks && d.Alert == 0 }

func (d *draft) asksCategory() bool { return d.asksFamily() && len(civic.InFamily(d.Family)) > 1 }

// inFamily reports whether the family of categories is known.
func (d *draft) inFamily() bool { return d.Family != "" }

// sorted reports whether the category is known, or cannot be asked for.
func (d *draft) sorted() bool { return d.Category != "" || d.Unsure }

func (d *draft) walks() bool { return d.behaves() && d.Behaviour == behaviourWalking }

// tells reports whether the story is asked for; one that was told already stays, also in an emergency. What somebody does
// may be said with a button, but never with a picture alone.
func (d *draft) tells() bool {
	return d.What != "" || d.goesOn() && (!d.behaves() || !d.acts()) && (!d.shows() || !d.acted())
}

// acts reports whether a button said what somebody does.
func (d *draft) acts() bool {
	return d.Behaviour != "" && d.Behaviour != behaviourOther && d.Behaviour != behaviourWalking
}

func (d *draft) goesOn() bool { return !d.left() && !d.passedOn() }

func (d *draft) timed() bool { return d.goesOn() && !d.reopens() }

// pictured reports whether pictures are asked for: of things, and never of people (domain §1.2). Who sends one unasked is
// thanked for it, and what they sent stays when they saw the same as another.
func (d *draft) pictured() bool {
	info, _ := d.category().Info()
	things := info.Family == civic.FamilyDecay || info.Family == civic.FamilyTraffic || info.Family == civic.FamilyOther
	return d.alone() && things || (d.alone() || d.joins()) && len(d.Photos) > 0
}

// families offers danger first, then the families.
func families(_ context.Context, t *bot.Turn, d draft) ([]bot.Option, error) {
	if len(d.Photos) > 0 && d.What == "" {
		return shown(t), nil
	}
	all := []bot.Option{{Key: string(familyDanger), Label: t.T("report.family.emergency")}}
	for _, f := range civic.Families {
		all = append(all, bot.Option{Key: string(f), Label: t.T("family." + string(f))})
	}
	return all, nil
}

// shown is what a picture without words may be of; anything else leads to the families.
func shown(t *bot.Turn) []bot.Option {
	var all []bot.Option
	for _, c := range []civic.Category{civic.Blight, civic.Vandalism, civic.StreetFault, civic.Traffic} {
		all = append(all, bot.Option{Key: string(c), Label: categoryLabel(t, t.Lang(), c)})
	}
	return append(all, bot.Option{Key: string(civic.FamilyOther), Label: t.T("family." + string(civic.FamilyOther))})
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
	steps := []string{"family", "what", "where", "when", "source", "photos", "also", "subject"}
	if d.Category == "" && d.Family == "" && !d.Looks {
		return steps // whatever there may be
	}
	return slices.DeleteFunc(steps, func(s string) bool {
		return s == "family" && (d.Looks || d.Alert != 0) || s == "what" && !d.tells() || s == "source" && !d.asksSource() ||
			s == "photos" && !d.pictured()
	})
}

// summary is the report as it would be sent.
func (r reporting) summary(ctx context.Context, t *bot.Turn, d draft) (string, error) {
	told := d.reportIn(t, t.Lang(), r.asked)
	place, err := whereLabel(ctx, t, t.Lang(), told.Place)
	if err != nil {
		return "", err
	}
	words := t.T("report.review.ask", "category", d.kindLabel(t), "text", told.Text,
		"place", place, "when", whenLabel(t, d.When))
	if d.Source != "" {
		words += "\n" + t.T("report.review.source", "source", t.T("source."+string(d.Source)))
	}
	if n := len(d.Photos); n > 0 {
		words += "\n" + t.T("report.review.photos", "count", n)
	}
	words = strings.Join(append([]string{words}, d.alsoLines(t, told)...), "\n")
	if told.Police != "" {
		words += "\n" + t.T("report.review.secret", "words", told.Police)
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

// reports tells whether the person's words are a report when no form is open: those of a member, and of who holds a role here
// and lives elsewhere. Who was suspended is heard about danger only, which the form sees to.
func reports(t *bot.Turn) bool {
	return t.Actor.Standing != civic.StandingSuspended && t.May(civic.FileReport, t.Everywhere(civic.FileReport))
}

// takeWords takes what a person says when no form is open: it belongs to the report that they just made, or is the beginning of
// one.
func takeWords(ctx context.Context, t *bot.Turn, in bot.Input) error {
	in, done, err := otherwise(ctx, t, in)
	if done || err != nil {
		return err
	}
	if !in.Empty() {
		if taken, err := afterthought(ctx, t, in); taken || err != nil {
			return err
		}
	}
	return startReport(ctx, t, in)
}

// otherwise sees to what cannot be kept and to what is no report, and empties words that only say that one will follow.
func otherwise(ctx context.Context, t *bot.Turn, in bot.Input) (bot.Input, bool, error) {
	in, why := legible(in)
	switch {
	case why == nil:
	case civic.Blank(in.Words()):
		return in, true, why
	default:
		if err := aside(ctx, t, why); err != nil { // what is only passed on may be danger
			return in, false, err
		}
	}
	if done, err := meant(ctx, t, in); done || err != nil {
		return in, done, err
	}
	if announced(t, in) {
		in = bot.Input{}
	}
	return in, false, nil
}

// startReport begins a report with what a person says; a guest is led to join first.
func startReport(ctx context.Context, t *bot.Turn, in bot.Input) error {
	if reports(t) {
		return beginReport(ctx, t, in)
	}
	if err := outside(ctx, t); err != nil {
		return err
	}
	if err := offerHelp(ctx, t, civic.Hinted(in.Words())); err != nil {
		return err
	}
	if err := t.Park(ctx, reportForm, in); err != nil {
		return err
	}
	return invite(ctx, t)
}

// report begins a report by command, also right after another.
func report(ctx context.Context, t *bot.Turn, args string) error {
	in, done, err := otherwise(ctx, t, bot.Input{Text: args})
	if done || err != nil {
		return err
	}
	return startReport(ctx, t, in)
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
