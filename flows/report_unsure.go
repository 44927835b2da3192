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

// unsorted takes a report of which somebody does not know what it is about, for a coordinator to sort. Who knows the family and
// no more has told that, and their story may tell the rest.
func (d *draft) unsorted(step string) {
	if step == "category" && len(civic.InFamily(d.Family)) > 1 {
		d.Unsure, d.Category = true, ""
		return
	}
	d.Family, d.Category = civic.FamilyOther, civic.Other
}

// roughly is the category of a report of which only the family is known: one that the street does not read, when that holds for
// all of the family.
func (d draft) roughly() civic.Category {
	all := civic.InFamily(d.Family)
	for _, c := range all {
		if !c.Sensitive() {
			return civic.Other
		}
	}
	return all[0]
}

// familySaid is the family that a reporter chose who could not choose further, as coordinators read it.
func (d draft) familySaid(t *bot.Turn, lang string) []civic.Told {
	if !d.Unsure || d.Category != "" {
		return nil
	}
	return []civic.Told{{Label: t.In(lang, "report.unsure.family"), Words: t.In(lang, "family."+string(d.Family))}}
}
