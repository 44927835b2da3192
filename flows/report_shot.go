package flows

import (
	"context"
	"errors"

	"github.com/paulmach/orb"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// shotAnswer is what a reporter answers to whether it is where their picture says that it was made.
type shotAnswer string

const (
	shotYes shotAnswer = "yes"
	shotNo  shotAnswer = "no"
)

// suggestShot takes, from where a picture says that it was made, the street to ask about; of the place itself nothing is
// kept. It suggests once, and only a street that is clear and ours (story S05).
func suggestShot(ctx context.Context, t *bot.Turn, at orb.Point, d *draft) (bool, error) {
	if d.Place != (civic.Place{}) || d.Shot != 0 || d.ShotSaid != "" || !d.goesOn() {
		return false, nil
	}
	found, err := t.Pinned(ctx, at)
	if err != nil || len(found) != 1 {
		return false, err
	}
	d.Shot = found[0].ID
	return true, nil
}

// asksShot reports whether it is asked if it is where the picture was made.
func (d *draft) asksShot() bool { return d.goesOn() && d.Shot != 0 && d.Place == (civic.Place{}) }

// shooting is that question.
type shooting struct{ bot.Step[draft] }

// shotStep stands before the question for the place, which it may spare.
func shotStep() bot.Step[draft] {
	pick := bot.Pick("shot", func(d *draft) *shotAnswer { return &d.ShotSaid }, shotYes, shotNo)
	return bot.If((*draft).asksShot, bot.Step[draft](crying{shooting{pick}}))
}

// Ask names the street.
func (s shooting) Ask(ctx context.Context, t *bot.Turn, form string, d draft) (bot.Message, error) {
	m, err := s.Step.Ask(ctx, t, form, d)
	if err != nil {
		return m, err
	}
	place, err := placeLabel(ctx, t, t.Lang(), civic.Place{Street: d.Shot})
	m.Text = t.T("report.shot.ask", "place", place)
	return m, err
}

// Take takes yes or no, or the place in words.
func (s shooting) Take(ctx context.Context, t *bot.Turn, in bot.Input, d *draft) error {
	err := s.Step.Take(ctx, t, in, d)
	if _, refused := errors.AsType[*bot.Refusal](err); refused && !civic.Blank(in.Text) {
		place, unknown := t.Locate(ctx, in)
		if unknown != nil {
			return unknown
		}
		d.Place, d.Shot, d.ShotSaid = place, 0, shotNo
		return nil
	}
	if err != nil {
		return err
	}
	if d.ShotSaid == shotYes {
		d.Place = civic.Place{Street: d.Shot}
	}
	d.Shot = 0
	return nil
}

// Clear keeps that it was asked: a picture suggests once.
func (shooting) Clear(d *draft) { d.Shot = 0 }
