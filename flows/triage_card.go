package flows

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// cardGather is how long changes of a case are gathered for its card in a group that bears few writes: what somebody does who
// takes a case, hands it on and closes it within a minute is one write after the first, so that a report costs the group
// three (telegram.md).
const cardGather = 20 * time.Second

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
	m := bot.Message{Text: f.text(), Version: c.Version, Urgent: pressing(c)}
	if sensitive {
		m.Text = f.covered(t, c)
	}
	if inCare(c.Status) && !sensitive {
		m.Text += "\n\n" + t.In(lang, "case.card.reply")
	}
	choices, err := caseChoices(ctx, t, lang, c)
	m.Rows = bot.Rows(append(choices, readChoice(t, lang, c, f, sensitive)...)...)
	return m, err
}

// closedKey is what stands in the place of a case that somebody has nothing to do with any more.
const closedKey = "case.card.closed"

// barredByCase reports whether a case may be about the person, who then reads nothing of it.
func barredByCase(ctx context.Context, t *bot.Turn, person int64, id string) (bool, error) {
	c, m, err := reading(ctx, t, person, id)
	return c.Subject.Bars(m), err
}

// barredByHandover is that of the card of a case before a partner.
func barredByHandover(ctx context.Context, t *bot.Turn, person int64, id string) (bool, error) {
	number, _ := handoverRef(id)
	return barredByCase(ctx, t, person, number)
}

// reading is a case, and who reads it, as its network knows them.
func reading(ctx context.Context, t *bot.Turn, person int64, id string) (civic.Case, civic.Member, error) {
	c, err := caseOf(ctx, t, id)
	if err != nil {
		return c, civic.Member{}, err
	}
	t, err = inNetwork(ctx, t, c.Network)
	if err != nil {
		return c, civic.Member{}, err
	}
	m, err := t.Person(ctx, person)
	return c, m, err
}

// pressing reports whether the cards of a case go before everything else.
func pressing(c civic.Case) bool { return c.Urgency == civic.Emergency && !c.Status.Ended() }

// readChoice leads to what a card does not show.
func readChoice(t *bot.Turn, lang string, c civic.Case, f *facts, covered bool) []bot.Choice {
	key := ""
	switch {
	case c.Status == civic.Withdrawn:
		return nil
	case covered:
		key = "case.button.read"
	case f.recorded > 0 && f.recorded == len(f.photos):
		key = "case.button.recordings"
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
func caseChoices(ctx context.Context, t *bot.Turn, lang string, c civic.Case) ([]bot.Choice, error) {
	press := func(key string) bot.Choice { return bot.Choice{Key: key, Label: t.In(lang, "case.button."+key)} }
	link := func(way, key string) bot.Choice {
		return bot.Choice{Link: way + c.Ref, Label: t.In(lang, "case.button."+key)}
	}
	ask, done, note := link(linkAsk, "ask"), link(linkClose, "close"), link(linkNote, "note")
	forward, fetch, err := partnerChoices(ctx, t, lang, c)
	if err != nil {
		return nil, err
	}
	switch c.Status {
	case civic.Snoozed:
		return []bot.Choice{press("take")}, nil
	case civic.Duplicate:
		if t.Now.Sub(c.MergedAt) > mergeUndo {
			return nil, nil
		}
		return []bot.Choice{press("split")}, nil
	case civic.Received, civic.Reopened, civic.InTriage, civic.InfoRequested, civic.InfoReceived:
		if c.Owner == 0 {
			return slices.Concat([]bot.Choice{press("take"), ask}, forward, []bot.Choice{done}), nil
		}
		choices := slices.Concat([]bot.Choice{ask}, forward, []bot.Choice{
			done, note, link(linkMerge, "merge"), link(linkChange, "change"),
		})
		if c.Urgency != civic.Emergency {
			choices = append(choices, link(linkLater, "later"))
		}
		return append(choices, press("release")), nil
	case civic.Forwarded, civic.Accepted, civic.Planned:
		return slices.Concat(fetch, forward, []bot.Choice{done, note}), nil
	case civic.Resolved, civic.Closed:
		return []bot.Choice{press("reopen")}, nil
	case civic.ReopenRequested:
		return []bot.Choice{press("reopen"), press("leave")}, nil
	case civic.Withdrawn:
	}
	return nil, nil
}

// choicesFor are what one coordinator can do with a case now, who reads of it alone.
func choicesFor(ctx context.Context, t *bot.Turn, lang string, c civic.Case, m civic.Member) ([]bot.Choice, error) {
	choices, err := caseChoices(ctx, t, lang, c)
	if err != nil || m.Holds(civic.NetworkCoordinator, c.Scope(), t.Late()) {
		return choices, err
	}
	all, err := t.Tx.Handovers(ctx, c.ID)
	return slices.DeleteFunc(choices, func(choice bot.Choice) bool {
		deed, partners, _ := strings.Cut(choice.Key, ":")
		return deed == "release" && c.Owner != m.ID || deed == "forward" && bounces(all, partners)
	}), err
}

// bounces reports whether one of the partners that a button names gave a case back so often that a coordinator of the whole
// network decides.
func bounces(all []civic.Handover, partners string) bool {
	return slices.ContainsFunc(all, func(h civic.Handover) bool {
		return h.Returns >= civic.MostReturns && slices.Contains(strings.Split(partners, "+"), string(h.Partner))
	})
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
	for _, what := range changes {
		keys = append(keys, "change.what."+what)
	}
	for button := range caseDeeds {
		keys = append(keys, "case.button."+button)
	}
	for _, link := range []string{"ask", "close", "note", "later", "merge", "change"} {
		keys = append(keys, "case.button."+link)
	}
	for button := range handoverDeeds {
		keys = append(keys, "handover.button."+button)
	}
	return slices.Concat(keys, partnerKeys(), followKeys(), laterKeys())
}
