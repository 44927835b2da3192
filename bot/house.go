package bot

import (
	"context"
	"slices"

	"github.com/buurtbot/buurtbot/bot/civic"
)

// HouseKind is what a room that the bot makes is to us: one of these, or the [civic.RoomKind] of a room where people work.
type HouseKind string

// The rooms of a street group.
const (
	HouseSpace  HouseKind = "space"
	HouseStreet HouseKind = "street"
)

// House is a room that the bot makes, or made.
type House struct {
	ID       int64
	Area     civic.AreaID // street group, or network
	Kind     HouseKind
	Platform string
	Key      string // see [Site]
	Chat     int64  // 0 = it is not made yet
}

// HouseTx remembers the rooms that the bot makes, and who is in them.
type HouseTx interface {
	// WantHouse stores that a room is wanted, or gives what is known of the one of this area, platform and kind; one that
	// cannot be reached any more is forgotten.
	WantHouse(ctx context.Context, p *House) error
	// House gives a room by its number, HouseOf by its chat, and HouseIn that of an area; ErrNotFound when there is none.
	House(ctx context.Context, id int64) (House, error)
	HouseOf(ctx context.Context, chat int64) (House, error)
	HouseIn(ctx context.Context, area civic.AreaID, kind HouseKind) (House, error)
	// MadeHouse stores which chat a room is.
	MadeHouse(ctx context.Context, id, chat int64) error
	// Enters notes that a person is in a room that tells who is in it, Leaves that they are not; false when that was known.
	// Who is in their street's room is not told by direct message besides.
	Enters(ctx context.Context, chat, person int64) (bool, error)
	Leaves(ctx context.Context, chat, person int64) (bool, error)
}

// Builds names a platform on which the bot can make rooms; empty when there is none.
func (t *Turn) Builds() string {
	var names []string
	for name, p := range t.engine.platforms {
		if _, is := p.(Builder); is {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return ""
	}
	return slices.Min(names)
}

func (e *Engine) came(ctx context.Context, t *Turn) error {
	return e.each(func(f Feature) error {
		if f.Came == nil {
			return nil
		}
		return f.Came(ctx, t)
	})
}
