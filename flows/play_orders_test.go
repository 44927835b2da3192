package flows_test

import (
	"fmt"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
	"github.com/buurtbot/buurtbot/flows"
)

// invite makes a one-time code: words are CODE, "role" or "room", what it is for, and the name of an area.
func (p *player) invite(words []string) error {
	return p.store.Do(p.ctx, func(tx bot.Tx) error {
		networks, err := tx.Networks(p.ctx)
		if err != nil {
			return err
		}
		i := bot.Invite{Kind: words[1], Area: networks[0].ID, Expires: p.now.Add(flows.InviteLife)}
		if i.Kind == "role" {
			i.Role = civic.Role(words[2])
		} else {
			i.Room = words[2]
		}
		areas, err := tx.Areas(p.ctx, networks[0].ID)
		if err != nil {
			return err
		}
		for _, a := range areas {
			if len(words) > 3 && a.Name == words[3] {
				i.Area = a.ID
			}
		}
		return tx.CreateInvite(p.ctx, words[0], i, p.now)
	})
}

// away is as the program was deaf for a while, until now, on the platform that somebody or a room is on.
func (p *player) away(where, how string) error {
	silence, err := time.ParseDuration(how)
	if err != nil {
		return err
	}
	ref := fmt.Sprintf("%d/%d/%s", p.now.Add(-silence).Unix(), p.now.Unix(), p.home(where))
	return p.store.Do(p.ctx, func(tx bot.Tx) error {
		return tx.Wake(p.ctx, bot.Timer{Kind: flows.OpsPresses, Ref: ref, At: p.now})
	})
}

// mute silences the deliveries of a street group.
func (p *player) mute(group string) error {
	return p.store.Do(p.ctx, func(tx bot.Tx) error {
		networks, err := tx.Networks(p.ctx)
		if err != nil {
			return err
		}
		w, err := tx.World(p.ctx, networks[0].ID, 0)
		if err != nil {
			return err
		}
		for _, target := range w.Targets {
			if w.Areas[target.Group].Name == group {
				target.Muted = true
				return tx.SaveTarget(p.ctx, &target)
			}
		}
		return fmt.Errorf("nothing is delivered to %s", group)
	})
}
