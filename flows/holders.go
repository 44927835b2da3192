package flows

import (
	"context"
	"slices"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// holdersOf are those who may do something in the turn's network, each once.
func holdersOf(ctx context.Context, t *bot.Turn, p civic.Permission) ([]int64, error) {
	var people []int64
	for _, role := range civic.Grants[p] {
		holders, err := t.Tx.Holders(ctx, role, civic.Scope{Network: t.Network.ID}, t.Now)
		if err != nil {
			return nil, err
		}
		for _, person := range holders {
			if !slices.Contains(people, person) {
				people = append(people, person)
			}
		}
	}
	return people, nil
}

// networksWhere are the networks in which the person may do something as well, the turn's first.
func networksWhere(ctx context.Context, t *bot.Turn, p civic.Permission) ([]civic.AreaID, error) {
	networks := []civic.AreaID{t.Network.ID}
	who, err := t.Tx.Member(ctx, t.Actor.ID) // with the roles in every network
	if err != nil {
		return nil, err
	}
	parts, err := t.Parts(ctx)
	for _, n := range parts {
		if !slices.Contains(networks, n) && who.May(p, civic.Scope{Network: n}, t.Late()) {
			networks = append(networks, n)
		}
	}
	return networks, err
}
