package flows

import (
	"context"
	"errors"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// parting takes from first words that tell of two things what is about the first; the other waits for a report of its own. What
// is whole stays so.
func (d *draft) parting(in bot.Input, whole bool) bot.Input {
	if whole || d.What != "" || d.Other != "" || d.Alert != 0 || in.Media != nil || in.Text == "" {
		return in
	}
	if first, second, two := civic.TwoMatters(in.Text); two {
		in.Text, d.Other = first, second
	}
	return in
}

// sayTwo says that both were heard, and which comes first.
func (d draft) sayTwo(ctx context.Context, t *bot.Turn) error {
	if d.Other == "" {
		return nil
	}
	return t.Say(ctx, "report.two", "words", civic.Clean(d.Other, longestExtra))
}

// rejoin puts the other matter back into the story.
func (d *draft) rejoin() {
	if d.Other != "" {
		d.What, d.Other = civic.Clean(d.What+"\n"+d.Other, longestReport), ""
	}
}

// keepWhole puts it back where no report of its own can follow: for a guest, for what is only passed on, and when somebody has
// told as much as they may. In danger it was put back before, see [draft.endanger].
func (r reporting) keepWhole(ctx context.Context, t *bot.Turn, d *draft) error {
	if d.Other == "" {
		return nil
	}
	told := 0
	if r.perHour > 0 && !t.Actor.Guest() {
		var err error
		if told, err = t.Tx.ReportsSince(ctx, t.Actor.ID, t.Now.Add(-time.Hour)); err != nil {
			return err
		}
	}
	if d.passedOn() || t.Actor.Guest() || r.perHour > 0 && told+1 >= r.perHour {
		d.rejoin()
	}
	return nil
}

// tellOther begins a report with the other matter, once the first is done with.
func (d draft) tellOther(ctx context.Context, t *bot.Turn) error {
	if d.Other == "" {
		return nil
	}
	if err := t.Say(ctx, "report.two.next", "stop", t.T("form.cancel")); err != nil {
		return err
	}
	err := t.Begin(ctx, reportForm, bot.Input{Text: d.Other})
	if why, refused := errors.AsType[*bot.Refusal](err); refused {
		return t.Say(ctx, why.Key, why.Args...)
	}
	return err
}
