package flows

import (
	"context"
	"errors"
	"slices"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// sourcing is the question where the reporter has it from. Of what looks passed on it is put first, with the emergency
// number: a rumour needs no form, and a child in danger no rumour (story S09).
type sourcing struct{ bot.Step[draft] }

// Ask implements [bot.Step].
func (s sourcing) Ask(ctx context.Context, t *bot.Turn, form string, d draft) (bot.Message, error) {
	m, err := s.Step.Ask(ctx, t, form, d)
	if d.Rumour {
		m.Text = t.T("report.source.rumour")
	}
	return m, err
}

// Take implements [bot.Step]: the source in words of one's own is understood as it is in a story. Who names somebody has it from
// them.
func (s sourcing) Take(ctx context.Context, t *bot.Turn, in bot.Input, d *draft) error {
	err := s.Step.Take(ctx, t, in, d)
	if _, refused := errors.AsType[*bot.Refusal](err); !refused {
		return err
	}
	if source := civic.SourceAsked(in.Text); source != "" {
		d.Source = source
		return nil
	}
	return err
}

// sourceStep asks for the source, at the beginning or near the end.
func sourceStep() bot.Step[draft] {
	return bot.Optional(mayPass(sourcing{bot.Pick("source", func(d *draft) *civic.Source { return &d.Source },
		civic.Sources...)}))
}

// asksSource reports whether it matters where the reporter has it from, and is not known: for what people do, and not
// for a lamp that is broken; and for whatever comes with a picture that was passed on.
func (d *draft) asksSource() bool {
	info, _ := d.category().Info()
	matters := []civic.Family{civic.FamilySafety, civic.FamilyDanger, civic.FamilySocialNuisance, civic.FamilyWelfare}
	if d.Passed {
		return d.goesOn() && !d.Rumour && d.Alert == 0
	}
	return d.alone() && !d.Rumour && d.Alert == 0 && (d.Source != "" || slices.Contains(matters, info.Family))
}

// spareTime reports whether the source is asked for by itself. Who was asked about a call and how somebody looked has answered
// as many questions as a report may take, and can still tell it before sending.
func (d *draft) spareTime() bool {
	info, _ := d.category().Info()
	return d.Passed || d.Called == "" && !info.EmergencyFirst || d.describes() != subjectPerson
}

// source is where the reporter has it from. Who does not say so of what was passed on has it from others: a copy proves nothing
// (story S09). Who tells of danger in their own words is not asked.
func (d *draft) source() civic.Source {
	own := d.fast() && !civic.Blank(d.What)
	switch {
	case d.Source != "":
		return d.Source
	case d.Rumour || d.Passed && !own:
		return civic.SourceForwarded
	case d.joins():
		return civic.SourceSeen // that is what "seen as well" says
	}
	return ""
}

// rumours reports whether it is asked first of all where a message comes from that seems to go round.
func (d *draft) rumours() bool { return d.Rumour && d.calm() }

// witnessed reports whether the reporter was there, or saw it on a camera.
func (d *draft) witnessed() bool {
	return d.Source == civic.SourceSeen || d.Source == civic.SourceHeard || d.Source == civic.SourceCamera
}

// passedOn reports whether the reporter only passes on what others wrote, so that nothing more is asked.
func (d *draft) passedOn() bool {
	return d.Rumour && (d.Source == civic.SourceForwarded || d.Source == civic.SourceTold)
}

// rumoured reports whether what was said looks like a message that goes round. A picture alone says nothing: it is asked later
// where that comes from.
func rumoured(in bot.Input) bool {
	return in.Forwarded && !civic.Blank(in.Words()) || slices.ContainsFunc(civic.Lint(in.Words()), func(h civic.Hit) bool {
		return h.Rule == civic.LintForwarded
	})
}
