package flows

import (
	"context"
	"slices"
	"strings"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// callsMessage names how many cases wait, and of what kind, with the way to each kind.
func callsMessage(ctx context.Context, t *bot.Turn, cases []civic.Case, lang string) (bot.Message, error) {
	text, choices, err := callsLines(ctx, t, cases, lang, false)
	if err != nil {
		return bot.Message{}, err
	}
	choices = append(choices, bot.Choice{Link: linkOpen + viewAll, Label: t.In(lang, "case.calls.open")})
	return bot.Message{
		Text: strings.Join(append(text, t.In(lang, "case.calls.take")), "\n"), Rows: bot.Rows(choices...),
		Silent: cases[0].Urgency != civic.Emergency && atNight(t),
	}, nil
}

// callsLines says how many cases wait in which street group, and lists them by kind and street; of what street coordinators
// may not read it says in a room's words that it is there.
func callsLines(
	ctx context.Context, t *bot.Turn, cases []civic.Case, lang string, police bool,
) ([]string, []bot.Choice, error) {
	area, err := callsArea(ctx, t, cases[0])
	if err != nil {
		return nil, nil, err
	}
	key := "case.calls.head"
	if cases[0].Urgency == civic.Emergency {
		key = "case.calls.head.urgent"
	}
	text := []string{t.In(lang, key, "count", len(cases), "area", area, "time", moment(t, lang, cases[0].Created))}
	covered := func(c civic.Case) bool { return c.Sensitive() && !police }
	open := slices.DeleteFunc(slices.Clone(cases), covered)
	groups := together(open)
	var choices []bot.Choice
	for _, g := range groups[:min(rushLines, len(groups))] {
		line, err := rushLine(ctx, t, lang, g)
		if err != nil {
			return nil, nil, err
		}
		text = append(text, line)
		choices = append(choices, bot.Choice{Link: linkRead + g.cases[0].Ref, Label: g.cases[0].Ref})
	}
	if hidden := len(cases) - len(open); hidden > 0 {
		text = append(text, t.In(lang, "case.calls.sensitive", "count", hidden))
	}
	return text, choices, nil
}

func callsArea(ctx context.Context, t *bot.Turn, c civic.Case) (string, error) {
	if c.Group == 0 {
		return t.Network.Name, nil
	}
	area, err := t.Tx.Area(ctx, c.Group)
	return area.Name, err
}
