package flows

import (
	"context"
	"errors"
	"slices"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// timing asks when it was, in the words that fit the category: when something was found, or seen last.
type timing struct{ bot.Step[draft] }

// Ask implements [bot.Step].
func (s timing) Ask(ctx context.Context, t *bot.Turn, form string, d draft) (bot.Message, error) {
	m, err := s.Step.Ask(ctx, t, form, d)
	info, _ := d.category().Info()
	for _, key := range []civic.Extra{civic.AskFound, civic.AskLastSeen} {
		if slices.Contains(info.Ask, key) {
			m.Text = t.T("report.when." + string(key))
		}
	}
	return m, err
}

// Take implements [bot.Step]: a time in words of one's own is understood as it is in a story, "gisteren" or "tien minuten
// geleden".
func (s timing) Take(ctx context.Context, t *bot.Turn, in bot.Input, d *draft) error {
	err := s.Step.Take(ctx, t, in, d)
	if refusal := (*bot.Refusal)(nil); errors.As(err, &refusal) {
		if when := civic.Understand(in.Text, nil).When; when != "" {
			d.When = when
			return nil
		}
	}
	return err
}

func timingKeys() []string {
	return []string{"report.when." + string(civic.AskFound), "report.when." + string(civic.AskLastSeen)}
}
