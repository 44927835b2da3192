package flows

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/paulmach/orb"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// fitsAnswer is whether what is said right after a report belongs to it.
type fitsAnswer string

const (
	fitsMine fitsAnswer = "mine"
	fitsNew  fitsAnswer = "new"
)

// What the arguments of a form begin with, before a reference or an afterthought.
const (
	rightAfter = "after:"
	setAside   = "aside:"
	atOnce     = "now:" // follows rightAfter
)

// fitsStep asks whether what was said right after a report belongs to it. After an emergency it is not asked, but taken back when
// it was something else: what came to mind then must not wait for a button.
func fitsStep() bot.Step[amended] {
	pick := bot.Pick("fits", func(a *amended) *fitsAnswer { return &a.Fits }, fitsMine, fitsNew)
	return bot.If(func(a *amended) bool { return a.Loose }, bot.Step[amended](belonging{pick}))
}

type belonging struct{ bot.Step[amended] }

// Ask names the report.
func (s belonging) Ask(ctx context.Context, t *bot.Turn, form string, a amended) (bot.Message, error) {
	m, err := s.Step.Ask(ctx, t, form, a)
	m.Text = t.T("amend.fits.ask", "ref", a.Ref, "category", categoryLabel(t, t.Lang(), a.About))
	return m, err
}

// Yields lets what else is typed there be taken as more of the same.
func (belonging) Yields(*bot.Turn, bot.Input) bool { return true }

// stays reports whether it belongs to the report, so that it is asked who is on its pictures.
func (a *amended) stays() bool { return a.Fits != fitsNew }

// alsoAmended takes a place on the map, another picture, and words.
func alsoAmended(ctx context.Context, t *bot.Turn, in bot.Input, a *amended) ([]string, bool, error) {
	if in.Point != nil && civic.Valid(*in.Point) {
		a.Point = in.Point
		return nil, true, nil
	}
	answers, took, err := alsoPicture(func(a *amended) *illustrated { return &a.illustrated })(ctx, t, in, a)
	if why, refused := errors.AsType[*bot.Refusal](err); refused && a.AtOnce { // what came before it goes
		if a.Many {
			return nil, true, nil
		}
		a.Many = true
		return nil, true, aside(ctx, t, why)
	}
	if err == nil && took && a.Loose && a.Hurry && civic.Danger(in.Words()) { // it cannot wait for an answer
		a.Fits, a.AtOnce = fitsMine, true
		answers = append(answers, "fits")
	}
	return answers, took, err
}

// freshly finds the case that a person told of a moment ago and that words bear on: an emergency before anything else. It is the
// zero Case when there is none.
func freshly(ctx context.Context, t *bot.Turn, words string) (civic.Case, civic.Bearing, error) {
	if t.Actor.Guest() {
		return civic.Case{}, civic.BearsNot, nil
	}
	reports, cases, err := t.Tx.ReportsBy(ctx, t.Actor.ID, mostMine)
	if err != nil {
		return civic.Case{}, civic.BearsNot, fmt.Errorf("own reports: %w", err)
	}
	streets, err := t.Streets(ctx)
	found, how := civic.Case{}, civic.BearsNot
	for i, c := range cases {
		if c.Network != t.Network.ID || !withdrawable(c) || !t.Profile().StillFresh(reports[i].Filed, t.Now) {
			continue
		}
		bears := c.Bearing(words, streets)
		first := found.ID == 0 || c.Urgency == civic.Emergency && found.Urgency != civic.Emergency ||
			c.Urgency == found.Urgency && how == civic.MayBear && bears == civic.BearsOn
		if bears != civic.BearsNot && first {
			found, how = c, bears
		}
	}
	return found, how, err
}

// afterthought takes what somebody thinks of right after a report, when no form is open: it goes to an emergency at once, and of
// any other report it is asked whether it belongs to it. False when it is neither.
func afterthought(ctx context.Context, t *bot.Turn, in bot.Input) (bool, error) {
	c, how, err := freshly(ctx, t, in.Words())
	if err != nil || c.ID == 0 {
		return false, err
	}
	streets, err := t.Streets(ctx)
	switch {
	case err != nil:
		return false, err
	case c.Urgency == civic.Emergency && how == civic.BearsOn:
		return true, t.Begin(ctx, amendForm, after(in, atOnce+c.Ref))
	case civic.StandsAlone(in.Words(), streets), utf8.RuneCountInString(in.Words()) > longestAnswer, rumoured(in), !reports(t):
		return false, nil
	}
	return true, t.Begin(ctx, amendForm, after(in, c.Ref))
}

