package flows

import (
	"context"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// downTimer is set by a courier when a network refuses the bot as a whole, such as after its login was ended for good. Its
// reference is the network's name.
const downTimer = "chat.down"

// Outages tells administrators once a day that a network refuses the bot: what is to be said there waits, and a person has
// to mend it. They read it where they are reached, which should be on another network too; so does the operators' room,
// where there is one on another network.
func Outages() bot.Feature {
	return bot.Feature{
		Name:   "outages",
		Timers: map[string]func(context.Context, *bot.Turn, string) error{downTimer: tellDown},
	}
}

func tellDown(ctx context.Context, t *bot.Turn, platform string) error {
	fresh, err := t.Tx.RunSlot(ctx, downTimer+"/"+platform, t.Now.UTC().Format("2006-01-02"), t.Now)
	if err != nil || !fresh {
		return err
	}
	if err := t.Audit(ctx, "platform.down", platform, ""); err != nil {
		return err
	}
	networks, err := t.Tx.Networks(ctx)
	if err != nil {
		return err
	}
	for _, n := range networks {
		if err := roomTold(ctx, t, n.ID, platform); err != nil {
			return err
		}
		admins, err := t.Tx.Holders(ctx, civic.Admin, civic.Scope{Network: n.ID}, t.Now)
		if err != nil {
			return err
		}
		for _, person := range admins {
			if err := downTold(ctx, t, person, platform); err != nil {
				return err
			}
		}
	}
	return nil
}

// downTold tells a person on one of their accounts that is on another network, or else where they are reached.
func downTold(ctx context.Context, t *bot.Turn, person int64, platform string) error {
	m, err := t.Tx.Member(ctx, person)
	if err != nil {
		return err
	}
	chat, err := t.Tx.PrivateChat(ctx, person)
	if err != nil {
		return err
	}
	accounts, err := t.Tx.Accounts(ctx, person)
	if err != nil {
		return err
	}
	for _, a := range accounts {
		if a.Platform != platform && a.Chat != 0 {
			chat = a.Chat
		}
	}
	if chat == 0 {
		return nil
	}
	return t.Post(ctx, chat, bot.LaneRoutine, outage(t, t.LangOf(m), platform))
}

// roomTold tells the operators' room of a network, when it is on another platform than the one that refuses us.
func roomTold(ctx context.Context, t *bot.Turn, network civic.AreaID, platform string) error {
	room, err := t.Tx.Room(ctx, network, civic.RoomOperators)
	if err != nil || room == 0 {
		return err
	}
	chat, err := t.Tx.Chat(ctx, room)
	if err != nil || chat.Ref.Platform == platform {
		return err
	}
	lang, err := t.LangIn(ctx, room)
	if err != nil {
		return err
	}
	return t.Post(ctx, room, bot.LaneRoutine, outage(t, lang, platform))
}

func outage(t *bot.Turn, lang, platform string) bot.Message {
	return bot.Message{Text: t.In(lang, "outage.told", "platform", platformTitle(platform))}
}
