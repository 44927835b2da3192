package flows

import (
	"context"
	"slices"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// The things that a reporter can add from the review, and are never asked by themselves.
const (
	alsoPerson  = "person"
	alsoVehicle = "vehicle"
	alsoBehalf  = "behalf"
)

// adding is the question what else there is to say; it is put only on request.
type adding struct{ bot.Step[draft] }

// addStep offers what can be added.
func addStep() bot.Step[draft] {
	pick := bot.Pick("also", func(d *draft) *string { return &d.Also }, alsoPerson, alsoVehicle, alsoBehalf)
	return bot.Offered(func(*draft) bool { return false }, bot.Step[draft](adding{pick}))
}

// Take implements [bot.Step].
func (a adding) Take(ctx context.Context, t *bot.Turn, in bot.Input, d *draft) error {
	if err := a.Step.Take(ctx, t, in, d); err != nil {
		return err
	}
	switch d.Also {
	case alsoPerson, alsoVehicle:
		d.describe(d.Also)
	case alsoBehalf:
		d.Behalf = !d.Behalf
	}
	d.Also = ""
	return nil
}

// describe opens one more person or vehicle, if there is room.
func (d *draft) describe(kind string) {
	i := slices.IndexFunc(d.Subjects[:], func(s subject) bool { return s.Kind == "" })
	if i < 0 {
		return
	}
	d.Subjects[i].Kind = kind
	if i > 0 {
		d.Subjects[i-1].Next = kind
	}
}

// alsoLines are what the review says of all that.
func (d *draft) alsoLines(t *bot.Turn, r civic.Report) []string {
	var lines []string
	for _, told := range r.Extra {
		lines = append(lines, t.T("case.card.extra", "label", told.Label, "words", told.Words))
	}
	for _, p := range r.Persons {
		lines = append(lines, personLines(t, t.Lang(), p)...)
		if p.LanguageHeard != "" {
			lines = append(lines, t.T("report.review.language", "words", p.LanguageHeard))
		}
	}
	for _, v := range r.Vehicles {
		lines = append(lines, t.T("case.card.vehicle", "words", vehicleLine(t, t.Lang(), v)))
		if v.Plate != "" {
			lines = append(lines, t.T("report.review.plate", "plate", v.Plate))
		}
	}
	if d.Behalf {
		lines = append(lines, t.T("report.review.behalf"))
	}
	if n := len(d.Faces); n > 0 {
		lines = append(lines, t.T("report.review.faces", "count", n))
	}
	if n := len(d.Recordings); n > 0 {
		lines = append(lines, t.T("report.review.recordings", "count", n))
	}
	return lines
}
