package flows

import (
	"context"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// caseCard shows a case to coordinators. A sensitive one says only that it is there, because street coordinators read
// along (domain §5.3).
func caseCard(ctx context.Context, t *bot.Turn, lang, id string) (bot.Message, error) {
	c, err := caseOf(ctx, t, id)
	if err != nil {
		return bot.Message{}, err
	}
	f, err := factsOf(ctx, t, lang, c, false)
	if err != nil {
		return bot.Message{}, err
	}
	if err := f.notes(ctx, t, c); err != nil {
		return bot.Message{}, err
	}
	sensitive := c.Sensitive()
	m := bot.Message{Text: f.text(), Version: c.Version}
	if sensitive {
		m.Text = f.covered(t, c)
	}
	if inCare(c.Status) && !sensitive {
		m.Text += "\n\n" + t.In(lang, "case.card.reply")
	}
	m.Rows = bot.Rows(append(caseChoices(t, lang, c), readChoice(t, lang, c, f, sensitive)...)...)
	return m, nil
}

// readChoice leads to what a card does not show.
func readChoice(t *bot.Turn, lang string, c civic.Case, f *facts, covered bool) []bot.Choice {
	key := ""
	switch {
	case c.Status == civic.Withdrawn:
		return nil
	case covered:
		key = "case.button.read"
	case len(f.photos) > 0:
		key = "case.button.photos"
	case f.cut:
		key = "case.button.whole"
	default:
		return nil
	}
	return []bot.Choice{{Link: linkRead + c.Ref, Label: t.In(lang, key)}}
}

// caseChoices are what coordinators can do with a case now.
func caseChoices(t *bot.Turn, lang string, c civic.Case) []bot.Choice {
	press := func(key string) bot.Choice { return bot.Choice{Key: key, Label: t.In(lang, "case.button."+key)} }
	ask := bot.Choice{Link: linkAsk + c.Ref, Label: t.In(lang, "case.button.ask")}
	done := bot.Choice{Link: linkClose + c.Ref, Label: t.In(lang, "case.button.close")}
	note := bot.Choice{Link: linkNote + c.Ref, Label: t.In(lang, "case.button.note")}
	later := bot.Choice{Link: linkLater + c.Ref, Label: t.In(lang, "case.button.later")}
	switch c.Status {
	case civic.Snoozed, civic.Duplicate:
		return []bot.Choice{press("take")}
	case civic.Received, civic.Reopened, civic.InTriage, civic.InfoRequested, civic.InfoReceived:
		if c.Owner == 0 {
			return []bot.Choice{press("take"), ask, press("forward"), done}
		}
		if c.Urgency == civic.Emergency {
			return []bot.Choice{ask, press("forward"), done, note, press("release")}
		}
		return []bot.Choice{ask, press("forward"), done, note, later, press("release")}
	case civic.Forwarded:
		return []bot.Choice{press("fetch"), done, note}
	case civic.Accepted, civic.Planned:
		return []bot.Choice{done, note}
	case civic.Resolved, civic.Closed:
		return []bot.Choice{press("reopen")}
	case civic.ReopenRequested:
		return []bot.Choice{press("reopen"), press("leave")}
	case civic.Withdrawn:
	}
	return nil
}

// triageKeys are the texts whose keys are made while talking.
func triageKeys() []string {
	keys := []string{
		"refused." + string(civic.ReadCase), "refused." + string(civic.ReadSensitive),
		"refused." + string(civic.TriageCase), "refused." + string(civic.WorkCase),
	}
	for status := range civic.CaseMoves {
		keys = append(keys, "case.status."+string(status))
	}
	for _, reason := range civic.CloseReasons {
		keys = append(keys, "close.reason."+string(reason), "close.told."+string(reason))
	}
	for _, called := range []civic.Called{civic.CalledYes, civic.CalledNo, civic.CalledOther, civic.CalledUnknown} {
		keys = append(keys, "case.called."+string(called))
	}
	for _, when := range []civic.When{civic.Now, civic.MinutesAgo, civic.EarlierDay, civic.Earlier} {
		keys = append(keys, "case.when."+string(when))
	}
	for _, status := range []civic.Status{civic.Forwarded, civic.Accepted, civic.InTriage, civic.Resolved} {
		keys = append(keys, "case.card.handover."+string(status))
	}
	for button := range caseDeeds {
		keys = append(keys, "case.button."+button)
	}
	for button := range handoverDeeds {
		keys = append(keys, "handover.button."+button)
	}
	return keys
}
