package bot

import (
	"context"
	"time"
)

// ParkedUpdate is an update that was set aside because no turn could handle it. What it says is not shown.
type ParkedUpdate struct {
	ID       int64
	Platform string
	At       time.Time // it came
	Why      string    // in the words of the program
}

// DeadLetter is a letter that could not be delivered, or that waits for a human. What it says is not shown.
type DeadLetter struct {
	ID   int64
	Chat int64
	Lane Lane
	Made time.Time
	Why  string // in the words of the network
	Held bool   // it waited in a backup that was put back: whoever it is for may have had it
}

// OpsTx is what an operator looks after: what was set aside on its way in or out.
type OpsTx interface {
	// TrailMark names the newest entry of the audit trail and what proves it, in a line that tells nothing of anybody: whoever
	// keeps it can see later whether entries were taken away. Empty when nothing was noted yet.
	TrailMark(ctx context.Context) (string, error)
	// ParkedUpdates lists the oldest updates that were set aside.
	ParkedUpdates(ctx context.Context, limit int) ([]ParkedUpdate, error)
	// RetryUpdate lets an update be handled once more; ErrNotFound when it is not set aside any more.
	RetryUpdate(ctx context.Context, id int64) error
	// DropUpdate gives an update up and blanks it; ErrNotFound when it is not set aside any more.
	DropUpdate(ctx context.Context, id int64) error
	// DeadLetters lists the newest letters of the first two lanes that could be tried again: they could not be delivered, or
	// waited in a backup that was put back.
	DeadLetters(ctx context.Context, limit int) ([]DeadLetter, error)
	// RetryLetter lets a letter be delivered until a time; ErrNotFound when it is not among them any more, or was blanked: after
	// three days, and when something was erased of the case that it tells of, its person was forgotten or its room replaced.
	RetryLetter(ctx context.Context, id int64, until time.Time) error
	// DropLetter gives a letter up and blanks it; ErrNotFound when it is not among them any more.
	DropLetter(ctx context.Context, id int64) error
}
