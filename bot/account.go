package bot

import (
	"context"
	"time"
)

// Account is where a person is on a network.
type Account struct {
	ID        int64
	Platform  string
	External  string // the platform's id of the account
	Chat      int64  // the private chat; 0 = none
	Linked    time.Time
	Preferred bool // the person is written to here, if it can be reached
}

// LinkTx knows the accounts of people who have several.
type LinkTx interface {
	// Accounts lists a person's, the oldest first.
	Accounts(ctx context.Context, person int64) ([]Account, error)
	// Attach gives an account of nobody to a person.
	Attach(ctx context.Context, who UserRef, chat, person int64, at time.Time) error
	// Link makes one person of two: all that names other names kept, and other is no more. A role that both hold is held
	// once, for as long as either. The membership of other goes, so what is to stay of it is saved by the caller. An alert
	// that both were told counts as told once, and what follows it still reaches both chats.
	Link(ctx context.Context, kept, other int64) error
	// Prefer makes an account the one on which the person is written to. Unlink makes an account that of nobody; what it
	// brought stays with the person. Both give ErrNotFound when it is not theirs.
	Prefer(ctx context.Context, person, account int64) error
	Unlink(ctx context.Context, person, account int64) error
	// EndInvites forgets the unused invitations of a kind that somebody made.
	EndInvites(ctx context.Context, kind string, by int64) error
}
