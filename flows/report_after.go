package flows

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/paulmach/orb"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

const amendForm = "amend"

// amended is what a reporter says afterwards about a report of theirs.
type amended struct {
	Ref  string           `json:"ref,omitempty"`
	Kind civic.ReportKind `json:"kind,omitempty"`
	illustrated

	AtOnce bool           `json:"at_once,omitempty"` // said right after an emergency
	Many   bool           `json:"many,omitempty"`    // was told that there are too many pictures
	Loose  bool           `json:"loose,omitempty"`   // said right after, and it is asked whether it belongs to it
	Fits   fitsAnswer     `json:"fits,omitempty"`
	Point  *orb.Point     `json:"point,omitempty"` // a place on the map that came with it
	About  civic.Category `json:"about,omitempty"` // what the case is about
}

// receipt says that a report came in, and offers to tell of something else at the same place.
func receipt(ctx context.Context, t *bot.Turn, c civic.Case) error {
	text := t.T("report.receipt", "ref", c.Ref, "until", day(t, t.Lang(), c.Promised))
	if atNight(t) {
		text = t.T("report.receipt.night", "ref", c.Ref, "until", day(t, t.Lang(), c.Promised))
	}
	return t.Mail(ctx, bot.Letter{
		Chat: t.Chat.ID, Lane: bot.LaneRoutine, Person: t.Actor.ID,
		Message: bot.Message{
			Text: text, About: bot.About(mineKind, t.Actor.ID),
			Rows: bot.Rows(bot.Choice{Key: "amend:" + c.Ref, Label: t.T("report.receipt.amend")},
				bot.Choice{Key: "again:" + c.Ref, Label: t.T("report.receipt.again")}),
		},
	})
}

// afterActions are what a reporter can do with a report that was sent.
func afterActions() []bot.Action {
	return []bot.Action{
		{
			Name: mineKind + ".amend", Needs: civic.FollowReport, Own: true, On: onMine,
			Do: func(ctx context.Context, t *bot.Turn, r bot.Ref) error {
				return t.Begin(ctx, amendForm, bot.Input{Args: r.Arg})
			},
		},
		{
			Name: mineKind + ".again", Needs: civic.FollowReport, Own: true, On: onMine,
			Do: func(ctx context.Context, t *bot.Turn, r bot.Ref) error {
				return t.Begin(ctx, reportForm, bot.Input{Args: againAt + r.Arg})
			},
		},
		{Name: mineKind + ".apart", Needs: civic.FollowReport, Own: true, On: onMine, Do: setApart},
	}
}

// againAt stands before the reference of the case at whose place something else is told.
const againAt = "again:"

// samePlace is the place of the person's own report to a case; none when there is no such report.
func samePlace(ctx context.Context, t *bot.Turn, ref string) (civic.Place, error) {
	reports, cases, err := t.Tx.ReportsBy(ctx, t.Actor.ID, mostMine)
	if err != nil {
		return civic.Place{}, fmt.Errorf("own reports: %w", err)
	}
	for i, c := range cases {
		if c.Ref == ref {
			return reports[i].Place, nil
		}
	}
	return civic.Place{}, nil
}

// amendment lets a reporter add to a report, or put it right, also after it was handed over.
func amendment() bot.Form[amended] {
	return bot.Form[amended]{
		Name: amendForm, Needs: civic.FollowReport, Start: startAmendment, Done: amend,
		Learn:   learnHurry,
		Also:    alsoAmended,
		Aside:   func(t *bot.Turn, in bot.Input, _ string, _ amended) *bot.Refusal { return answerIdle(t, in) },
		Heard:   func(a *amended, _ []string, on bot.MessageRef) { a.heard(on) },
		Unheard: func(a *amended, on bot.MessageRef) ([]int64, bool) { return a.unheard(on) },
		Lost:    func(photo int64, a *amended) bool { return a.loses(photo) },
		Steps: []bot.Step[amended]{
			bot.PickFrom("which", func(a *amended) *string { return &a.Ref }, amendables),
			fitsStep(),
			bot.Pick("kind", func(a *amended) *civic.ReportKind { return &a.Kind }, civic.Addition, civic.Correction),
			bot.Filled(func(a *amended) bool { return !a.nothing() || a.Point != nil }, bot.Step[amended](showing[amended]{
				bot.Write("words", func(a *amended) *string { return &a.Words }, longestAnswer),
				func(a *amended) *illustrated { return &a.illustrated },
			})),
			bot.If((*amended).stays, facesOfIllustrated(func(a *amended) *illustrated { return &a.illustrated })),
			bot.If((*amended).stays, recordedOfIllustrated(func(a *amended) *illustrated { return &a.illustrated })),
		},
	}
}

