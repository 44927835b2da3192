package bot

import (
	"context"
	"errors"
)

// Successor is the room in which another goes on, in its platform's own words.
type Successor struct {
	ID  string `json:"id"`  // empty = the room was closed, and none is named
	Via string `json:"via"` // a server that knows it; may be empty
}

// Follower is a platform whose rooms can be closed in favour of others. It is asked in an errand, never in a turn.
type Follower interface {
	// Follow enters the room in which old goes on, if each of the two rooms names the other. A *FinalError wraps ErrShut
	// when we are not let in and ErrForeign when the rooms do not belong together; every other error passes.
	Follow(ctx context.Context, old ChatRef, next Successor) error
}

// Why a room is not followed.
var (
	ErrShut    = errors.New("the room does not let us in")
	ErrForeign = errors.New("the rooms do not name each other")
)

// SuccessionState is how far the question has got whether a room is followed.
type SuccessionState string

// The states of a succession.
const (
	SuccessionOpen   SuccessionState = "open"   // nobody has decided
	SuccessionUnder  SuccessionState = "under"  // it was decided to follow, and the room is being entered
	SuccessionShut   SuccessionState = "shut"   // the room did not let us in; it can be tried again
	SuccessionFailed SuccessionState = "failed" // nobody answered; it can be tried again
	SuccessionFalse  SuccessionState = "false"  // the rooms do not belong together
	SuccessionStay   SuccessionState = "stay"   // it was decided not to follow
	SuccessionDone   SuccessionState = "done"   // the chat goes on in the other room
)

// Decidable reports whether somebody can still say what is to be done.
func (s SuccessionState) Decidable() bool {
	return s == SuccessionOpen || s == SuccessionShut || s == SuccessionFailed
}

// Succession is a room of ours that was closed in favour of another, and what became of that.
type Succession struct {
	ID      int64
	Chat    int64
	Next    Successor
	State   SuccessionState
	Version int64
}

// SuccessionTx remembers rooms that were closed in favour of others.
type SuccessionTx interface {
	// OpenSuccession stores that a chat goes on in another room, or gives what is known of that already.
	OpenSuccession(ctx context.Context, chat int64, next Successor) (Succession, error)
	// Succession gives one by its number, or ErrNotFound.
	Succession(ctx context.Context, id int64) (Succession, error)
	// SaveSuccession stores the state if s still is at s.Version, which it raises; ErrConflict otherwise.
	SaveSuccession(ctx context.Context, s *Succession) error
}

func (e *Engine) replaced(ctx context.Context, t *Turn, by Successor) error {
	return e.each(func(f Feature) error {
		if f.Replaced == nil {
			return nil
		}
		return f.Replaced(ctx, t, by)
	})
}
