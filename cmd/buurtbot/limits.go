package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/matrix"
	"github.com/buurtbot/buurtbot/storage"
)

// alertRooms counts the rooms on Matrix that an alert to everybody goes to: those of street groups, and the private rooms
// of members who are told one by one.
func alertRooms(ctx context.Context, tx bot.Tx) (int, error) {
	networks, err := tx.Networks(ctx)
	if err != nil {
		return 0, err
	}
	rooms := map[int64]bool{}
	for _, n := range networks {
		w, err := tx.World(ctx, n.ID, 0)
		if err != nil {
			return 0, fmt.Errorf("who listens in %s: %w", n.Name, err)
		}
		for _, t := range w.Targets {
			rooms[t.Chat] = true
		}
		for _, l := range w.Listeners {
			rooms[l.Chat] = true
		}
	}
	delete(rooms, 0)
	count := 0
	for id := range rooms {
		c, err := tx.Chat(ctx, id)
		if err != nil {
			return 0, err
		}
		if c.Ref.Platform == matrix.Name && c.Reachable {
			count++
		}
	}
	return count, nil
}

func (s shell) alertRooms(c Config) (rooms int, err error) {
	if _, err := os.Stat(c.Storage.Path); errors.Is(err, os.ErrNotExist) {
		return 0, nil // nobody was told of a room yet
	}
	err = s.withStore(c, func(store *storage.Store) error {
		return store.View(s.ctx, func(tx bot.Tx) error {
			rooms, err = alertRooms(s.ctx, tx)
			return err
		})
	})
	return rooms, err
}

// tellLimits tells the operator once, after the start, how long an alert to everybody takes on this homeserver. What the
// server does not tell is no reason not to serve.
func (d *deployment) tellLimits(ctx context.Context, store *storage.Store) error {
	if d.matrix == nil {
		return nil
	}
	var rooms int
	err := store.View(ctx, func(tx bot.Tx) (err error) {
		rooms, err = alertRooms(ctx, tx)
		return err
	})
	if err != nil {
		return fmt.Errorf("rooms of an alert: %w", err)
	}
	limits := d.matrix.Limits(ctx)
	if ctx.Err() != nil {
		return nil //nolint:nilerr // the deployment is ending: what the server told then is nothing to tell on
	}
	slog.InfoContext(ctx, "how fast an alert goes on Matrix", "rooms", rooms, "takes", limits.Takes(rooms),
		"means", limits.About(rooms, d.config.Matrix.User))
	return nil
}
