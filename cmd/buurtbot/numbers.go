package main

import (
	"errors"
	"fmt"
	"os"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
	"github.com/buurtbot/buurtbot/storage"
)

// errNumber is a network whose people would not be told whom to call when there is no hurry.
var errNumber = errors.New("no number of the police for what is no emergency is known")

// checkNumbers tells which numbers each network names, and fails where the police's own is missing: a country may have
// none that holds everywhere, so that the zone's has to be told (domain §1.7).
func (s shell) checkNumbers(c Config) error {
	networks, err := s.networks(c)
	if err != nil {
		return err
	}
	var missing error
	for i, n := range networks {
		profile, _ := civic.ProfileOf(n.Profile)
		if number := n.PoliceNumber(); number != "" {
			s.say("%s: people are told to call %s in danger, and %s for the police without hurry",
				n.Name, profile.Emergency, number)
			continue
		}
		how := "set network.police in config.yaml"
		if i > 0 {
			how = fmt.Sprintf("give it with import FILE --network %q --police NUMBER", n.Name)
		}
		missing = errors.Join(missing, fmt.Errorf("%s: %w; %s", n.Name, errNumber, how))
	}
	return missing
}

// networks are the configured network, and the others that the database has.
func (s shell) networks(c Config) ([]civic.Network, error) {
	all := []civic.Network{{Name: c.Network.Name, Profile: c.Network.Profile, Police: c.Network.Police}}
	if _, err := os.Stat(c.Storage.Path); errors.Is(err, os.ErrNotExist) {
		return all, nil
	}
	err := s.withStore(c, func(store *storage.Store) error {
		return store.View(s.ctx, func(tx bot.Tx) error {
			stored, err := tx.Networks(s.ctx)
			if len(stored) > 1 {
				all = append(all, stored[1:]...) // the first is as the configuration has it from the next start on
			}
			return err
		})
	})
	return all, err
}
