package flows

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// lookKind is an inspection of a bound chat, whose ref is who asked for it; and "look/CHAT" is what was found.
const lookKind = "look"

// connectAndLook binds the group in which it is given, and looks whether the bot may do there what it has to.
func connectAndLook(ctx context.Context, t *bot.Turn, args string) error {
	if err := connect(ctx, t, args); err != nil {
		return err
	}
	return lookAt(ctx, t, t.Chat)
}

// lookAt sends for a look at a bound chat, for the actor.
func lookAt(ctx context.Context, t *bot.Turn, chat bot.Chat) error {
	what, err := usedFor(ctx, t, chat)
	if err != nil {
		return err
	}
	meant := bot.UseClosed
	if what.kind == "" {
		meant = bot.UseDelivery
	}
	return t.Inspect(ctx, lookKind, strconv.FormatInt(t.Actor.ID, 10), chat, meant)
}

// usedFor finds what another chat than the turn's is bound as.
func usedFor(ctx context.Context, t *bot.Turn, chat bot.Chat) (use, error) {
	there := *t
	there.Chat = chat
	return roomUse(ctx, &there)
}

// looked tells who bound a chat what is missing there, in private, and goes on with the guide. Who is a stranger to us,
// with a code for one room, reads it in the room.
func looked(ctx context.Context, t *bot.Turn, found bot.Inspected) error {
	person, err := strconv.ParseInt(found.Ref, 10, 64)
	if err != nil {
		return fmt.Errorf("look for %q: %w", found.Ref, err)
	}
	room, what, err := inspectedAs(ctx, t, found)
	if err != nil || what == nil {
		return err
	}
	if err := errors.Join(reveal(ctx, t, *what, found), tellVeil(ctx, t, *what, found)); err != nil {
		return err
	}
	chat := room.ID
	private, err := t.Tx.PrivateChat(ctx, person)
	if err != nil {
		return err
	}
	if private != 0 {
		chat = private
	}
	on, err := follows(ctx, t, chat)
	if err != nil {
		return err
	}
	if on || len(found.Findings) > 0 {
		if err := tellFindings(ctx, t, chat, *what, found); err != nil {
			return err
		}
	}
	if found.Grave() {
		return nil // the guide waits until it is mended, or put off
	}
	return guideOn(ctx, t, person, what.step())
}

// inspectedAs finds what a chat is used for that was looked at, and makes the turn one of its network; nil when the chat was
// given up meanwhile.
func inspectedAs(ctx context.Context, t *bot.Turn, found bot.Inspected) (bot.Chat, *use, error) {
	room, err := t.Tx.Chat(ctx, found.Chat)
	if err != nil {
		return room, nil, err
	}
	what, err := usedFor(ctx, t, room)
	if errors.Is(err, bot.ErrNotFound) {
		return room, nil, nil
	}
	if err != nil {
		return room, nil, err
	}
	return room, &what, turnTo(ctx, t, what.network)
}

// step is the guide's step in which a chat is bound as this.
func (u use) step() string {
	if u.kind == "" {
		return groupStep(u.group)
	}
	return roomStep(u.kind)
}

// turnTo makes a turn of the bot's own one of this network.
func turnTo(ctx context.Context, t *bot.Turn, network civic.AreaID) error {
	return t.Settle(ctx, network)
}

// tellFindings lists what is missing in a chat, what cannot wait first.
func tellFindings(ctx context.Context, t *bot.Turn, chat int64, what use, found bot.Inspected) error {
	room, err := t.Tx.Chat(ctx, found.Chat)
	if err != nil {
		return err
	}
	to, err := t.Tx.Chat(ctx, chat)
	if err != nil {
		return err
	}
	lang, err := langInChat(ctx, t, to, found)
	if err != nil {
		return err
	}
	args := []any{"what", what.label(t, lang), "title", room.Ref.Title}
	again := bot.Choice{Key: "again", Label: t.In(lang, "look.again")}
	m := bot.Message{About: bot.About(lookKind, room.ID), Rows: bot.Rows(again), For: setters(t)}
	if on, err := follows(ctx, t, chat); err != nil {
		return err
	} else if on && found.Grave() {
		m.Rows = bot.Rows(again, bot.Choice{Key: "on:" + what.step(), Label: t.In(lang, "guide.later")})
	}
	switch {
	case !found.Seen:
		m.Text = t.In(lang, "look.blind", args...)
	case len(found.Findings) == 0:
		m.Text, m.Rows = t.In(lang, "look.fine", args...), nil
	default:
		m.Text = findingLines(t, lang, found, args)
	}
	return t.Mail(ctx, bot.Letter{Chat: chat, Lane: bot.LaneRoutine, Message: m})
}

// langInChat is the language of who reads it.
func langInChat(ctx context.Context, t *bot.Turn, to bot.Chat, found bot.Inspected) (string, error) {
	person, _ := strconv.ParseInt(found.Ref, 10, 64)
	if to.Ref.Kind != bot.Private || person == 0 {
		return t.LangIn(ctx, to.ID)
	}
	m, err := t.Tx.Member(ctx, person)
	return t.LangOf(m), err
}

func findingLines(t *bot.Turn, lang string, found bot.Inspected, args []any) string {
	lines := []string{t.In(lang, "look.advice", args...)}
	if found.Grave() {
		lines[0] = t.In(lang, "look.grave", args...)
	}
	for _, grave := range []bool{true, false} {
		for _, f := range found.Findings {
			if f.Grave == grave {
				lines = append(lines, "• "+t.In(lang, f.Text()))
			}
		}
	}
	return strings.Join(lines, "\n")
}

// onLook finds the chat that is to be looked at.
func onLook(ctx context.Context, t *bot.Turn, r bot.Ref) (bot.Thing, error) {
	what, _, err := lookedAt(ctx, t, r)
	scope := civic.Scope{Network: what.network, Group: what.group.ID}
	return bot.Thing{Scope: scope}, err
}

func lookedAt(ctx context.Context, t *bot.Turn, r bot.Ref) (use, bot.Chat, error) {
	id, err := strconv.ParseInt(r.ID, 10, 64)
	if err != nil {
		return use{}, bot.Chat{}, bot.ErrNotFound
	}
	chat, err := t.Tx.Chat(ctx, id)
	if err != nil {
		return use{}, chat, err
	}
	what, err := usedFor(ctx, t, chat)
	return what, chat, err
}

// lookAgain looks once more, after something was mended.
func lookAgain(ctx context.Context, t *bot.Turn, r bot.Ref) error {
	_, chat, err := lookedAt(ctx, t, r)
	if err != nil {
		return err
	}
	if err := t.Answer(ctx, "look.going"); err != nil {
		return err
	}
	return lookAt(ctx, t, chat)
}
