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
	write := func(lang string) string { return t.In(lang, "outage.told", "platform", platformTitle(platform)) }
	for _, n := range networks {
		if _, err := roomTold(ctx, t, n.ID, platform, write); err != nil {
			return err
		}
		admins, err := t.Tx.Holders(ctx, civic.Admin, civic.Scope{Network: n.ID}, t.Now)
		if err != nil {
			return err
		}
		for _, person := range admins {
			if err := adminTold(ctx, t, person, platform, forAdmins(n.ID, write)); err != nil {
				return err
			}
		}
	}
	return nil
}
