package bot

import (
	"context"
	"errors"
)

// Adopter is a platform on which the bot can take over a space that people made. It is asked in errands, never in a turn.
type Adopter interface {
	// Adopt enters the space at an address, as people write it, and makes it the one of the site's key. A *FinalError
	// wraps ErrShut when we are not let in, ErrForeign when there is no space or it is another one's, ErrOpen when anybody
	// can come in, and ErrPower when we lack the rights; who gives those may ask again.
	Adopt(ctx context.Context, s Site, address string) (ChatRef, error)
}

// Why a space is not taken over, besides [ErrShut] and [ErrForeign].
var (
	ErrOpen  = errors.New("anybody can come into the space")
	ErrPower = errors.New("we lack the rights that we need in the space")
)
