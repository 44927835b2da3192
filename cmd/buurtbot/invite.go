package main

import (
	"cmp"
	"context"
	"crypto/rand"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
	"github.com/buurtbot/buurtbot/flows"
	"github.com/buurtbot/buurtbot/locales"
	"github.com/buurtbot/buurtbot/storage"
)

type inviteCommand struct {
	Role   string `help:"The role it gives: ${roles}." xor:"what" required:""`
	Room   string `help:"The room a group becomes: coordinators, police, target:group, target:channel." xor:"what" required:""`
	Street string `help:"The street whose sign is made, by its name or code." xor:"what" required:""`
	Area   string `help:"The street group of the role or room; else the network."`
	// Network is for deployments of several.
	Network string `help:"The network, when it is not the first." placeholder:"NAME"`
	Until   string `help:"The last day of the role, such as 2027-07-31; a deputy's is 60 days away." placeholder:"DAY"`
	PNG     string `help:"Draw the QR code of the street's sign into this file." name:"png" placeholder:"FILE" type:"path"`
}

// Run makes a one-time code and prints how to use it. The bot may be running.
func (i inviteCommand) Run(s shell) error { return s.beside(doorRequest{Invite: &i}) }

func (i inviteCommand) run(s shell) error {
	c, err := s.load()
	if err != nil {
		return err
	}
	if i.Street != "" {
		return s.sign(c, i)
	}
	invite, err := i.invite(c)
	if err != nil {
		return err
	}
	return s.withStore(c, func(store *storage.Store) error {
		if err := plant(s.ctx, store, c); err != nil {
			return fmt.Errorf("areas: %w", err)
		}
		return s.invite(c, store, invite, i)
	})
}

// invite is the invitation that is asked for.
func (i inviteCommand) invite(c Config) (bot.Invite, error) {
	switch {
	case i.PNG != "":
		return bot.Invite{}, fmt.Errorf("%w: --png draws the sign of a --street", errUse)
	case i.Room != "":
		return bot.Invite{Kind: "room", Room: i.Room}, nil
	case !invitable(civic.Role(i.Role)):
		return bot.Invite{}, fmt.Errorf("%w: no role %q", errUse, i.Role)
	}
	until, err := lastDay(i.Until, c.Network.Zone)
	return bot.Invite{Kind: "role", Role: civic.Role(i.Role), Until: until}, err
}

// roleList names the roles that a code can give.
func roleList() string {
	var names []string
	for _, role := range civic.Admin.Invites() {
		names = append(names, string(role))
	}
	return strings.Join(names, ", ")
}

// invitable reports whether a role is given by invitation: any that an administrator may give.
func invitable(r civic.Role) bool { return slices.Contains(civic.Admin.Invites(), r) }

// lastDay is the end of a day as it is written; zero for none.
func lastDay(written string, zone *time.Location) (time.Time, error) {
	if written == "" {
		return time.Time{}, nil
	}
	day, err := time.ParseInLocation(time.DateOnly, written, zone)
	if err != nil || !day.AddDate(0, 0, 1).After(time.Now()) {
		return time.Time{}, fmt.Errorf("%w: %s is no day to come, such as 2027-07-31", errUse, quote(written))
	}
	return day.AddDate(0, 0, 1), nil
}

func (s shell) invite(c Config, store *storage.Store, i bot.Invite, asked inviteCommand) error {
	code, area := "", civic.Area{}
	err := store.Do(s.ctx, func(tx bot.Tx) error {
		n, err := networkNamed(s.ctx, tx, asked.Network)
		if err != nil {
			return err
		}
		if i.Area, err = areaNamed(s.ctx, tx, n.Name, asked.Area); err != nil {
			return err
		}
		if area, err = tx.Area(s.ctx, i.Area); err != nil {
			return err
		}
		code, err = flows.Invite(s.ctx, tx, rand.Reader, i, time.Now())
		return err
	})
	if err != nil {
		return err
	}
	days := int(flows.InviteLife.Hours() / 24)
	s.say("%s", code)
	if i.Kind == "room" {
		s.say("The group in which somebody sends /koppel %s within %d days becomes the room %s. It works once.",
			code, days, i.Room)
		return nil
	}
	s.say("Whoever sends the bot /start %s in a private chat within %d days is %s. It works once.", code, days, i.Role)
	if link, err := s.link(c, code); err == nil && link != "" {
		s.say("On Telegram this link does the same: %s", link)
	}
	if i.Role.NeedsSecond(area.Kind, true) {
		s.say("Then an administrator or a network coordinator confirms it in chat. As long as there is none, you do:")
		s.say("buurtbot confirm %s", code)
	}
	return nil
}

// areaNamed finds an area of a network by name; the network itself when the name is empty.
func areaNamed(ctx context.Context, tx bot.Tx, network, name string) (civic.AreaID, error) {
	networks, err := tx.Networks(ctx)
	if err != nil {
		return 0, err
	}
	for _, n := range networks {
		if n.Name != network {
			continue
		}
		if name == "" {
			return n.ID, nil
		}
		areas, err := tx.Areas(ctx, n.ID)
		if err != nil {
			return 0, err
		}
		for _, a := range areas {
			if strings.EqualFold(a.Name, name) || strings.EqualFold(a.Code, name) {
				return a.ID, nil
			}
		}
	}
	return 0, fmt.Errorf("%w: %s has no area %q", errUse, network, name)
}

type confirmCommand struct {
	Code string `arg:"" help:"The code of the invitation that somebody took."`
}

// Run is the operator's word for a role that nobody in the network can confirm yet. The bot may be running.
func (i confirmCommand) Run(s shell) error { return s.beside(doorRequest{Confirm: &i}) }

func (i confirmCommand) run(s shell) error {
	c, err := s.load()
	if err != nil {
		return err
	}
	texts, err := locales.Load()
	if err != nil {
		return fmt.Errorf("texts: %w", err)
	}
	return s.withStore(c, func(store *storage.Store) error {
		var m civic.Member
		var claim bot.Claim
		err := store.Do(s.ctx, func(tx bot.Tx) error {
			var err error
			if claim, err = flows.Confirm(s.ctx, tx, i.Code, time.Now()); err != nil {
				return err
			}
			m, err = tx.Member(s.ctx, claim.Person)
			if err != nil {
				return err
			}
			return welcomeHolder(s.ctx, tx, texts, m, claim)
		})
		if err != nil {
			return err
		}
		s.say("%s is %s now, by your word. The audit trail says so.", cmp.Or(m.Name, "The person"), claim.Role)
		return nil
	})
}

// welcomeHolder leaves a letter for who was confirmed; the bot delivers it when it runs.
func welcomeHolder(ctx context.Context, tx bot.Tx, texts bot.Texts, m civic.Member, c bot.Claim) error {
	chat, err := tx.PrivateChat(ctx, m.ID)
	if err != nil || chat == 0 {
		return err
	}
	area, err := tx.Area(ctx, c.Area)
	if err != nil {
		return err
	}
	networks, err := tx.Networks(ctx)
	if err != nil {
		return err
	}
	lang, name := m.Language, area.Name
	for _, n := range networks {
		if n.ID == area.Network {
			lang, name = cmp.Or(lang, n.Languages[0]), n.Name
		}
	}
	l := bot.Letter{Chat: chat, Op: bot.OpPost, Lane: bot.LaneRoutine, Message: bot.Message{
		Text: texts.Text(lang, "invited.done", "role", texts.Text(lang, "member.role."+string(c.Role)), "network", name),
	}}
	l.Expires = time.Now().Add(l.Life())
	return tx.Enqueue(ctx, &l)
}
