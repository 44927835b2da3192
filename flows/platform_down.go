package flows

import (
	"context"
	"strings"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// downTimer is set by a courier when a network refuses the bot as a whole, such as after its login was ended for good. Its
// reference is the network's name.
const downTimer = "chat.down"

// Outages tells administrators once a day that a network refuses the bot: what is to be said there waits, and a person has
// to mend it. They read it where they are reached, which should be on another network too.
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
	name := strings.ToUpper(platform[:1]) + platform[1:]
	return t.Post(ctx, chat, bot.LaneRoutine, bot.Message{Text: t.In(t.LangOf(m), "outage.told", "platform", name)})
}
