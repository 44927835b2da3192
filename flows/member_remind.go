package flows

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

const (
	requestTimer    = "member.request" // ref: the person who asked
	requestPatience = 48 * time.Hour   // a request that nobody decided on is shown once more (feature A3)
)

// awaitDecision sees to it that a request is not forgotten.
func awaitDecision(ctx context.Context, t *bot.Turn, person int64) error {
	return t.WakeIn(ctx, requestTimer, strconv.FormatInt(person, 10), requestPatience)
}

// remindOfRequest shows a request once more to those who may decide on it, if nobody did.
func remindOfRequest(ctx context.Context, t *bot.Turn, ref string) error {
	id, err := strconv.ParseInt(ref, 10, 64)
	if err != nil {
		return fmt.Errorf("request %q: %w", ref, err)
	}
	m, err := t.Tx.Member(ctx, id)
	if errors.Is(err, bot.ErrNotFound) || err == nil && m.Standing != civic.StandingPending {
		return nil
	}
	if err == nil {
		err = t.Settle(ctx, m.Network)
	}
	if err != nil {
		return err
	}
	desks, err := desksOf(ctx, t, m.Scope())
	if err != nil {
		return err
	}
	for _, chat := range desks {
		if err := remindIn(ctx, t, chat, m); err != nil {
			return err
		}
	}
	_, err = t.Tell(ctx, m.ID, bot.LaneRoutine, func(lang string) bot.Message {
		return bot.Message{Text: t.In(lang, "member.reminded")}
	})
	return err
}

// remindIn posts the request anew in a chat. Of somebody whose street is none of ours the street was not kept, so the
// first card is named instead.
func remindIn(ctx context.Context, t *bot.Turn, chat int64, m civic.Member) error {
	lang, err := t.LangIn(ctx, chat)
	if err != nil {
		return err
	}
	reminder := t.In(lang, "member.reminder", "name", nameOf(t, lang, m))
	if m.Street == 0 {
		return t.Post(ctx, chat, bot.LaneRoutine, bot.Message{Text: reminder})
	}
	message, err := requestCard(ctx, t, lang, m, "")
	if err != nil {
		return err
	}
	message.Text = reminder + "\n\n" + message.Text
	message.About, message.Version = bot.About(memberKind, m.ID), requestOpen
	// A card of its own: the first one still stands above it, and both are drawn over when somebody decides.
	card := bot.About(requestTimer, m.ID)
	return t.Mail(ctx, bot.Letter{Chat: chat, Lane: bot.LaneRoutine, Card: card, Message: message})
}
