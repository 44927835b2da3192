package flows

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// rushTimer rings when reports that came at once are told of together; its ref is the network.
const rushTimer = "case.rush"

// Where a chat bears only so many writes a minute (eighteen in a group on Telegram), cards of their own take a third of
// them. When more come, the rest of the cases are told of in a list every twenty seconds, three writes a minute, so that
// there is room for what coordinators do and for emergencies. It is also more than anybody can read.
const (
	rushShare = 3
	rushTime  = time.Minute
	rushPause = 20 * time.Second
	rushLines = 10 // of a list
	rushRefs  = 3  // of a line
	// rushMost is how many cases a list looks at; more than a town of 25 deliveries a second can report in rushPause.
	rushMost = 2000
)

// rushed reports whether a new case is told of in a list instead of on a card of its own, because so many came just before
// it. An emergency never is, nor what may not stand in a list.
func rushed(ctx context.Context, t *bot.Turn, c civic.Case) (bool, error) {
	if c.Urgency == civic.Emergency || !listed(c) {
		return false, nil
	}
	cards, err := rushCards(ctx, t, coordinatorsDesk, c)
	if err != nil || cards == 0 {
		return false, err
	}
	seek := civic.Search{Network: c.Network, Reader: anyOpen(t), Since: t.Now.Add(-rushTime)}
	found, err := t.Tx.FindCases(ctx, seek, cards+1)
	if err != nil || len(found) <= cards {
		return false, err
	}
	return true, t.WakeWithin(ctx, rushTimer, strconv.FormatInt(int64(c.Network), 10), rushPause)
}

// rushCards is how many cards in rushTime the chats bear in which a case is shown to a desk; 0 = any number.
func rushCards(ctx context.Context, t *bot.Turn, d desk, c civic.Case) (int, error) {
	chats, err := d.chats(ctx, t, c)
	if err != nil {
		return 0, err
	}
	least := 0
	for _, chat := range chats {
		bears, err := t.Bears(ctx, chat)
		if err != nil {
			return 0, err
		}
		if bears > 0 && (least == 0 || bears < least) {
			least = bears
		}
	}
	if least == 0 {
		return 0, nil
	}
	return max(1, least/rushShare), nil
}

// tellRush tells the coordinators of the cases that came since the timer was set and have no card.
func tellRush(ctx context.Context, t *bot.Turn, ref string) error {
	n, err := strconv.ParseInt(ref, 10, 64)
	if err != nil {
		return fmt.Errorf("rush in %q: %w", ref, err)
	}
	network := civic.AreaID(n)
	if err := t.Settle(ctx, network); err != nil {
		return err
	}
	found, err := t.Tx.FindCases(ctx, civic.Search{
		Network: network, Reader: anyOpen(t), Since: t.Due.Add(-rushPause),
	}, rushMost)
	if err != nil {
		return err
	}
	slices.Reverse(found) // the oldest first
	var chats []int64
	lists := map[int64][]civic.Case{}
	for _, c := range found {
		cardless, err := withoutCard(ctx, t, c)
		if err != nil {
			return err
		}
		if !cardless {
			continue
		}
		shown, err := coordinatorsDesk.chats(ctx, t, c)
		if err != nil {
			return err
		}
		for _, chat := range shown {
			if lists[chat] == nil {
				chats = append(chats, chat)
			}
			lists[chat] = append(lists[chat], c)
		}
	}
	for _, chat := range chats {
		if err := postRush(ctx, t, chat, lists[chat]); err != nil {
			return err
		}
	}
	return nil
}

// withoutCard reports whether a case waits to be told of: it is open, and no card of it stands before coordinators.
func withoutCard(ctx context.Context, t *bot.Turn, c civic.Case) (bool, error) {
	if !listed(c) {
		return false, nil
	}
	places, err := t.Tx.CardChats(ctx, bot.About(caseKind, c.ID))
	return len(places) == 0, err
}

// alike are cases of one kind in one street.
type alike struct {
	category civic.Category
	street   civic.AreaID
	cases    []civic.Case
}

// together puts cases of one kind and street together, most of them first.
func together(list []civic.Case) []alike {
	var groups []alike
	for _, c := range list {
		i := slices.IndexFunc(groups, func(g alike) bool { return g.category == c.Category && g.street == c.Street })
		if i < 0 {
			i, groups = len(groups), append(groups, alike{category: c.Category, street: c.Street})
		}
		groups[i].cases = append(groups[i].cases, c)
	}
	slices.SortStableFunc(groups, func(a, b alike) int { return len(b.cases) - len(a.cases) })
	return groups
}

// postRush lists cases in a chat, with the way to the first of each kind and street.
func postRush(ctx context.Context, t *bot.Turn, chat int64, list []civic.Case) error {
	lang, err := t.LangIn(ctx, chat)
	if err != nil {
		return err
	}
	groups := together(list)
	text := []string{t.In(lang, "case.rush.head", "count", len(list))}
	var choices []bot.Choice
	rest := 0
	for i, g := range groups {
		if i >= rushLines {
			rest += len(g.cases)
			continue
		}
		line, err := rushLine(ctx, t, lang, g)
		if err != nil {
			return err
		}
		text = append(text, line)
		choices = append(choices, bot.Choice{Link: linkRead + g.cases[0].Ref, Label: g.cases[0].Ref})
	}
	if rest > 0 {
		text = append(text, t.In(lang, "case.rush.rest", "count", rest))
	}
	text = append(text, t.In(lang, "case.rush.where"))
	return t.Post(ctx, chat, bot.LaneRoutine, bot.Message{
		Text: strings.Join(text, "\n"), Rows: bot.Rows(choices...), For: coordinators(t.Network.ID),
	})
}

// rushLine is a line of the list: how many, what, where, and the first references.
func rushLine(ctx context.Context, t *bot.Turn, lang string, g alike) (string, error) {
	place, err := placeLabel(ctx, t, lang, civic.Place{Street: g.street})
	if err != nil {
		return "", err
	}
	var refs []string
	for _, c := range g.cases[:min(rushRefs, len(g.cases))] {
		refs = append(refs, c.Ref)
	}
	key := "case.rush.line"
	if len(g.cases) > rushRefs {
		key = "case.rush.line.more"
	}
	return t.In(lang, key, "number", len(g.cases), "category", categoryLabel(t, lang, g.category), "place", place,
		"refs", strings.Join(refs, ", ")), nil
}

// showLate gives a case that stood in a list a card before the coordinators once somebody has it, so that the others see
// who, or once it is an emergency.
func showLate(ctx context.Context, t *bot.Turn, c civic.Case) error {
	if !pressing(c) && (c.Owner == 0 || !inCare(c.Status)) {
		return nil
	}
	cardless, err := withoutCard(ctx, t, c)
	if err != nil || !cardless {
		return err
	}
	return coordinatorsDesk.show(ctx, t, c)
}
