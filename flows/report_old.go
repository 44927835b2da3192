package flows

import (
	"context"
	"fmt"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// oldAnswer is what a reporter says when they told of the like before, and that case was closed (story S15).
type oldAnswer string

const (
	oldAgain oldAnswer = "again"
	oldNew   oldAnswer = "new"
)

// reopens reports whether the draft says that a case which ended is not over.
func (d *draft) reopens() bool { return d.OldSaid == oldAgain && d.Old != 0 }

// asksOld reports whether the reporter is asked if it is still the same. Pictures go with a report of their own.
func (d *draft) asksOld() bool {
	return d.calm() && !d.passedOn() && d.Old != 0 && d.Twin == 0 && !d.shows()
}

// seekOld looks for a case that the person told of before, of the same kind and street, which ended and may still be taken
// up again.
func seekOld(ctx context.Context, t *bot.Turn, d *draft) error {
	d.Old, d.OldSaid = 0, ""
	if t.Actor.Guest() || d.category() == civic.Other {
		return nil
	}
	_, cases, err := t.Tx.ReportsBy(ctx, t.Actor.ID, mostMine)
	if err != nil {
		return fmt.Errorf("own cases: %w", err)
	}
	for _, c := range cases {
		if c.Network == t.Network.ID && c.Category == d.category() && c.Street == d.Place.Street && mayAgain(t, c) {
			d.Old = c.ID
			return nil
		}
	}
	return nil
}

// mayAgain reports whether a case that ended may be asked to be taken up again.
func mayAgain(t *bot.Turn, c civic.Case) bool {
	return c.Status.May(civic.ReopenRequested) && tooOften(t, c) == nil
}

// oldStep asks whether it is still the same.
func oldStep() bot.Step[draft] {
	pick := bot.Pick("old", func(d *draft) *oldAnswer { return &d.OldSaid }, oldAgain, oldNew)
	said := func(d *draft) bool { return d.OldSaid != "" }
	return bot.If((*draft).asksOld, bot.Filled(said, bot.Step[draft](crying{recalling{pick}})))
}

type recalling struct{ bot.Step[draft] }

// Ask implements [bot.Step].
func (s recalling) Ask(ctx context.Context, t *bot.Turn, form string, d draft) (bot.Message, error) {
	m, err := s.Step.Ask(ctx, t, form, d)
	if err != nil {
		return m, err
	}
	c, err := t.Tx.Case(ctx, d.Old)
	if err != nil {
		return m, fmt.Errorf("old case: %w", err)
	}
	m.Text = t.T("report.old.ask", "ref", c.Ref, "day", day(t, t.Lang(), c.Created))
	return m, nil
}

// reopenOld asks for the old case to be taken up again, unless that was done, with the words of the draft; false when it
// cannot be, and the draft makes a case of its own.
func reopenOld(ctx context.Context, t *bot.Turn, d draft) (bool, error) {
	c, err := t.Tx.Case(ctx, d.Old)
	asked := c.Status == civic.ReopenRequested // by now, with a press or by another of its reporters
	if err != nil || !asked && !mayAgain(t, c) || d.Hint != "" && !c.Sensitive() {
		return false, err
	}
	report, err := reportOf(ctx, t, c)
	if err != nil || report.ID == 0 {
		return false, err
	}
	if !asked {
		report.Verdict = civic.VerdictNo
		if err := t.Tx.SaveFollow(ctx, report); err != nil {
			return false, err
		}
		if err := askAgain(ctx, t, c, "case.owner.again"); err != nil {
			return false, err
		}
	}
	on := ""
	if len(d.Pieces) > 0 {
		on = d.Pieces[0].Message
	}
	return true, verdictGiven(ctx, t, judgement{Ref: c.Ref, Words: d.textIn(t, networkLang(t)), On: on})
}
