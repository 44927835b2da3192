package bot

import (
	"context"

	"github.com/buurtbot/buurtbot/bot/civic"
)

// LookupTx remembers what is asked for people who are no members, and takes out of cases what they ask for.
type LookupTx interface {
	// AddLookup stores a lookup and fills in the ID and the version. SaveLookup stores when a second person agreed, when it was
	// looked for, and when it expires; ErrConflict when it is at another version. EndLookup forgets it, with its words.
	AddLookup(ctx context.Context, q *civic.Lookup) error
	SaveLookup(ctx context.Context, q *civic.Lookup) error
	EndLookup(ctx context.Context, id int64) error
	Lookup(ctx context.Context, id int64) (civic.Lookup, error)
	// Lookups lists those of a person in a network, oldest first.
	Lookups(ctx context.Context, network civic.AreaID, person int64) ([]civic.Lookup, error)
	// WordyCases lists the cases of a network, numbered above after, in which somebody's words are kept, by number.
	WordyCases(ctx context.Context, network civic.AreaID, after int64, limit int) ([]civic.Case, error)
	// Reword stores the words of a dossier out of which something was taken; nothing else of it. In a backup that is put back all
	// words of the case go: better too many than what somebody had taken out.
	Reword(ctx context.Context, d civic.Dossier) error
}
