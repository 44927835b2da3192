package flows

import (
	"context"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// refreshHandover brings the card of a case before the police up to date, unless it says already that the case is back
// with the coordinators.
func refreshHandover(ctx context.Context, t *bot.Turn, c civic.Case) error {
	h, err := policeHandover(ctx, t, c)
	if err != nil {
		return err
	}
	if back := h.Status == civic.InTriage && t.Now.Sub(h.At) >= time.Millisecond; back && !theirs(c) {
		return nil
	}
	return t.Refresh(ctx, bot.About(handoverKind, c.ID))
}

// handoverCard shows a case to the police. When it is not theirs any more, what was told is not for them to read.
func handoverCard(ctx context.Context, t *bot.Turn, lang, id string) (bot.Message, error) {
	c, err := caseOf(ctx, t, id)
	if err != nil {
		return bot.Message{}, err
	}
	f, err := factsOf(ctx, t, lang, c, false)
	if err != nil {
		return bot.Message{}, err
	}
	if !theirs(c) {
		return bot.Message{Text: lines(f.head, f.state), Version: c.Version}, nil
	}
	by, err := acceptedBy(ctx, t, c)
	if err != nil {
		return bot.Message{}, err
	}
	text := f.text()
	if by != 0 {
		name, err := colleague(ctx, t, lang, by)
		if err != nil {
			return bot.Message{}, err
		}
		text += "\n" + t.In(lang, "handover.card.by", "name", name)
	}
	choices := append(handoverChoices(t, lang, c), readChoice(t, lang, c, f, false)...)
	return bot.Message{Text: text, Version: c.Version, Rows: bot.Rows(choices...)}, nil
}

// handoverChoices are what the police can do with a case now.
func handoverChoices(t *bot.Turn, lang string, c civic.Case) []bot.Choice {
	press := func(key string) bot.Choice { return bot.Choice{Key: key, Label: t.In(lang, "handover.button."+key)} }
	var choices []bot.Choice
	switch {
	case c.Status == civic.Forwarded:
		choices = []bot.Choice{press("accept"), press("return"), press("done")}
	case c.Status == civic.Accepted:
		choices = []bot.Choice{press("return"), press("done")}
	case early(c):
		choices = []bot.Choice{press("accept")}
	default:
		return nil
	}
	if c.Subject != civic.SubjectNobody {
		return choices // an alert made of it would tell everybody, also whom it is about
	}
	return append(choices, bot.Choice{Link: "alarm-" + c.Ref, Label: t.In(lang, "handover.button.alarm")})
}
