package bot

import (
	"context"
	"fmt"
	"time"
)

// Platform is a network people talk on.
type Platform interface {
	// Name is the platform's key: "telegram", "matrix", "sandbox".
	Name() string
	// Caps says what the platform can show and bear.
	Caps() Caps
	// PollOnce receives one batch and stores it with its checkpoint in one transaction; only the next call confirms the
	// batch to the network.
	PollOnce(ctx context.Context, in Inbox) error
	// Decode turns one stored raw update into what happened; it is pure. The zero Update is nothing for us. Key and At
	// are filled in by the engine.
	Decode(raw []byte) (Update, error)
	// Send delivers one letter with its pictures (JPEG), or returns a *SendError that says what to do about it.
	Send(ctx context.Context, l Letter, photos [][]byte) (MessageRef, error)
	// Answer acknowledges a press with a line of at most 200 characters, best effort.
	Answer(ctx context.Context, query, text string) error
	// Fetch downloads a file of at most limit bytes.
	Fetch(ctx context.Context, file string, limit int64) ([]byte, error)
}

// Contested is a platform that knows when another program took what is said there: an old copy of this one, or of somebody
// who has our key.
type Contested interface {
	// LastRival is when that was last noticed; the zero time means never.
	LastRival() time.Time
}

// Caps says what a platform can show and bear; the courier adapts letters to it.
type Caps struct {
	TextLimit  int           // UTF-16 units
	Caption    int           // the same, of words below a picture, which are one message with it; 0 = they are two
	PerSecond  float64       // letters to all chats together; 0 = no limit
	ChatPerSec float64       // letters to one chat; 0 = no limit
	GroupPerM  int           // writes to one group in any 60 s; 0 = no limit
	Parallel   int           // letters in flight to different chats
	Once       bool          // a letter that is sent again is recognised, so an uncertain one is always sent again
	Sign       string        // what commands begin with, as texts show it; empty = /
	Threads    bool          // cards have threads, which tell what happens to them
	Gather     time.Duration // how long edits of one card are gathered before the last of them is sent
	Desks      bool          // its chats are desks of partners, see [Desk]
	// Typed says that it has no buttons: a choice can be typed in the words it was shown with, and what cannot be undone, or
	// what many will read, takes a typed word, see [ByWord] and [Action].
	Typed bool
}

// Raw is one received update as the network sent it.
type Raw struct {
	External string // the network's id of it
	Body     []byte
}

// Inbox is where a platform puts what it received.
type Inbox interface {
	// Checkpoint is the one stored with the last batch; empty at first.
	Checkpoint(ctx context.Context, platform, account string) (string, error)
	// Receive stores rows and checkpoint in one transaction; repeats of the last 72 h are dropped.
	Receive(ctx context.Context, platform, account string, rows []Raw, checkpoint string) error
	// Held lists the chats of a platform that were met, with whether they can be reached, so that a platform can tell what
	// changed while nobody looked.
	Held(ctx context.Context, platform string) ([]Chat, error)
}

// Remedy is what to do about a letter that was not delivered, or may not have been.
type Remedy int

// The remedies.
const (
	Later     Remedy = iota // not processed: try again, not before After
	Uncertain               // may have been processed: the lane decides
	Never                   // refused for good: a dead letter
	Gone                    // the chat cannot be reached any more
	MovedTo                 // the chat goes on under another id
	Down                    // the platform as a whole refuses us: stop sending there
	Unchanged               // an edit that changes nothing, which is as good as done
	Lost                    // the message to edit is not there any more: post it anew
	Markup                  // the markup was refused: once more as plain text
	Over                    // not sent: it is not for who is there any more, see [Readers]
)

func (r Remedy) String() string {
	return [...]string{"later", "uncertain", "never", "gone", "moved", "down", "unchanged", "lost", "markup", "over"}[r]
}

// SendError is a failed delivery with its remedy.
type SendError struct {
	Remedy Remedy
	After  time.Duration // how long to leave the chat alone; the server's own word when it gave one
	Global bool          // After holds for all chats of the platform
	Right  bool          // what is missing is a right that somebody can give: the letter alone waits, see [Entitled]
	Ended  bool          // with Gone: the account behind a private chat is no more, so nobody comes back
	To     string        // the chat's new id when Remedy is MovedTo
	Err    error
}

func (e *SendError) Error() string { return fmt.Sprintf("send (%s): %v", e.Remedy, e.Err) }

// Unwrap gives the cause.
func (e *SendError) Unwrap() error { return e.Err }
