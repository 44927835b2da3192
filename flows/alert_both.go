package flows

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// sames are the alerts of other networks that are one with an alert, as far as its issuer may still see them, the oldest first.
func sames(ctx context.Context, t *bot.Turn, a civic.Alert) ([]twin, error) {
	issuer, err := t.Tx.Member(ctx, a.Issuer)
	if errors.Is(err, bot.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("issuer of alert %s: %w", a.Ref, err)
	}
	var found []twin
	looked := []civic.AreaID{a.Network}
	for _, g := range issuer.Grants {
		area, err := t.Tx.Area(ctx, g.Area)
		if errors.Is(err, bot.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("role of the issuer of alert %s: %w", a.Ref, err)
		}
		if g.Role != a.Sender || !g.HeldAt(t.Late()) || slices.Contains(looked, area.Network) {
			continue
		}
		looked = append(looked, area.Network)
		there, err := inNetwork(ctx, t, area.Network)
		if err != nil {
			return nil, err
		}
		same, err := sameIn(ctx, t, a, area.Network)
		if err != nil {
			return nil, err
		}
		for _, o := range same {
			found = append(found, twin{o, there})
		}
	}
	slices.SortFunc(found, func(a, b twin) int { return int(a.alert.ID - b.alert.ID) })
	return found, nil
}

// alertCardIn is the card of an alert in a chat. Before its issuer stands one for all networks to which it went; in a room
// nothing is said of another network.
func alertCardIn(ctx context.Context, t *bot.Turn, lang string, chat int64, id string) (bot.Message, error) {
	m, err := alertCard(ctx, t, lang, id)
	if err != nil {
		return m, err
	}
	a, err := alertOf(ctx, t, id)
	if err != nil {
		return m, err
	}
	if own, err := privateWith(ctx, t, a.Issuer); err != nil || own == 0 || own != chat {
		return m, err
	}
	list, err := sames(ctx, t, a)
	if err != nil {
		return m, err
	}
	for _, w := range list {
		if w.alert.ID > a.ID {
			if err := addSame(ctx, lang, a, w, &m); err != nil {
				return m, err
			}
		}
	}
	return m, nil
}

// addSame adds to a card how far the same alert is in another network. What did not arrive there can be tried again by the same
// button; where one is over and the other is not, its commands are named.
func addSame(ctx context.Context, lang string, a civic.Alert, w twin, m *bot.Message) error {
	line, err := sameLine(ctx, lang, w)
	if err != nil {
		return err
	}
	if a.Over() && !w.alert.Over() {
		line += "\n" + w.there.In(lang, "alert.card.twin.apart", "ref", w.alert.Ref)
	}
	m.Text += "\n" + line
	retry, err := retryChoice(ctx, w.there, lang, w.alert)
	known := slices.ContainsFunc(m.Choices(), func(c bot.Choice) bool { return c.Key == "retry" })
	if len(retry) > 0 && !known {
		m.Rows = append(m.Rows, bot.Rows(retry...)...)
	}
	return err
}

// sameLine tells how far an alert is in another network.
func sameLine(ctx context.Context, lang string, w twin) (string, error) {
	t, a := w.there, w.alert
	status := t.In(lang, "alert.card.status."+statusOf(a), "until", moment(t, lang, a.Until))
	fates, err := cardFates(ctx, t, lang, a)
	if err != nil {
		return "", err
	}
	if replies, err := cardReplies(ctx, t, lang, a); err != nil {
		return "", err
	} else if replies != "" {
		fates = append(fates, replies)
	}
	line := t.In(lang, "alert.card.twin", "network", t.Network.Name, "ref", a.Ref)
	return strings.Join(append([]string{line, status}, fates...), "\n"), nil
}

// shownIn is the older alert in whose card before its issuer this one is shown; false when it has a card of its own.
func shownIn(ctx context.Context, t *bot.Turn, a civic.Alert, chat int64) (civic.Alert, bool, error) {
	list, err := sames(ctx, t, a)
	if err != nil {
		return a, false, err
	}
	for _, w := range list {
		places, err := t.Tx.CardChats(ctx, bot.About(alertKind, w.alert.ID))
		if err != nil {
			return a, false, err
		}
		here := slices.ContainsFunc(places, func(p bot.CardPlace) bool { return p.Chat == chat })
		if here && w.alert.ID < a.ID {
			return w.alert, true, nil
		}
	}
	return a, false, nil
}

// showAnew brings the cards of an alert up to date, and those that show it with another.
func showAnew(ctx context.Context, t *bot.Turn, a civic.Alert) error {
	if err := t.Refresh(ctx, bot.About(alertKind, a.ID)); err != nil {
		return err
	}
	list, err := sames(ctx, t, a)
	if err != nil {
		return err
	}
	for _, w := range list {
		if w.alert.ID < a.ID {
			if err := t.Refresh(ctx, bot.About(alertKind, w.alert.ID)); err != nil {
				return err
			}
		}
	}
	return nil
}
