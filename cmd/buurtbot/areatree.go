package main

import (
	"context"
	"fmt"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// plant stores the configured network with its street groups and streets. What is there already is brought up to date by
// name; what the configuration does not name any more stays, because cases and members may belong to it.
func plant(ctx context.Context, store bot.Store, c Config) error {
	return store.Do(ctx, func(tx bot.Tx) error {
		n, err := network(ctx, tx, c)
		if err != nil {
			return fmt.Errorf("network %s: %w", n.Name, err)
		}
		for _, g := range c.Areas {
			if err := plantGroup(ctx, tx, n.ID, g); err != nil {
				return fmt.Errorf("street group %s: %w", g.Name, err)
			}
		}
		return nil
	})
}

// network finds the first network, or makes it; its settings are the configuration's.
func network(ctx context.Context, tx bot.Tx, c Config) (civic.Network, error) {
	n := civic.Network{
		Name: c.Network.Name, Profile: c.Network.Profile, Zone: c.Network.Zone, Languages: c.Network.Languages, Prefix: "BIN",
	}
	known, err := tx.Networks(ctx)
	if err != nil {
		return n, err
	}
	if len(known) > 0 {
		n.ID, n.Prefix = known[0].ID, known[0].Prefix
	}
	return n, tx.SaveNetwork(ctx, &n)
}

func plantGroup(ctx context.Context, tx bot.Tx, network civic.AreaID, g GroupConfig) error {
	known, err := tx.Areas(ctx, network)
	if err != nil {
		return err
	}
	group := civic.Area{
		Parent: network, Network: network, Kind: civic.KindGroup, Name: g.Name, Code: g.Code, Prefix: g.Prefix,
	}
	group.ID = named(known, group)
	if err := tx.SaveArea(ctx, &group); err != nil {
		return err
	}
	for _, s := range g.Streets {
		street := civic.Area{
			Parent: group.ID, Network: network, Kind: civic.KindStreet, Name: s.Name, Code: s.Code, Line: s.Line,
		}
		street.ID = named(known, street)
		if err := tx.SaveArea(ctx, &street); err != nil {
			return fmt.Errorf("street %s: %w", s.Name, err)
		}
	}
	return nil
}

// named finds an area that is known already; 0 when it is new.
func named(known []civic.Area, a civic.Area) civic.AreaID {
	for _, k := range known {
		if k.Kind == a.Kind && k.Parent == a.Parent && k.Name == a.Name {
			return k.ID
		}
	}
	return 0
}
