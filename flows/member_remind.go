package flows

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

const (
	requestTimer    = "member.request" // ref: PERSON.NETWORK of the request
	requestPatience = 48 * time.Hour   // a request that nobody decided on is shown once more (feature A3)
)

// awaitDecision sees to it that a request is not forgotten.
func awaitDecision(ctx context.Context, t *bot.Turn, m civic.Member) error {
	_, ref, _ := strings.Cut(requestAbout(m), "/")
	return t.WakeIn(ctx, requestTimer, ref, requestPatience)
}

// remindOfRequest shows a request once more to those who may decide on it, if nobody did.
func remindOfRequest(ctx context.Context, t *bot.Turn, ref string) error {
	id, network, err := personIn(ref)
	if err != nil {
		return fmt.Errorf("request %q: %w", ref, err)
	}
	if err := t.Settle(ctx, network); err != nil {
		return err
	}
	m, err := t.Person(ctx, id)
	if errors.Is(err, bot.ErrNotFound) || err == nil && m.Standing != civic.StandingPending {
		return nil
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

func reminderCard(m civic.Member) string { return aboutIn(requestTimer, m.ID, m.Network) }

// remindIn posts the request anew in a chat. Of somebody whose street is none of ours the street was not kept, so the
// first card is named instead.
func remindIn(ctx context.Context, t *bot.Turn, chat int64, m civic.Member) error {
	lang, err := t.LangIn(ctx, chat)
	if err != nil {
		return err
	}
	who := bot.For(civic.ApproveMember, m.Scope())
	reminder := t.In(lang, "member.reminder", "name", nameOf(t, lang, m))
	if m.Street == 0 {
		return t.Post(ctx, chat, bot.LaneRoutine, bot.Message{Text: reminder, For: who})
	}
	message, err := requestCard(ctx, t, lang, m, "")
	if err != nil {
		return err
	}
	message.Text = reminder + "\n\n" + message.Text
	message.About, message.Version, message.For = requestAbout(m), requestOpen, who
	// A card of its own: the first one still stands above it, and both are drawn over when somebody decides.
	return t.Mail(ctx, bot.Letter{Chat: chat, Lane: bot.LaneRoutine, Card: reminderCard(m), Message: message})
}
