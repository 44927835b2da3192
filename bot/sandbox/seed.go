package sandbox

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// Seed stores a world, once: a store that knows the network already is left as it is. Accounts and chats are those of
// the platform that is named.
func Seed(ctx context.Context, store bot.Store, platform string, w World, at time.Time) error {
	return store.Do(ctx, func(tx bot.Tx) error {
		known, err := tx.Networks(ctx)
		if err != nil {
			return err
		}
		for _, n := range known {
			if n.Name == w.Network.Name {
				return nil
			}
		}
		s := seeding{tx: tx, platform: platform, world: w, at: at, groups: map[string]civic.Area{}}
		return s.all(ctx)
	})
}

type seeding struct {
	tx       bot.Tx
	platform string
	world    World
	at       time.Time
	groups   map[string]civic.Area
}

func (s *seeding) all(ctx context.Context) error {
	if err := s.tx.SaveNetwork(ctx, &s.world.Network); err != nil {
		return fmt.Errorf("seed network: %w", err)
	}
	for _, g := range s.world.Groups {
		if err := s.group(ctx, g); err != nil {
			return fmt.Errorf("seed %s: %w", g.Name, err)
		}
	}
	for _, l := range s.world.Landmarks {
		l.Network = s.world.Network.ID
		if err := s.tx.SaveLandmark(ctx, &l); err != nil {
			return fmt.Errorf("seed %s: %w", l.Name, err)
		}
	}
	for _, c := range s.world.Citizens {
		if err := s.citizen(ctx, c); err != nil {
			return fmt.Errorf("seed %s: %w", c.ID, err)
		}
	}
	return s.rooms(ctx)
}

func (s *seeding) group(ctx context.Context, g ExampleGroup) error {
	root := s.world.Network.ID
	area := civic.Area{Parent: root, Network: root, Kind: civic.KindGroup, Name: g.Name, Code: g.Code, Prefix: g.Prefix}
	if err := s.tx.SaveArea(ctx, &area); err != nil {
		return err
	}
	s.groups[g.Name] = area
	for _, street := range g.Streets {
		a := civic.Area{
			Parent: area.ID, Network: root, Kind: civic.KindStreet,
			Name: street.Name, Code: street.Code, Lines: civic.LinesOf(street.Line),
		}
		if err := s.tx.SaveArea(ctx, &a); err != nil {
			return err
		}
	}
	return s.target(ctx, g, area.ID)
}

func (s *seeding) target(ctx context.Context, g ExampleGroup, group civic.AreaID) error {
	if g.Untold {
		return nil
	}
	target := civic.Target{Group: group, Kind: civic.TargetDirect}
	if g.Room != "" {
		target.Kind = civic.TargetGroup
		room := bot.ChatRef{ID: g.Room, Kind: bot.Group, Title: g.Name}
		if g.Channel {
			target.Kind, room.Kind = civic.TargetChannel, bot.Channel
		}
		var err error
		if target.Chat, err = s.room(ctx, room); err != nil {
			return err
		}
	}
	return s.tx.SaveTarget(ctx, &target)
}

func (s *seeding) room(ctx context.Context, room bot.ChatRef) (int64, error) {
	room.Platform = s.home(room.ID)
	chat, err := s.tx.Enter(ctx, room, s.at)
	return chat.ID, err
}

// home is the platform of an account or a chat.
func (s *seeding) home(id string) string { return cmp.Or(s.world.Away[id], s.platform) }

func (s *seeding) rooms(ctx context.Context) error {
	for _, kind := range slices.Sorted(maps.Keys(s.world.Rooms)) {
		chat, err := s.room(ctx, bot.ChatRef{ID: s.world.Rooms[kind], Kind: bot.Group, Title: string(kind)})
		if err != nil {
			return err
		}
		if err := s.tx.BindRoom(ctx, s.world.Network.ID, kind, chat, s.at); err != nil {
			return fmt.Errorf("seed room %s: %w", kind, err)
		}
	}
	return nil
}

// citizen makes a person with an account and a role; a guest stays unknown.
func (s *seeding) citizen(ctx context.Context, c Citizen) error {
	if c.Role == civic.Guest {
		return nil
	}
	who := bot.UserRef{Platform: s.home(c.ID), ID: c.ID, Name: c.Name, Language: c.Language}
	alone := bot.ChatRef{Platform: s.home(c.ID), ID: cmp.Or(c.Chat, c.ID), Kind: bot.Private}
	chat, err := s.tx.Enter(ctx, alone, s.at)
	if err != nil {
		return err
	}
	m, err := s.tx.Adopt(ctx, who, chat.ID, s.world.Network.ID, s.at)
	if err != nil {
		return err
	}
	m.Name, m.Language = c.Name, c.Language
	area := s.world.Network.ID
	if group, ok := s.groups[c.Group]; ok {
		area = group.ID
	}
	if c.Role == civic.Resident {
		m.Standing, m.Group, m.Rules = civic.StandingActive, area, s.world.Network.Agreed.Version
		return s.tx.SaveMember(ctx, m, s.at)
	}
	if err := s.tx.SaveMember(ctx, m, s.at); err != nil {
		return err
	}
	return s.tx.Grant(ctx, m.ID, civic.Grant{Role: c.Role, Area: area, From: s.at}, 0)
}
