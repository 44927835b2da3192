package flows

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// Emergencies names the emergency number before anything else when words tell of danger (domain D4): to everybody, in
// the middle of anything, and never rate-limited. It must be the first feature.
func Emergencies() bot.Feature {
	return bot.Feature{Name: "emergencies", First: notice}
}

// notice answers words that tell of danger. Police are not told to call themselves.
func notice(ctx context.Context, t *bot.Turn, in bot.Input) (bool, error) {
	if !civic.Danger(in.Words()) || t.May(civic.SendAlert, civic.Scope{Network: t.Network.ID}) {
		return false, nil
	}
	s, answer, err := answerable(ctx, t, in.Words())
	if err != nil {
		return false, err
	}
	if err := speakMet(ctx, t, in.Words()); err != nil {
		return false, err
	}
	rumour := rumoured(in) && reports(t)
	switch {
	case rumour && answer:
		return false, warn(ctx, t, in)
	case rumour && s == nil:
		return false, nil // it is asked with the number first whether they saw it themselves (story S09)
	case in.Command == informCommand && mayAnywhere(t, civic.SendInfo):
		return false, warn(ctx, t, in) // they hear besides that only police send alarms
	case answer && len(t.Actor.Roles(t.Late())) > 0:
		return false, warn(ctx, t, in) // the words are an answer as well, such as one to a coordinator's question
	case !reports(t) && t.Actor.Standing != civic.StandingSuspended:
		return true, warnGuest(ctx, t, in, s)
	case s != nil && s.Form == reportForm:
		d, err := draftOf(s)
		if err != nil || d.fast() || idleIn(t, in.Text) != "" {
			return false, err // it was said already; what follows is the answer, or only says to be quick
		}
	case s == nil && in.Command == "":
		if took, err := worsens(ctx, t, in); took || err != nil {
			return took, err
		}
	}
	return true, beginReport(ctx, t, in)
}

// answerable is the open form, and whether the words may be an answer to it beside what they tell of danger. Where somebody lives
// now is asked in one question, which can be put again, and every street that is cried would be an answer to it: that form ends.
func answerable(ctx context.Context, t *bot.Turn, words string) (*bot.Session, bool, error) {
	s, err := t.Session(ctx)
	if err != nil || s == nil || s.Form == reportForm {
		return s, false, err
	}
	if s.Form == movingForm {
		return nil, false, t.EndSession(ctx)
	}
	apart, err := unasked(ctx, t, s, words)
	return s, !apart, err
}

// beginReport begins a report, or adds to the one that is open. Whoever tells of danger reads the number even when there can be
// no report.
func beginReport(ctx context.Context, t *bot.Turn, in bot.Input) error {
	err := t.Begin(ctx, reportForm, in)
	if _, refused := errors.AsType[*bot.Refusal](err); refused && civic.Danger(in.Words()) {
		return errors.Join(warn(ctx, t, in), err)
	}
	return err
}

// fitting makes what tells of danger fit: a file that cannot be kept gives way to the words beside it, and a long story is cut.
// It tells what it leaves out, and refuses nothing: the number would be lost with it.
func fitting(ctx context.Context, t *bot.Turn, in bot.Input) (bot.Input, error) {
	in, why := legible(in)
	if why != nil {
		if err := aside(ctx, t, why); err != nil {
			return in, err
		}
	}
	words := civic.Clean(in.Words(), longestAnswer)
	if utf8.RuneCountInString(in.Words()) <= longestAnswer {
		return in, nil
	}
	if in.Media != nil {
		m := *in.Media
		m.Caption, in.Media = words, &m
	} else {
		in.Text = words
	}
	return in, aside(ctx, t, bot.Refuse("report.cut", "max", longestAnswer))
}

// aside tells why something was left out, after the emergency number and never ahead of it.
func aside(ctx context.Context, t *bot.Turn, why *bot.Refusal) error {
	return t.Mail(ctx, bot.Letter{
		Chat: t.Chat.ID, Lane: bot.LaneUrgent, Expires: t.Now.Add(bot.LaneAnswer.Life()),
		Message: bot.Message{Text: t.T(why.Key, why.Args...)},
	})
}

// warn names the emergency number, ahead of everything that waits to be sent.
func warn(ctx context.Context, t *bot.Turn, in bot.Input) error {
	return t.Mail(ctx, bot.Letter{
		Chat: t.Chat.ID, Lane: bot.LaneUrgent, First: true,
		Message: bot.Message{Text: t.T("emergency.call", "app", t.Profile().App, "emergency", numberFor(t, in.Words()),
			"advice", advice(t, rescueIn(in.Words()), "away"))},
	})
}

