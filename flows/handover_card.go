package flows

import (
	"context"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// refreshHandover brings the cards of a case before its partners up to date, except those that say already that the case
// is back with the coordinators.
func refreshHandover(ctx context.Context, t *bot.Turn, c civic.Case) error {
	all, err := holders(ctx, t, c)
	if err != nil {
		return err
	}
	for _, h := range all {
		back := h.Status == civic.InTriage && t.Now.Sub(h.At) >= time.Millisecond
		if back && !theirs(c, h) {
			continue
		}
		if err := t.Refresh(ctx, handoverAbout(c, h.Partner)); err != nil {
			return err
		}
	}
	return nil
}

// handoverCard shows a case to a partner: what it needs, and nothing of who told it. When it is not theirs any more, what
// was told is not for them to read.
func handoverCard(ctx context.Context, t *bot.Turn, lang, id string) (bot.Message, error) {
	number, partner := handoverRef(id)
	c, err := caseOf(ctx, t, number)
	if err != nil {
		return bot.Message{}, err
	}
	h, err := handoverOf(ctx, t, c, partner)
	if err != nil {
		return bot.Message{}, err
	}
	f, err := factsFor(ctx, t, &facts{lang: lang, police: partner == civic.Police && theirs(c, h)}, c)
	if err != nil {
		return bot.Message{}, err
	}
	if !theirs(c, h) {
		return bot.Message{
			Text: lines(f.head, f.state), Version: c.Version, Rows: bot.Rows(handoverChoices(t, lang, c, h)...),
		}, nil
	}
	text := f.text()
	if h.Status == civic.Accepted && h.By != 0 {
		name, err := colleague(ctx, t, lang, h.By)
		if err != nil {
			return bot.Message{}, err
		}
		text += "\n" + t.In(lang, "handover.card.by", "name", name)
	}
	choices := append(handoverChoices(t, lang, c, h), readChoice(t, lang, c, f, false)...)
	reports, err := t.Tx.Reports(ctx, c.ID)
	if err != nil {
		return bot.Message{}, err
	}
	where, err := f.where(ctx, t, c, reports)
	if err != nil {
		return bot.Message{}, err
	}
	matter := &bot.Matter{Category: string(c.Category), Place: where, Point: toldPlace(c, reports).Point}
	var enclosed []int64 // never those that police alone may see
	for _, r := range reports {
		enclosed = append(enclosed, r.Photos...)
	}
	return bot.Message{
		Urgent: pressing(c), Matter: matter, Enclosed: enclosed,
		Text: text, Version: c.Version, Rows: bot.Rows(choices...), Hint: t.In(lang, "handover.words.hint"),
	}, nil
}

// handoverTitle is what a case is called above a mail about it: its reference and nothing of what was told.
func handoverTitle(ctx context.Context, t *bot.Turn, lang, id string) (string, error) {
	ref, err := handoverName(ctx, t, id)
	return t.In(lang, "handover.title", "ref", ref), err
}

// handoverName is the reference of the case on a partner's card.
func handoverName(ctx context.Context, t *bot.Turn, id string) (string, error) {
	number, _ := handoverRef(id)
	return caseName(ctx, t, number)
}

// handoverChoices are what a partner can do with a case now.
func handoverChoices(t *bot.Turn, lang string, c civic.Case, h civic.Handover) []bot.Choice {
	press := func(key string) bot.Choice { return bot.Choice{Key: key, Label: t.In(lang, "handover.button."+key)} }
	var choices []bot.Choice
	switch {
	case early(c, h):
		choices = []bot.Choice{press("accept")}
	case finished(c, h):
		return []bot.Choice{press("again")}
	case !theirs(c, h):
		return nil
	case h.Status == civic.Accepted:
		choices = []bot.Choice{press("plan"), press("return"), press("done")}
	default:
		choices = []bot.Choice{press("accept"), press("plan"), press("return"), press("done")}
	}
	if h.Partner != civic.Police {
		return choices
	}
	if c.Subject != civic.SubjectNobody {
		return choices // an alert made of it would tell everybody, also whom it is about
	}
	return append(choices, bot.Choice{Link: linkAlarm + c.Ref, Label: t.In(lang, "handover.button.alarm")})
}
