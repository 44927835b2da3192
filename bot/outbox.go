package bot

import (
	"context"
	"time"

	"github.com/buurtbot/buurtbot/bot/civic"
)

// Rendering is what a press was shown on.
type Rendering struct {
	Letter  int64
	Chat    int64
	About   string
	Version int64
	Keys    []string // offered, in order
	Labels  []string // of each key what the store keeps in the place of their words, which it tells of nobody, see Labelled
	Person  int64    // the only person whose press counts; 0 = anybody
	Message MessageRef
	Edit    bool // the message was shown before with other words, and perhaps with other choices
}

// Fate is what became of one attempt to deliver a letter.
type Fate struct {
	State     LetterState
	Message   MessageRef
	At        time.Time
	Before    time.Time // of the next attempt
	Uncertain bool      // this attempt may have been delivered
	Op        Op        // changed when an edit must become a post; empty = as it was
	Plain     bool
	Why       string
}

// LetterState is where a letter stands.
type LetterState string

// The states of a letter.
const (
	LetterPending    LetterState = "pending"
	LetterSending    LetterState = "sending"
	LetterSent       LetterState = "sent"
	LetterUnknown    LetterState = "unknown"
	LetterDead       LetterState = "dead"
	LetterSuperseded LetterState = "superseded"
	LetterExpired    LetterState = "expired"
	LetterHeld       LetterState = "held"
)

// Window is what the courier needs to know of a chat's recent writes.
type Window struct {
	Chat int64
	At   time.Time
}

// LetterTx is the outbox. A letter's row is also the rendering a later press is traced by.
type LetterTx interface {
	// Enqueue stores a letter and gives its ID. A letter of a card that is already waiting in this chat is replaced in
	// place (it stays a post if it was one, and erases what stood there if that did), and others of the card end. Token is
	// stored as a hash, beside the body until that is sent.
	Enqueue(ctx context.Context, l *Letter) error
	// Rendering finds what a token, or else a message, was about; ErrNotFound when it is not ours or too old.
	Rendering(ctx context.Context, token string, chat int64, on MessageRef) (Rendering, error)
	// Labelled gives the only choice of a rendering that was shown with these words; false when there is none, or several.
	Labelled(r Rendering, words string) (key string, ok bool)
	// RenderingOf finds what a token was about in whatever chat it was shown; ErrNotFound when it is not ours or too old.
	RenderingOf(ctx context.Context, token string) (Rendering, error)
	// Hush calls back what waits to be told to a person alone: who leaves hears no more than the goodbye. An answer to an
	// emergency stays, and so does what takes words away that stand in their chat.
	Hush(ctx context.Context, person int64) error
	// Newest is the rendering of what was shown last in a chat; ErrNotFound when nothing was.
	Newest(ctx context.Context, chat int64) (Rendering, error)
	// CardChats lists the chats in which a card stands or is about to, with its message there.
	CardChats(ctx context.Context, card string) ([]CardPlace, error)
	// CardsOfKind lists the names of the cards of a kind that stand somewhere or are about to.
	CardsOfKind(ctx context.Context, kind string) ([]string, error)
	// ForgetCards forgets the cards of a chat: none is brought up to date there any more, and one that is shown again is
	// a new message. What was sent stays there; what waits to be told there is not, but for alerts. What waits to change a
	// message there, or is on its way, still does, and is tried again only if it changes one.
	ForgetCards(ctx context.Context, chat int64) error
	// Candidates lists letters of a platform that may go now: in order within a chat except that the first lane
	// overtakes the last two, none before its time or to a blocked chat, one for each chat. It does not look at what is in
	// flight. Sorted by lane (emergencies before everything) and age, or by age alone among lanes 1 and 2.
	Candidates(ctx context.Context, q CandidateQuery) ([]Candidate, error)
	// Claim marks letters as being sent and gives them whole; one that changed meanwhile, or whose chat has another one
	// in flight, is left out.
	Claim(ctx context.Context, ids []int64, at time.Time) ([]Letter, error)
	// Settle stores what became of an attempt and gives the state in which the letter is now; the body of a letter that
	// ended is blanked. One that was called back on its way does not wait again: it is superseded, and so is the
	// all-clear of its alert for this chat if nothing else of the alert was heard there. Nor does one whose chat was closed
	// meanwhile: it is dead. One that may have been delivered by any of its attempts is unknown, whatever f says of being
	// lost or called back.
	Settle(ctx context.Context, id int64, f Fate) (LetterState, error)
	// Resume lets the letters of a chat go now that wait for another attempt. It ends no silence of the chat.
	Resume(ctx context.Context, chat int64, at time.Time) error
	// Expire ends pending letters that are too old and gives the Report of each, empty where it has none.
	Expire(ctx context.Context, at time.Time) ([]string, error)
	// Rewind reports whether the clock was set back by a minute or more since it was last asked. Then letters, errands,
	// chats and platforms that were told to wait do so until the given time at most, and timers for their stretch at most.
	Rewind(ctx context.Context, now, until time.Time) (bool, error)
	// NoteClock remembers a time by our clock that nobody vouches for, if it is later than what is known: Rewind notices
	// when the clock is set back from there. A clock that is behind leaves all as it is.
	NoteClock(ctx context.Context, now time.Time) error
	// Supersede ends the pending letters whose Report is report and gives the chats that surely did not get theirs.
	// Letters on their way are called back: they end with this attempt, or with a crash in it.
	Supersede(ctx context.Context, report string, at time.Time) ([]int64, error)
	// NextLetter is the earliest time at which a pending letter of the platform may go; zero when none waits.
	NextLetter(ctx context.Context, platform string) (time.Time, error)
	// Writes lists writes of the platform since a time.
	Writes(ctx context.Context, platform string, since time.Time) ([]Window, error)
	// Recover deals with letters that were being sent when the program ended: by lane, again after the silence, or
	// unknown; those of the platforms once (which recognise a letter that is sent again) always again, unless their chat was
	// closed meanwhile. Their chats stay silent until the given time.
	Recover(ctx context.Context, at, until time.Time, once ...string) (int, error)
	// Photo gives a stored picture.
	Photo(ctx context.Context, id int64) (civic.Photo, error)
}

// CardPlace is where a card stands.
type CardPlace struct {
	Chat    int64
	Message MessageRef // empty while the first letter is on its way
	Version int64
	Writes  int
	Last    time.Time
}

// CandidateQuery asks for letters that may go.
type CandidateQuery struct {
	Platform string
	At       time.Time
	Order    Order
	After    Candidate // zero: from the start
	Limit    int
}

// Order is how candidates are sorted.
type Order int

// The orders.
const (
	ByLane Order = iota
	ByAge        // lanes 1 and 2 only
)

// Candidate is a letter that may go.
type Candidate struct {
	ID   int64
	Chat int64
	Kind ChatKind
	Rank int // 0 emergency answers, then 1 + lane
}
