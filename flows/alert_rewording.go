package flows

import (
	"context"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// rewording asks what is said about an alert that is out: corrected, or added at its end.
type rewording struct {
	writing[follow]

	timed bool // instead of the text, only the time may be corrected
}

func followText(most int, asks ...string) rewording {
	return rewording{writing: writing[follow]{
		name: "text", in: func(f *follow) *wording { return &f.Words }, most: most, asks: asks,
	}}
}

// Ask asks of a text that sounds urgent whether there is danger now.
func (s rewording) Ask(ctx context.Context, t *bot.Turn, form string, f follow) (bot.Message, error) {
	if f.Doubt != "" {
		return doubted(t, f.Doubt), nil
	}
	m, err := s.writing.Ask(ctx, t, form, f)
	if s.onlyTime(f) {
		m.Rows = append(m.Rows, bot.Rows(onlyWhen(t))...)
	}
	return m, err
}

// onlyTime reports whether the text may stay as it is, and only the time be corrected.
func (s rewording) onlyTime(f follow) bool {
	return s.timed && f.Kind != civic.InfoAlert && f.Doubt == "" && f.Words.Draft == ""
}

func onlyWhen(t *bot.Turn) bot.Choice {
	return bot.Choice{Key: wordingWhen, Label: t.T("alert.wording." + wordingWhen)}
}

// Clear forgets the text, and the doubt about it.
func (s rewording) Clear(f *follow) {
	f.Doubt, f.Timed = "", false
	s.writing.Clear(f)
}

// Take takes the text, as [informed.Take] does: what may not be sent as a message may not follow one either.
func (s rewording) Take(ctx context.Context, t *bot.Turn, in bot.Input, f *follow) error {
	if c := onlyWhen(t); s.onlyTime(*f) && (in.Choice == c.Key || chosenLabel(in.Text, c, 1)) {
		f.Timed, f.When = true, time.Time{}
		return nil
	}
	before := f.Words
	if f.Doubt != "" && calmed(t, in) {
		text := f.Doubt
		f.Doubt = ""
		return f.Words.take(t, text, s.may(t, *f))
	}
	if err := s.writing.Take(ctx, t, in, f); err != nil {
		return err
	}
	f.Doubt, f.Timed = "", false
	a, err := alertOf(ctx, t, f.Alert)
	if f.When.IsZero() { // it was to be corrected alone, and then it was not
		f.When = a.Happened
	}
	if err != nil || t.Actor.Holds(civic.Police, a.Scope(), t.Late()) {
		return err
	}
	return civilian(t, &f.Words, before, &f.Doubt)
}