// worsens takes words of danger that bear on an emergency which was told a moment ago: the number comes first, and they go to
// that case at once. False when there is no such case.
func worsens(ctx context.Context, t *bot.Turn, in bot.Input) (bool, error) {
	c, how, err := freshly(ctx, t, in.Words())
	if err != nil || c.Urgency != civic.Emergency || how != civic.BearsOn {
		return false, err
	}
	streets, err := t.Streets(ctx)
	if err != nil || civic.StandsAlone(in.Words(), streets) {
		return false, err
	}
	return true, errors.Join(warn(ctx, t, in), t.Begin(ctx, amendForm, after(in, atOnce+c.Ref)))
}

// unasked reports whether it is being asked where an afterthought belongs, and words of danger answer nothing of that: they are a
// report of their own, and the question comes again after it. What bears on the emergency that is asked about goes with it.
func unasked(ctx context.Context, t *bot.Turn, s *bot.Session, words string) (bool, error) {
	if s == nil || s.Form != amendForm || s.Asked != "fits" {
		return false, nil
	}
	var a amended
	if err := json.Unmarshal(s.Answers, &a); err != nil {
		return false, fmt.Errorf("amend: stored answers: %w", err)
	}
	c, how, err := freshly(ctx, t, words)
	return c.Ref != a.Ref || c.Urgency != civic.Emergency || how != civic.BearsOn, err
}

func after(in bot.Input, ref string) bot.Input {
	in.Args, in.Command = rightAfter+ref, ""
	return in
}

// startAfterthought takes in what was said right after a report.
func startAfterthought(ctx context.Context, t *bot.Turn, in bot.Input, said string) (amended, []string, error) {
	ref, now := strings.CutPrefix(said, atOnce)
	a := amended{Ref: ref, Kind: civic.Addition, AtOnce: now, Loose: !now}
	a.Hurry = now // nothing is asked
	in, why := legible(in)
	if why != nil {
		if err := aside(ctx, t, why); err != nil {
			return a, nil, err
		}
	}
	if utf8.RuneCountInString(in.Words()) > longestAnswer { // in danger nobody writes it anew
		if err := aside(ctx, t, bot.Refuse("report.cut", "max", longestAnswer)); err != nil {
			return a, nil, err
		}
	}
	_, _, err := alsoAmended(ctx, t, in, &a)
	return a, []string{"which", "kind", "words"}, err
}

// pin notes the place on the map that came with an addition: its street for everybody who works on the case, and where it is
// exactly for the police.
func (a *amended) pin(ctx context.Context, t *bot.Turn, r *civic.Report) error {
	if a.Point == nil {
		return nil
	}
	at, err := t.Locate(ctx, bot.Input{Point: a.Point})
	if _, unclear := errors.AsType[*bot.Refusal](err); err != nil && !unclear {
		return err
	}
	r.Place = civic.Place{Street: at.Street, Point: a.Point}
	line, err := pinLine(ctx, t, r.Place)
	r.Text = strings.TrimSpace(r.Text + "\n" + line)
	return err
}

// pinLine says where a place on the map is, as everybody reads it who works on the case.
func pinLine(ctx context.Context, t *bot.Turn, at civic.Place) (string, error) {
	if at.Point == nil {
		return "", nil
	}
	if at.Street == 0 {
		return t.In(networkLang(t), "amend.place.elsewhere"), nil
	}
	label, err := placeLabel(ctx, t, networkLang(t), civic.Place{Street: at.Street})
	return t.In(networkLang(t), "amend.place", "place", label), err
}

// exactly is where a place on the map that was added later is: the police alone read it (domain §2.4).
func (f *facts) exactly(t *bot.Turn, r civic.Report) {
	if r.Kind == "" || r.Place.Point == nil {
		return
	}
	degrees := func(d float64) string { return strconv.FormatFloat(d, 'f', 5, 64) }
	at := degrees(r.Place.Point.Lat()) + ", " + degrees(r.Place.Point.Lon())
	f.told = append(f.told, t.In(f.lang, "case.card.police", "n", r.Alias, "words", at))
}

