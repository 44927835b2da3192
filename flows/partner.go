package flows

import (
	"context"
	"slices"
	"strings"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// handoverKind is the card of a case before a partner: "handover/17" before the police, and "handover/17.municipality"
// before another, with the number of the case.
const handoverKind = "handover"

func handoverAbout(c civic.Case, partner civic.Role) string {
	if partner == civic.Police {
		return bot.About(handoverKind, c.ID)
	}
	return bot.About(handoverKind, c.ID) + "." + string(partner)
}

// handoverRef parts the number of the case from the partner.
func handoverRef(id string) (string, civic.Role) {
	number, partner, named := strings.Cut(id, ".")
	if !named {
		return number, civic.Police
	}
	return number, civic.Role(partner)
}

// partnerName is what a partner is called, "the municipality"; partnerShort begins a line or stands on a button.
func partnerName(t *bot.Turn, lang string, partner civic.Role) string {
	return t.In(lang, "partner."+string(partner))
}

func partnerShort(t *bot.Turn, lang string, partner civic.Role) string {
	return t.In(lang, "partner.short."+string(partner))
}

// partnerNames joins partners as people say it: "the police and the municipality".
func partnerNames(t *bot.Turn, lang string, partners []civic.Role) string {
	var names []string
	for _, p := range partners {
		names = append(names, partnerName(t, lang, p))
	}
	if last := len(names) - 1; last > 0 {
		return t.In(lang, "partner.and", "first", strings.Join(names[:last], ", "), "last", names[last])
	}
	return strings.Join(names, "")
}

// handoverOf is how a case stands with a partner; one without a status was never handed over.
func handoverOf(ctx context.Context, t *bot.Turn, c civic.Case, partner civic.Role) (civic.Handover, error) {
	all, err := t.Tx.Handovers(ctx, c.ID)
	for _, h := range all {
		if h.Partner == partner {
			return h, err
		}
	}
	return civic.Handover{Case: c.ID, Partner: partner}, err
}

// holdsCase reports whether the person is of a partner that has the case.
func holdsCase(ctx context.Context, t *bot.Turn, c civic.Case) (bool, error) {
	if !t.May(civic.WorkCase, c.Scope()) {
		return false, nil
	}
	all, err := t.Tx.Handovers(ctx, c.ID)
	return slices.ContainsFunc(all, func(h civic.Handover) bool {
		return h.Open() && t.Actor.Holds(h.Partner, c.Scope(), t.Late())
	}), err
}

// addressOf is the chat of a partner that is reached at a desk of its own, such as by mail (see [bot.Desk]); 0 when it has
// none that can be reached, so that its room or its people are.
func addressOf(ctx context.Context, t *bot.Turn, network civic.AreaID, partner civic.Role) (int64, error) {
	p, err := t.Tx.Partner(ctx, network, partner)
	if err != nil {
		return 0, err
	}
	if ok, err := reaches(ctx, t, p.Chat); !ok || err != nil {
		return 0, err
	}
	return p.Chat, nil
}

// there lists the partners of a case that can be reached, those of its route first.
func there(ctx context.Context, t *bot.Turn, c civic.Case) ([]civic.Role, error) {
	var found []civic.Role
	for _, partner := range civic.Partners {
		chats, err := partnerDesk(partner).chats(ctx, t, c)
		if err != nil {
			return nil, err
		}
		if len(chats) > 0 || partner == civic.Police {
			found = append(found, partner)
		}
	}
	first, err := routed(ctx, t, c)
	slices.SortStableFunc(found, func(a, b civic.Role) int { return place(first, a) - place(first, b) })
	return found, err
}

// place is where a partner stands in a list; after its end when it does not.
func place(list []civic.Role, partner civic.Role) int {
	if i := slices.Index(list, partner); i >= 0 {
		return i
	}
	return len(list)
}

// partnerChoices are the buttons that give a case to partners who do not have it, and that take it back from who has not
// begun. Partners that the case belongs to together have one button more, for all at once.
func partnerChoices(ctx context.Context, t *bot.Turn, lang string, c civic.Case) (forward, fetch []bot.Choice, err error) {
	all, err := t.Tx.Handovers(ctx, c.ID)
	if err != nil {
		return nil, nil, err
	}
	found, err := there(ctx, t, c)
	if err != nil {
		return nil, nil, err
	}
	found = slices.DeleteFunc(found, func(p civic.Role) bool {
		return slices.ContainsFunc(all, func(h civic.Handover) bool { return h.Partner == p && h.Open() })
	})
	first, err := routed(ctx, t, c)
	together := slices.DeleteFunc(slices.Clone(found), func(p civic.Role) bool { return !slices.Contains(first, p) })
	if len(together) > 1 {
		forward = append(forward, forwardChoice(t, lang, together))
	}
	for _, p := range found {
		forward = append(forward, forwardChoice(t, lang, []civic.Role{p}))
	}
	for _, h := range all {
		if h.Status == civic.Forwarded {
			fetch = append(fetch, bot.Choice{Key: "fetch:" + string(h.Partner), Label: fetchLabel(t, lang, all, h)})
		}
	}
	return forward, fetch, err
}

func forwardChoice(t *bot.Turn, lang string, partners []civic.Role) bot.Choice {
	var keys, names []string
	for _, p := range partners {
		keys = append(keys, string(p))
		names = append(names, t.In(lang, "partner.button."+string(p)))
	}
	return bot.Choice{
		Key:   "forward:" + strings.Join(keys, "+"),
		Label: t.In(lang, "case.button.forward", "partner", strings.Join(names, " + ")),
	}
}

// fetchLabel names the partner when there are several.
func fetchLabel(t *bot.Turn, lang string, all []civic.Handover, h civic.Handover) string {
	if open := slices.DeleteFunc(slices.Clone(all), func(o civic.Handover) bool { return !o.Open() }); len(open) < 2 {
		return t.In(lang, "case.button.fetch")
	}
	return t.In(lang, "case.button.fetch.one", "partner", t.In(lang, "partner.button."+string(h.Partner)))
}

// partnerKeys are the texts about partners whose keys are made while talking.
func partnerKeys() []string {
	keys := []string{"case.button.forward"}
	for _, p := range civic.Partners {
		keys = append(keys, "partner."+string(p), "partner.short."+string(p), "partner.button."+string(p))
	}
	for _, s := range []civic.Status{
		civic.Forwarded, civic.Accepted, civic.Planned, civic.InTriage, civic.Resolved, civic.Closed,
	} {
		keys = append(keys, "case.card.handover."+string(s))
	}
	for _, r := range civic.ReturnReasons {
		keys = append(keys, "handover.return."+string(r))
	}
	for _, w := range planWeeks {
		keys = append(keys, "handover.plan."+w.name)
	}
	for verb := range partnerVerbs {
		keys = append(keys, "handover.words."+verb)
	}
	return keys
}
