package main

import (
	"context"
	"log/slog"
	"time"

	"github.com/buurtbot/buurtbot/flows"
)

// offerMenus has Telegram show the commands, and tries again while it cannot be reached.
func (d *deployment) offerMenus(ctx context.Context) error {
	const pause = time.Minute
	menus := flows.Menus(d.texts, d.config.Network.Languages[0])
	for ctx.Err() == nil {
		err := d.telegram.Offer(ctx, menus)
		if err == nil {
			break
		}
		slog.Info("the menu of commands is not shown yet", "error", err)
		select {
		case <-ctx.Done():
		case <-time.After(pause):
		}
	}
	return nil
}
