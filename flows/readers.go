package flows

import (
	"context"
	"strings"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// cardClosedKey is what stands in the place of a card that somebody may not read any more.
const cardClosedKey = "card.closed"

// readBy is [bot.Card.Readers] of a card that is for those who may do one thing where what it shows belongs.
func readBy(p civic.Permission, where func(ctx context.Context, t *bot.Turn, id string) (civic.Scope, error),
) func(context.Context, *bot.Turn, string) (*bot.Readers, error) {
	return func(ctx context.Context, t *bot.Turn, id string) (*bot.Readers, error) {
		scope, err := where(ctx, t, id)
		return bot.For(p, scope), err
	}
}

func caseScope(ctx context.Context, t *bot.Turn, id string) (civic.Scope, error) {
	c, err := caseOf(ctx, t, id)
	return c.Scope(), err
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

func successionScope(ctx context.Context, t *bot.Turn, id string) (civic.Scope, error) {
	_, bound, err := successionOf(ctx, t, id)
	return civic.Scope{Network: bound.network}, err
}

// readersOfTips are those of the list of tips: of the police's list the police, of the coordinators' who triages.
func readersOfTips(ctx context.Context, t *bot.Turn, id string) (*bot.Readers, error) {
	number, role, _ := strings.Cut(id, ".")
	scope, err := alertScope(ctx, t, number)
	if role == "" {
		return bot.ForRoles(scope, civic.Police), err
	}
	return bot.For(civic.TriageCase, scope), err
}

// readersOfHandover are those of a case as a partner has it.
func readersOfHandover(ctx context.Context, t *bot.Turn, id string) (*bot.Readers, error) {
	number, partner := handoverRef(id)
	scope, err := caseScope(ctx, t, number)
	return bot.ForRoles(scope, partner), err
}

// coordinators are the readers of what goes to the coordinators of a whole network, and admins of what its administrators are
// told.
func coordinators(network civic.AreaID) *bot.Readers {
	return bot.ForRoles(civic.Scope{Network: network}, civic.NetworkCoordinator)
}

func admins(network civic.AreaID) *bot.Readers {
	return bot.ForRoles(civic.Scope{Network: network}, civic.Admin)
}

// setters are the readers of what sets a network up.
func setters(t *bot.Turn) *bot.Readers {
	return bot.For(civic.SetUp, civic.Scope{Network: t.Network.ID})
}

// mindersOf are the readers of what is asked or told about an alert, and policeOf of what only officers hear.
func mindersOf(a civic.Alert) *bot.Readers { return bot.For(civic.SendInfo, a.Scope()) }

func policeOf(a civic.Alert) *bot.Readers { return bot.For(civic.SendAlert, a.Scope()) }

// handlersOf are the readers of what is asked about a leak.
func handlersOf(l civic.Leak) *bot.Readers {
	return bot.For(civic.HandleLeak, civic.Scope{Network: l.Network})
}

// searchers are the readers of a lookup and of what it found.
func searchers(q civic.Lookup) *bot.Readers {
	return bot.For(civic.SearchThird, civic.Scope{Network: q.Network})
}