// tellAtOnce tells where an afterthought went, keeps the number in sight, and lets it be taken out again.
func (a *amended) tellAtOnce(ctx context.Context, t *bot.Turn, c civic.Case, reports []civic.Report) error {
	key := "amend.once"
	if c.Subject != civic.SubjectNobody {
		key = "amend.once.hidden"
	}
	last := reports[len(reports)-1]
	text := t.T(key, "ref", c.Ref, "emergency", numberOf(t, c, reports))
	if len(last.PolicePhotos) > 0 {
		text += "\n" + t.T("amend.once.photos")
	}
	if len(last.Recordings) > 0 {
		text += "\n" + t.T("report.recording.gone")
	}
	return t.Mail(ctx, bot.Letter{
		Chat: t.Chat.ID, Lane: bot.LaneRoutine, Person: t.Actor.ID,
		Message: bot.Message{
			Text: text, About: bot.About(mineKind, t.Actor.ID),
			Rows: bot.Rows(bot.Choice{Key: "apart:" + strconv.FormatInt(last.ID, 10), Label: t.T("amend.once.undo")}),
		},
	})
}

// saidAside is what begins a report of its own after it was taken for more of another.
type saidAside struct {
	illustrated

	Point *orb.Point `json:"point,omitempty"`
}

// reportAnew begins a report with what turned out to be something new.
func (a *amended) reportAnew(ctx context.Context, t *bot.Turn) error {
	err := saidAside{a.illustrated, a.Point}.begin(ctx, t)
	if why, refused := errors.AsType[*bot.Refusal](err); refused {
		return why.Reopen("fits") // it is still there, and may go to the report after all
	}
	return err
}

// begin begins a report with it.
func (s saidAside) begin(ctx context.Context, t *bot.Turn) error {
	words := s.Words
	s.Words = ""
	raw, err := json.Marshal(s)
	if err != nil {
		return fmt.Errorf("said aside: %w", err)
	}
	return t.Begin(ctx, reportForm, bot.Input{Text: words, Args: setAside + string(raw)})
}

// takeAside takes what was said aside into a draft; false when the arguments are no such thing.
func (d *draft) takeAside(ctx context.Context, t *bot.Turn, in bot.Input) (bool, error) {
	raw, is := strings.CutPrefix(in.Args, setAside)
	if !is {
		return false, nil
	}
	var s saidAside
	if err := json.Unmarshal([]byte(raw), &s); err != nil {
		return true, fmt.Errorf("said aside: %w", err)
	}
	d.Photos, d.Recordings = append(d.Photos, s.Photos...), append(d.Recordings, s.Recordings...)
	d.Pieces = append(d.Pieces, s.Pieces...)
	if s.Point == nil || d.Place != (civic.Place{}) {
		return true, nil
	}
	_, _, err := alsoPinned(ctx, t, bot.Input{Point: s.Point}, d)
	return true, err
}

// setApart takes an afterthought out of its case again, which everybody hears who read it, and begins a report with it.
func setApart(ctx context.Context, t *bot.Turn, ref bot.Ref) error {
	reports, cases, err := t.Tx.ReportsBy(ctx, t.Actor.ID, mostErased)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(reports, func(r civic.Report) bool {
		return strconv.FormatInt(r.ID, 10) == ref.Arg && r.Kind == civic.Addition
	})
	if i < 0 {
		return bot.Refuse("press.done")
	}
	all, err := t.Tx.Reports(ctx, cases[i].ID)
	if err != nil {
		return err
	}
	n := slices.IndexFunc(all, func(r civic.Report) bool { return r.ID == reports[i].ID })
	if n < 0 {
		return bot.Refuse("press.done")
	}
	line, err := pinLine(ctx, t, all[n].Place)
	if err != nil {
		return err
	}
	words := strings.TrimSpace(strings.TrimSuffix(all[n].Whole(), line))
	s := saidAside{illustrated: illustrated{Words: words, Pieces: all[n].Pieces}, Point: all[n].Place.Point}
	s.Photos = slices.Concat(all[n].Photos, all[n].PolicePhotos)
	s.Recordings = all[n].Recordings
	if err := errors.Join(t.Tx.ReleaseMedia(ctx, all[n].ID), t.Tx.EraseReport(ctx, all[n].ID)); err != nil {
		return err
	}
	if err := partTaken(ctx, t, cases[i]); err != nil {
		return err
	}
	if err := t.Say(ctx, "amend.apart", "ref", cases[i].Ref); err != nil {
		return err
	}
	return s.begin(ctx, t)
}
