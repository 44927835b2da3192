package flows

import (
	"context"
	"slices"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// reached sees to it that the members of a street group are told of alerts: where nobody chose a chat, each of them is told
// in their own (issue of rooms: members of a room see each other, so a room is a choice). It is asked for whenever somebody
// comes to live in the group; a chat that is chosen later takes the place of the private ones.
func reached(ctx context.Context, t *bot.Turn, network, group civic.AreaID) error {
	if group == 0 {
		return nil
	}
	return heardOf(ctx, t.Tx, network, group)
}

// heardOf gives a street group that has no target the one of direct messages.
func heardOf(ctx context.Context, tx bot.Tx, network, group civic.AreaID) error {
	targets, err := tx.Targets(ctx, network)
	if err != nil || slices.ContainsFunc(targets, func(a civic.Target) bool { return a.Group == group }) {
		return err
	}
	return tx.SaveTarget(ctx, &civic.Target{Group: group, Kind: civic.TargetDirect})
}
