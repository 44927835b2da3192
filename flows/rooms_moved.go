package flows

import (
	"context"
	"errors"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// mostMoved is how many cards come to a room that takes the place of another: what is behind them stands in the list.
const mostMoved = 30

// leaveRoom sees to it that a chat hears nothing more of the cards that stand there, once another took its place, and that
// a list that is not kept any more does not stay at its top.
func leaveRoom(ctx context.Context, t *bot.Turn, network civic.AreaID, old int64) error {
	if old == 0 || old == t.Chat.ID {
		return nil
	}
	return errors.Join(t.Unpin(ctx, queueAbout(network), old), t.Tx.ForgetCards(ctx, old))
}

// showOpen shows in a new coordinators' room what is still to be done.
func showOpen(ctx context.Context, t *bot.Turn) error {
	network := []civic.AreaID{t.Network.ID}
	open, err := t.Tx.OpenCases(ctx, civic.Queue{
		Network: t.Network.ID, Reader: civic.Reader{Work: network, Sensitive: network, Barred: civic.Subjects},
	}, mostMoved)
	if err != nil {
		return err
	}
	for _, c := range open {
		if err := coordinatorsDesk.show(ctx, t, c); err != nil {
			return err
		}
	}
	return nil
}
