package flows

import (
	"context"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// unsure is a question that may be passed over with "I do not know" in words.
type unsure struct{ bot.Step[draft] }

func mayPass(s bot.Step[draft]) bot.Step[draft] { return unsure{s} }

// Take implements [bot.Step].
func (s unsure) Take(ctx context.Context, t *bot.Turn, in bot.Input, d *draft) error {
	if unknowing(t, in.Text) {
		s.Clear(d)
		return nil
	}
	return s.Step.Take(ctx, t, in, d)
}

// wondering is the question where it was: who does not know is told how to go on.
type wondering struct{ bot.Step[draft] }

// Take implements [bot.Step].
func (s wondering) Take(ctx context.Context, t *bot.Turn, in bot.Input, d *draft) error {
	if unknowing(t, in.Text) {
		return bot.Refuse("report.where.unsure", "elsewhere", t.T("form.place.elsewhere"))
	}
	return s.Step.Take(ctx, t, in, d)
}

// unsorted takes a report of which somebody does not know what it is about, for a coordinator to sort.
func (d *draft) unsorted() { d.Family, d.Category = civic.FamilyOther, civic.Other }
