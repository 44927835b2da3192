package flows

import (
	"context"
	"errors"
	"fmt"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// markKind counts the answers to marks: one to a person in an hour.
const markKind = "mark"

// markInStreet takes away a mark under a message of ours in the room of a street group, because everybody there would see
// who saw something, and answers whoever put it in private.
func markInStreet(ctx context.Context, t *bot.Turn, m bot.Marked) (bool, error) {
	const hour = "2006-01-02T15"
	group, err := streetGroupHere(ctx, t)
	if errors.Is(err, bot.ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if err := t.Unmark(ctx, m.Mark, plainText(t.In(networkLang(t), "alert.mark.why"))); err != nil {
		return true, err
	}
	if t.Actor.Guest() {
		return true, nil // the reason that goes with it is all they can be told
	}
	fresh, err := t.Tx.RunSlot(ctx, bot.About(markKind, t.Actor.ID), t.Now.UTC().Format(hour), t.Now)
	if err != nil || !fresh {
		return true, err
	}
	a, known, err := alertAt(ctx, t, m.On)
	if err != nil {
		return true, err
	}
	_, err = t.Tell(ctx, t.Actor.ID, bot.LaneRoutine, func(lang string) bot.Message {
		text := bot.Message{Text: t.In(lang, "alert.mark", "group", group.Name)}
		if known {
			text.Rows = replyRows(t, lang, a)
		}
		return text
	})
	return true, err
}

// alertAt finds the open alert that stands in a message of the turn's chat.
func alertAt(ctx context.Context, t *bot.Turn, on bot.MessageRef) (civic.Alert, bool, error) {
	open, err := t.Tx.OpenAlerts(ctx, t.Network.ID)
	if err != nil {
		return civic.Alert{}, false, fmt.Errorf("open alerts: %w", err)
	}
	for _, a := range open {
		where, err := places(ctx, t, noticeOf(a.ID, 0))
		if err != nil {
			return a, false, err
		}
		if !a.Over() && where[t.Chat.ID] == on {
			return a, true, nil
		}
	}
	return civic.Alert{}, false, nil
}
