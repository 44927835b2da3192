package flows

import (
	"context"
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

func timingKeys() []string {
	return []string{"report.when." + string(civic.AskFound), "report.when." + string(civic.AskLastSeen)}
}