// learnHurry looks whether it is about an emergency.
func learnHurry(ctx context.Context, t *bot.Turn, a *amended) ([]string, error) {
	if a.Ref == "" {
		return nil, nil
	}
	c, err := t.Tx.CaseByRef(ctx, a.Ref)
	a.Hurry, a.About = c.Urgency == civic.Emergency, c.Category
	return nil, err
}

func amendables(ctx context.Context, t *bot.Turn, _ amended) ([]bot.Option, error) {
	return withdrawables(ctx, t, regret{})
}

func startAmendment(ctx context.Context, t *bot.Turn, in bot.Input) (amended, []string, error) {
	options, err := amendables(ctx, t, amended{})
	if err != nil {
		return amended{}, nil, err
	}
	if said, is := strings.CutPrefix(in.Args, rightAfter); is {
		return startAfterthought(ctx, t, in, said)
	}
	ref, _ := civic.ParseRef(in.Args)
	if !slices.ContainsFunc(options, func(o bot.Option) bool { return o.Key == ref }) {
		return amended{}, nil, bot.Refuse("amend.unknown", "ref", civic.Clean(in.Args, 40))
	}
	return amended{Ref: ref}, []string{"which"}, nil
}

// amend adds the words to the case, and tells everybody who holds it.
func amend(ctx context.Context, t *bot.Turn, a amended) error {
	if a.Fits == fitsNew {
		return a.reportAnew(ctx, t)
	}
	c, err := caseByRef(ctx, t, a.Ref)
	if err != nil {
		return err
	}
	reports, err := t.Tx.Reports(ctx, c.ID)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(reports, func(r civic.Report) bool { return r.Reporter == t.Actor.ID })
	if i < 0 || !withdrawable(c) {
		return bot.Refuse("amend.unknown", "ref", c.Ref)
	}
	r, err := addendum(ctx, t, reports[i], a.Words, a.illustrated)
	if err != nil {
		return err
	}
	r.Kind, r.Pieces = a.Kind, a.Pieces
	if err := a.pin(ctx, t, &r); err != nil {
		return err
	}
	if err := t.Tx.AddReport(ctx, &r); err != nil {
		return fmt.Errorf("case %s: %w", c.Ref, err)
	}
	hidden, err := heed(ctx, t, &c, a.Words)
	if err != nil {
		return err
	}
	if err := saveCase(ctx, t, &c, "amended"); err != nil {
		return err
	}
	if hidden {
		if err := passOn(ctx, t, c.ID); err != nil {
			return err
		}
	}
	key := "amend.told." + string(r.Kind)
	if err := tellOwnerAdded(ctx, t, c, key); err != nil {
		return err
	}
	if err := correctHolders(ctx, t, c, later{key: key, fresh: []civic.Report{r}}); err != nil {
		return err
	}
	if a.AtOnce {
		return a.tellAtOnce(ctx, t, c, append(reports, r))
	}
	return errors.Join(t.Say(ctx, "amend.done", "ref", c.Ref), a.tellRecorded(ctx, t))
}

// addendum is what the reporter of a report says about it later, with the pictures and recordings that came with it.
func addendum(ctx context.Context, t *bot.Turn, of civic.Report, words string, with illustrated) (civic.Report, error) {
	text, _ := civic.WithoutOrigin(words)
	var d draft
	if err := d.seeIn(ctx, t, text); err != nil {
		return civic.Report{}, err
	}
	text, police := d.parted(text)
	of.Place.Point = nil // it was told once
	r := civic.Report{
		Case: of.Case, Reporter: of.Reporter, Alias: of.Alias, Text: text, Place: of.Place, Source: of.Source,
		Language: tongueOf(t, text, t.Actor), Filed: t.Now, Police: strings.Join(police, ", "),
	}
	r.Photos, r.PolicePhotos = with.openPhotos()
	r.Recordings = with.Recordings
	return r, nil
}

func afterKeys() []string {
	return []string{
		"case.card." + string(civic.Addition), "case.card." + string(civic.Correction), "amend.once", "amend.once.hidden",
	}
}
