package flows

import (
	"context"
	"slices"
	"strings"

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

// Ask implements [bot.Step].
func (s unsure) Ask(ctx context.Context, t *bot.Turn, form string, d draft) (bot.Message, error) {
	m, err := s.Step.Ask(ctx, t, form, d)
	return d.noted(t, m), err
}

// Yields lets what else is told there be taken as more of the story.
func (unsure) Yields(t *bot.Turn, in bot.Input) bool { return besides(t, in) }

// wondering is the question where it was: who does not know is told how to go on.
type wondering struct{ bot.Step[draft] }

// Take implements [bot.Step].
func (s wondering) Take(ctx context.Context, t *bot.Turn, in bot.Input, d *draft) error {
	if unknowing(t, in.Text) {
		return bot.Refuse("report.where.unsure", "elsewhere", t.T("form.place.elsewhere"))
	}
	err := s.Step.Take(ctx, t, in, d)
	if err == nil && d.When == "" && in.Choice == "" {
		d.When = civic.Understand(in.Text, nil).When // "Kastanjelaan, vannacht"
	}
	return err
}

// unsorted takes a report of which somebody does not know what it is about, for a coordinator to sort. Who knows the family and
// no more has told that, and their story may tell the rest.
func (d *draft) unsorted(step string) {
	if step == "category" && len(civic.InFamily(d.Family)) > 1 {
		d.Unsure, d.Category = true, ""
		return
	}
	d.Unsure, d.Family, d.Category = true, civic.FamilyOther, ""
}

// unsortedStill reports whether nobody, and nothing in the story, said yet what it is about.
func (d *draft) unsortedStill() bool { return d.Unsure && d.Category == "" }

// mayBe reports whether a category fits what was chosen: anything does when nothing was, and what is of the family when that is
// all that is known.
func (d *draft) mayBe(c civic.CategoryInfo) bool {
	return d.Family == "" || d.Unsure && (d.Family == civic.FamilyOther || d.Family == c.Family)
}

// kindLabel is what it is about as the reporter reads it, who may not know.
func (d *draft) kindLabel(t *bot.Turn) string {
	if d.unsortedStill() && d.category() == civic.Other {
		return t.T("when.unknown")
	}
	return categoryLabel(t, t.Lang(), d.category())
}

// unsortedBy reports whether a reporter could not say what it is about.
func unsortedBy(t *bot.Turn, reports []civic.Report) bool {
	label := t.In(networkLang(t), "report.unsure.family")
	return slices.ContainsFunc(reports, func(r civic.Report) bool {
		return slices.ContainsFunc(r.Extra, func(said civic.Told) bool { return said.Label == label })
	})
}

// roughly is the category of a report of which only the family is known: one that the street does not read, when that holds for
// all of the family.
func (d *draft) roughly() civic.Category {
	all := civic.InFamily(d.Family)
	for _, c := range all {
		if !c.Sensitive() {
			return civic.Other
		}
	}
	return all[0]
}

// familySaid is the family that a reporter chose who could not choose further, as coordinators read it.
func (d *draft) familySaid(t *bot.Turn, lang string) []civic.Told {
	if !d.unsortedStill() {
		return nil
	}
	words := t.In(lang, "family."+string(d.Family))
	if d.Family == civic.FamilyOther {
		words = strings.ToLower(t.In(lang, "when.unknown"))
	}
	return []civic.Told{{Label: t.In(lang, "report.unsure.family"), Words: words}}
}
