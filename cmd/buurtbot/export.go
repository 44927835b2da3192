package main

import (
	"bytes"
	"errors"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
	"github.com/buurtbot/buurtbot/bot/survey"
	"github.com/buurtbot/buurtbot/storage"
)

type exportCommand struct {
	Map     bool   `help:"A map (GeoJSON) with borders, streets and landmarks, and not a list (CSV)."`
	Network string `help:"The network, when it is not the configured one." placeholder:"NAME"`
}

// Run writes the places of a network on standard output, as import takes them. Nothing of people is in it. The bot may be
// running.
func (e exportCommand) Run(s shell) error { return s.beside(doorRequest{Export: &e}) }

func (e exportCommand) run(s shell) error {
	c, err := s.load()
	if err != nil {
		return err
	}
	var places []civic.Area
	var landmarks []civic.Landmark
	err = s.withStore(c, func(store *storage.Store) error {
		return store.Do(s.ctx, func(tx bot.Tx) error {
			if err := plantIn(s.ctx, tx, c); err != nil { // at the first start it is not stored yet
				return err
			}
			n, err := networkNamed(s.ctx, tx, e.Network)
			if err != nil {
				return err
			}
			if places, err = tx.Areas(s.ctx, n.ID); err != nil {
				return err
			}
			if landmarks, err = tx.Landmarks(s.ctx, n.ID); err != nil {
				return err
			}
			return errDry
		})
	})
	if err != nil && !errors.Is(err, errDry) {
		return err
	}
	var b bytes.Buffer
	if e.Map {
		err = survey.WriteMap(&b, places, landmarks)
	} else {
		err = survey.WriteList(&b, places)
	}
	if err == nil {
		_, err = b.WriteTo(s.out)
	}
	return err
}
