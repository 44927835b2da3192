package flows

import (
	"context"
	"slices"
	"strings"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// linkOpen and a view lead from the list of open cases to a part of it.
const linkOpen = "open-"

// The views of the list of open cases.
const (
	viewAll     = "all"
	viewMine    = "mine"
	viewStreet  = "street"
	viewPartner = "partner"
)

var views = []string{viewAll, viewMine, viewStreet, viewPartner}

// openCases lists what is still to be done, emergencies first, then the oldest: for a coordinator alone, where a word after
// the command asks for a part of it, or for all in the coordinators' room.
func openCases(ctx context.Context, t *bot.Turn, args string) error {
	desk, err := atDesk(ctx, t)
	if err != nil {
		return err
	}
	shut, err := veiled(ctx, t, t.Network.ID)
	if err != nil {
		return err
	}
	if desk && !shut && civic.Blank(args) {
		return pinQueue(ctx, t)
	}
	if t.Chat.Ref.Kind != bot.Private {
		alone, ok, err := t.Alone(ctx)
		if err != nil || !ok {
			return err
		}
		t = alone
	}
	return openAlone(ctx, t, args)
}

// openAlone lists what is open, or the part that a word asks for, in the turn's private chat.
func openAlone(ctx context.Context, t *bot.Turn, args string) error {
	word := strings.ToLower(strings.TrimSpace(args))
	for _, view := range views {
		if slices.Contains(t.Words("queue.words."+view), word) {
			return showQueue(ctx, t, view)
		}
	}
	if word == "" {
		return showQueue(ctx, t, viewAll)
	}
	return bot.Refuse("queue.unknown")
}

// openQueue follows a link to a view.
func openQueue(ctx context.Context, t *bot.Turn, view string) error {
	if !slices.Contains(views, view) {
		return bot.Refuse("press.old")
	}
	return showQueue(ctx, t, view)
}

// triages lists the areas in which the person decides on cases now.
func triages(t *bot.Turn) []civic.AreaID { return t.Actor.AreasOf(civic.TriageCase, t.Late()) }

// near asks for the street that somebody lives in; of who lives in none, for their street group, or for the first area
// below the network that they coordinate.
func near(ctx context.Context, t *bot.Turn, q *civic.Queue) error {
	if q.Street = t.Actor.Street; q.Street != 0 {
		return nil
	}
	if q.Group = t.Actor.Group; q.Group != 0 {
		return nil
	}
	for _, id := range triages(t) {
		area, err := t.Tx.Area(ctx, id)
		if err != nil {
			return err
		}
		switch area.Kind {
		case civic.KindStreet:
			q.Street = id
			return nil
		case civic.KindGroup:
			q.Group = id
			return nil
		case civic.KindNetwork:
		}
	}
	return bot.Refuse("queue.nowhere")
}

// queueOf is what a view asks for.
func queueOf(ctx context.Context, t *bot.Turn, view string) (civic.Queue, error) {
	q := civic.Queue{Network: t.Network.ID, Reader: t.Actor.Reader(t.Now)}
	switch view {
	case viewMine:
		q.Owner = t.Actor.ID
	case viewStreet:
		err := near(ctx, t, &q)
		return q, err
	case viewPartner:
		q.Partner = true
	}
	return q, nil
}

func showQueue(ctx context.Context, t *bot.Turn, view string) error {
	const most = 20
	q, err := queueOf(ctx, t, view)
	if err != nil {
		return err
	}
	list, err := t.Tx.OpenCases(ctx, q, most+1)
	if err != nil {
		return err
	}
	if len(list) == 0 && view == viewAll {
		return t.Say(ctx, "case.open.none")
	}
	text := []string{t.T("queue.head." + view)}
	var choices []bot.Choice
	for _, c := range list[:min(most, len(list))] {
		line, err := openLine(ctx, t, t.Lang(), c)
		if err != nil {
			return err
		}
		text = append(text, line)
		choices = append(choices, bot.Choice{Link: linkRead + c.Ref, Label: c.Ref})
	}
	switch {
	case len(list) == 0:
		text = append(text, t.T("queue.none"))
	case len(list) > most:
		text = append(text, t.T("case.open.more"))
	}
	rows := append(bot.Rows(choices...), bot.Rows(otherViews(t, t.Lang(), view)...)...)
	m := bot.Message{Text: strings.Join(text, "\n"), Rows: rows}
	return t.Post(ctx, t.Chat.ID, bot.LaneAnswer, m)
}

// otherViews leads to the other parts of the list.
func otherViews(t *bot.Turn, lang, now string) []bot.Choice {
	var choices []bot.Choice
	for _, view := range views {
		if view != now {
			choices = append(choices, bot.Choice{Link: linkOpen + view, Label: t.In(lang, "queue.view."+view)})
		}
	}
	return choices
}

func openLine(ctx context.Context, t *bot.Turn, lang string, c civic.Case) (string, error) {
	args := []any{
		"ref", c.Ref, "category", categoryLabel(t, lang, c.Category), "day", moment(t, lang, c.Created),
		"status", t.In(lang, "case.status."+string(c.Status)),
	}
	line := t.In(lang, "case.open.line", args...)
	if c.Owner != 0 && inCare(c.Status) {
		name, err := ownerOf(ctx, t, lang, c)
		if err != nil {
			return "", err
		}
		line = t.In(lang, "case.open.owned", append(args, "name", name)...)
	}
	if c.Urgency == civic.Emergency {
		line = "🔴 " + line
	}
	if marked(c.Urgency) {
		line = t.In(lang, "case.open.urgency", "line", bot.HTML(line), "urgency", t.In(lang, "change.urgency."+string(c.Urgency)))
	}
	return line, nil
}

// queueKeys are the texts of the views, and of the periods of a search.
func queueKeys() []string {
	var keys []string
	for _, view := range views {
		keys = append(keys, "queue.head."+view, "queue.view."+view, "queue.words."+view)
	}
	for _, p := range periods {
		keys = append(keys, "search.words."+p.name)
	}
	return keys
}
