package flows

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// watchKind is the daily look at a bound chat, whose ref is the network.
const watchKind = "watch"

// watchSpec is when the chats are looked at: early enough for somebody to mend what is wrong.
const watchSpec = "40 9 * * *"

// watchRooms sends for a look at every chat of a network. Nobody tells the bot when a group becomes public, or when it
// loses a right there (reliability.md, E15, E17).
func watchRooms(ctx context.Context, t *bot.Turn) error {
	for _, kind := range civic.RoomKinds {
		room, err := t.Tx.Room(ctx, t.Network.ID, kind)
		if err != nil {
			return err
		}
		if err := watchChat(ctx, t, room, bot.UseClosed); err != nil {
			return err
		}
	}
	targets, err := t.Tx.Targets(ctx, t.Network.ID)
	if err != nil {
		return err
	}
	for _, target := range targets {
		if err := watchChat(ctx, t, target.Chat, bot.UseDelivery); err != nil {
			return err
		}
	}
	return nil
}

func watchChat(ctx context.Context, t *bot.Turn, id int64, meant bot.Use) error {
	if id == 0 {
		return nil
	}
	chat, err := t.Tx.Chat(ctx, id)
	if err != nil || !chat.Reachable {
		return err // that it cannot be reached was told when it was lost
	}
	return t.Inspect(ctx, watchKind, strconv.FormatInt(int64(t.Network.ID), 10), chat, meant)
}

// watched tells the coordinators what is grave in one of their chats, once a month as long as it stays so, and once a year that
// anybody finds a street's. Alerts go on: one that too many read does less harm than one that nobody hears.
func watched(ctx context.Context, t *bot.Turn, found bot.Inspected) error {
	room, what, err := inspectedAs(ctx, t, found)
	if err != nil || what == nil {
		return err
	}
	if !found.Grave() {
		if err := reveal(ctx, t, *what, found); err != nil {
			return err
		}
	}
	told := slices.DeleteFunc(slices.Clone(found.Findings), func(f bot.Finding) bool {
		return !f.Grave && f.Key != bot.FindPublic
	})
	news, err := newsOf(ctx, t, found.Chat, told)
	if err != nil || !news {
		return err
	}
	return tellDesk(ctx, t, what.network, 0, func(lang string) string {
		lines := []string{t.In(lang, "look.changed", "what", what.label(t, lang), "title", room.Ref.Title)}
		for _, f := range told {
			lines = append(lines, "• "+t.In(lang, f.Text()))
		}
		return strings.Join(lines, "\n")
	})
}

// newsOf reports whether one of the findings was not told this month, or this year if it is not grave.
func newsOf(ctx context.Context, t *bot.Turn, chat int64, findings []bot.Finding) (news bool, err error) {
	for _, f := range findings {
		period := "2006"
		if f.Grave {
			period = "2006-01"
		}
		fresh, err := t.Tx.RunSlot(ctx, bot.About(watchKind, chat)+"/"+f.Key, t.Now.In(t.Zone()).Format(period), t.Now)
		if err != nil {
			return false, err
		}
		news = news || fresh
	}
	return news, nil
}