// warnGuest names the number and keeps the words until the guest is a member; a form that is open stays open.
func warnGuest(ctx context.Context, t *bot.Turn, in bot.Input, open *bot.Session) error {
	if err := warn(ctx, t, in); err != nil {
		return err
	}
	if _, err := fitting(ctx, t, in); err != nil { // nothing is said while it is set aside
		return err
	}
	if err := offerHelp(ctx, t, civic.Hinted(in.Words())); err != nil {
		return err
	}
	if err := t.Park(ctx, reportForm, in); err != nil {
		return err
	}
	if open != nil {
		return t.Tx.SaveSession(ctx, open)
	}
	return t.Say(ctx, "emergency.guest", "child", childLine(t))
}

// childLine is the number for minors: who is too young to be a member is not left without help.
func childLine(t *bot.Turn) string {
	line, _ := t.Profile().Helpline(civic.HelpChild)
	return line.Number
}

// saysCalled reports whether words say no more than that somebody called: "Gebeld", or with the number and the first word of
// the list, which is yes, "Ja, 112 gebeld!".
func saysCalled(t *bot.Turn, words string) bool {
	short := strings.NewReplacer(",", " ", t.Profile().Emergency, " ", t.Profile().Fire, " ").Replace(words)
	known := t.Words("report.called.yes.words")
	return slices.Contains(known, bare(short)) || slices.Contains(known, strings.TrimPrefix(bare(short), known[0]+" "))
}

// calling is the question whether somebody called. Whatever else is typed there belongs to the report, and the number
// is named again.
type calling struct{ bot.Step[draft] }

// saidOfCall reports whether it is known whether somebody called.
func (d *draft) saidOfCall() bool { return d.Called != "" }

// endanger notes that there is danger now: it is asked, also once more, whether somebody called, and what is known is told
// to others soon, whether or not the reporter goes on.
func (d *draft) endanger(ctx context.Context, t *bot.Turn) error {
	if d.Called == calledOver {
		d.When = civic.Now // it was not over after all
	}
	d.Danger, d.Called = true, ""
	d.rejoin() // others may hear of it before the reporter is ready
	return t.WakeIn(ctx, urgentTimer, strconv.FormatInt(t.Actor.ID, 10), urgentPatience)
}

// Ask names the number before it asks.
func (c calling) Ask(ctx context.Context, t *bot.Turn, form string, d draft) (bot.Message, error) {
	m, err := c.Step.Ask(ctx, t, form, d)
	m.Text = t.T("report.called.ask", "app", t.Profile().App, "emergency", d.number(t), "advice", d.advice(t))
	if d.Alert != 0 {
		m.Text = t.T("alert.saw.ask", "ref", d.AlertRef, "app", t.Profile().App, "emergency", d.number(t))
	}
	if line := helpFor(t, d.Hint); line != "" {
		m.Text += "\n\n" + line
	}
	return m, err
}

// Take takes one of the answers, or more of the story.
func (c calling) Take(ctx context.Context, t *bot.Turn, in bot.Input, d *draft) error {
	err := c.Step.Take(ctx, t, in, d)
	if err == nil && d.Called == calledOver && d.When == civic.Now {
		d.When = civic.MinutesAgo // it was happening when they began to tell
	}
	if _, refused := errors.AsType[*bot.Refusal](err); !refused || civic.Blank(in.Words()) {
		return err
	}
	if saysCalled(t, in.Words()) {
		d.Called = calledYes
		return nil
	}
	if yes, said := yesOrNo(t, in.Words()); said && !yes || unknowing(t, in.Words()) { // a "yes" is one of the answers
		return bot.Refuse("report.called.still", "emergency", d.number(t))
	}
	if over := civic.LongOver(in.Words()); over != "" {
		return d.overSince(ctx, t, over, in.Words())
	}
	if _, err := tellWhat(ctx, t, in.Words(), d); err != nil {
		return err
	}
	return bot.Refuse("report.called.again", "emergency", d.number(t))
}

// overSince notes that it was over before it was told, and keeps what more was said.
func (d *draft) overSince(ctx context.Context, t *bot.Turn, when civic.When, words string) error {
	d.Called, d.When = calledOver, when
	if len(strings.Fields(words)) <= fewWords {
		return nil
	}
	_, err := tellWhat(ctx, t, words, d)
	return err
}
