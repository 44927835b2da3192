package flows

import (
	"context"
	"strings"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// cardClosedKey is what stands in the place of a card that somebody may not read any more.
const cardClosedKey = "card.closed"

// readBy is [bot.Card.Theirs] of a card that is for those who may do one thing where what it shows belongs.
func readBy(p civic.Permission, where func(ctx context.Context, t *bot.Turn, id string) (civic.Scope, error),
) func(context.Context, *bot.Turn, int64, string) (bool, error) {
	return func(ctx context.Context, t *bot.Turn, person int64, id string) (bool, error) {
		scope, err := where(ctx, t, id)
		if err != nil {
			return false, err
		}
		m, err := readerIn(ctx, t, scope.Network, person)
		return err == nil && m.May(p, scope, t.Now), err
	}
}

// readerIn is somebody as a network knows them.
func readerIn(ctx context.Context, t *bot.Turn, network civic.AreaID, person int64) (civic.Member, error) {
	t, err := inNetwork(ctx, t, network)
	if err != nil {
		return civic.Member{}, err
	}
	return t.Person(ctx, person)
}

func alertScope(ctx context.Context, t *bot.Turn, id string) (civic.Scope, error) {
	a, err := alertOf(ctx, t, id)
	return a.Scope(), err
}

func leakScope(ctx context.Context, t *bot.Turn, id string) (civic.Scope, error) {
	l, err := leakBy(ctx, t, id)
	return civic.Scope{Network: l.Network}, err
}

func lookupScope(ctx context.Context, t *bot.Turn, id string) (civic.Scope, error) {
	q, err := lookupBy(ctx, t, id)
	return civic.Scope{Network: q.Network}, err
}

// readsTips is [bot.Card.Theirs] of the list of tips: of the police's for them, of the coordinators' for those who triage.
func readsTips(ctx context.Context, t *bot.Turn, person int64, id string) (bool, error) {
	number, role, _ := strings.Cut(id, ".")
	scope, err := alertScope(ctx, t, number)
	if err != nil {
		return false, err
	}
	m, err := readerIn(ctx, t, scope.Network, person)
	if err != nil {
		return false, err
	}
	if role == "" {
		return m.Holds(civic.Police, scope, t.Now), nil
	}
	return m.May(civic.TriageCase, scope, t.Now), nil
}
