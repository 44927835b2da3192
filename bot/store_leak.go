package bot

import (
	"context"

	"github.com/buurtbot/buurtbot/bot/civic"
)

// Reached is how many members are reached alone on a platform.
type Reached struct {
	Platform string // empty = nowhere
	Members  int
}

// LeakTx remembers breaches of what is kept about people.
type LeakTx interface {
	// AddLeak stores a leak and fills in the ID and the version. SaveLeak stores its halt and what was decided; ErrConflict when
	// it is at another version.
	AddLeak(ctx context.Context, l *civic.Leak) error
	SaveLeak(ctx context.Context, l *civic.Leak) error
	Leak(ctx context.Context, id int64) (civic.Leak, error)
	// OpenLeaks lists a network's leaks about which nothing was decided, oldest first.
	OpenLeaks(ctx context.Context, network civic.AreaID) ([]civic.Leak, error)
	// Reached counts of whom something is kept in a network, or in one of its street groups, by the platform on which they are
	// reached alone: members, and who asked to be one. It reads all memberships.
	Reached(ctx context.Context, scope civic.Scope) ([]Reached, error)
}
