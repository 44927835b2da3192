package main

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
	"github.com/buurtbot/buurtbot/flows"
)

// plant stores the configured network with its street groups and streets. What is there already is brought up to date by
// name; what the configuration does not name any more stays, because cases and members may belong to it. A street that an
// import put into another street group comes back to the one that the configuration names.
func plant(ctx context.Context, store bot.Store, c Config) error {
	return store.Do(ctx, func(tx bot.Tx) error { return plantIn(ctx, tx, c) })
}

func plantIn(ctx context.Context, tx bot.Tx, c Config) error {
	n, err := network(ctx, tx, c)
	if err != nil {
		return fmt.Errorf("network %s: %w", n.Name, err)
	}
	for _, g := range c.Areas {
		if err := plantGroup(ctx, tx, n.ID, c, g); err != nil {
			return fmt.Errorf("street group %s: %w", g.Name, err)
		}
	}
	return nil
}

// network finds the first network, or makes it; its settings are the configuration's.
func network(ctx context.Context, tx bot.Tx, c Config) (civic.Network, error) {
	n := civic.Network{
		Name: c.Network.Name, Profile: c.Network.Profile, Zone: c.Network.Zone, Languages: c.Network.Languages, Prefix: "BIN",
		Police: c.Network.Police,
	}
	known, err := tx.Networks(ctx)
	if err != nil {
		return n, err
	}
	if len(known) > 0 {
		n.ID, n.Prefix = known[0].ID, known[0].Prefix
	}
	n.Agreed.Terms = c.termsOf(n)
	if err := tx.SaveNetwork(ctx, &n); err != nil || len(known) < 2 {
		return n, err
	}
	return n, agreeOthers(ctx, tx, c, known[1:])
}

// agreeOthers stores what people of the other networks agree to.
func agreeOthers(ctx context.Context, tx bot.Tx, c Config, others []civic.Network) error {
	for _, n := range others {
		n.Agreed.Terms = c.termsOf(n)
		if err := tx.SaveNetwork(ctx, &n); err != nil {
			return err
		}
	}
	return nil
}

func plantGroup(ctx context.Context, tx bot.Tx, network civic.AreaID, c Config, g GroupConfig) error {
	known, err := tx.Areas(ctx, network)
	if err != nil {
		return err
	}
	group := named(known, civic.Area{Parent: network, Network: network, Kind: civic.KindGroup, Name: g.Name})
	group.Code, group.Prefix = g.Code, g.Prefix
	if err := tx.SaveArea(ctx, &group); err != nil {
		return err
	}
	for _, s := range g.Streets {
		street := named(known, civic.Area{Parent: group.ID, Network: network, Kind: civic.KindStreet, Name: s.Name})
		if street.ID == 0 {
			street = strayed(known, street, c)
		}
		if s.Code != "" {
			street.Code = s.Code
		}
		if len(s.Line) > 0 {
			street.Lines = civic.LinesOf(s.Line)
		}
		if _, err := flows.PlaceArea(ctx, tx, &street, time.Now()); err != nil {
			return fmt.Errorf("street %s: %w", s.Name, err)
		}
	}
	return nil
}

// named finds an area that is known already, with what an import found out about it; a itself when it is new.
func named(known []civic.Area, a civic.Area) civic.Area {
	for _, k := range known {
		if k.Kind == a.Kind && k.Parent == a.Parent && k.Name == a.Name {
			return k
		}
	}
	return a
}

// strayed finds a new street in the one other street group in which it is known, unless the configuration names it there,
// too: then there are two streets of this name. It is a itself when there is none.
func strayed(known []civic.Area, a civic.Area, c Config) civic.Area {
	var found []civic.Area
	groups := map[civic.AreaID]string{}
	for _, k := range known {
		groups[k.ID] = k.Name
		if k.Kind == a.Kind && k.Name == a.Name {
			found = append(found, k)
		}
	}
	if len(found) != 1 || c.names(groups[found[0].Parent], a.Name) {
		return a
	}
	found[0].Parent = a.Parent
	return found[0]
}

// names reports whether the configuration has a street in a street group.
func (c Config) names(group, street string) bool {
	return slices.ContainsFunc(c.Areas, func(g GroupConfig) bool {
		return g.Name == group && slices.ContainsFunc(g.Streets, func(s StreetConfig) bool { return s.Name == street })
	})
}
