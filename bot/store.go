package bot

import (
	"context"
	"errors"
	"time"

	"github.com/buurtbot/buurtbot/bot/civic"
)

// ErrNotFound is the answer to a question after something that is not stored.
var ErrNotFound = errors.New("not found")

// ErrConflict is a change that came too late: the thing is not at the version that the change was made for.
var ErrConflict = errors.New("changed meanwhile")

// ErrVoid is a transaction that storage ended by itself (full disk, I/O error, interrupt); nothing of it was kept and
// its work is to be done again in a new one.
var ErrVoid = errors.New("transaction void")

// Store opens transactions.
type Store interface {
	Inbox
	// Do runs fn in one write transaction, which is on disk when Do returns nil. Calls that wait at the same time may
	// share a commit; when one of them fails, each is run again in a transaction of its own, so an error of one leaves
	// the others be, and fn may run twice. No deadline of ctx reaches a statement. ErrVoid means that nothing was kept.
	Do(ctx context.Context, fn func(Tx) error) error
}

// Tx is everything one transaction may read and write.
type Tx interface {
	// Savepoint runs fn; when fn fails, everything fn wrote is undone and its error comes back. An error that wraps
	// ErrVoid ends the whole transaction.
	Savepoint(ctx context.Context, fn func() error) error
	InboxTx
	ChatTx
	LinkTx
	PinTx
	SessionTx
	LetterTx
	TimerTx
	ErrandTx
	SuccessionTx
	OpsTx
	HouseTx
	LeakTx
	LookupTx
	CivicTx
}

// Received is a stored raw update that waits for its turn.
type Received struct {
	ID       int64
	Platform string
	External string
	Raw      []byte
	Torn     bool // Raw cannot be read any more: the file is damaged
	At       time.Time
	Tries    int
}

// InboxTx is the waiting room of updates.
type InboxTx interface {
	// Waiting gives the oldest updates that were not applied, in the order in which they came.
	Waiting(ctx context.Context, limit int) ([]Received, error)
	// Apply marks the updates that wait, from first to last, as handled and blanks their raw bytes.
	Apply(ctx context.Context, first, last int64) error
	// CountTry counts one more attempt to handle an update, which is under way until it is applied or parked.
	CountTry(ctx context.Context, id int64) error
	// Acquit looks, after an unclean stop, at what was counted with CountTry and [ErrandTx.CountErrand]. When nothing of it was
	// under way at the end, the program ended for another reason: no update and no errand is suspected any more. From now on
	// nothing is under way.
	Acquit(ctx context.Context) error
	// Park sets an update aside for a human; its raw bytes stay for 72 h at most.
	Park(ctx context.Context, id int64, at time.Time, why string) error
	// UncleanStop reports whether the last run of the program did not end by itself, and how many updates it left.
	UncleanStop(ctx context.Context) (bool, error)
}

// Chat is a chat as we know it, under our own number.
type Chat struct {
	ID        int64
	Ref       ChatRef
	Reachable bool
	Language  string
	Network   civic.AreaID // that was chosen in a private chat; 0 = none
}

// ChatTx knows chats and the accounts of people.
type ChatTx interface {
	// Enter finds the chat of ref, or makes it; a changed title is stored.
	Enter(ctx context.Context, ref ChatRef, at time.Time) (Chat, error)
	// Chat gives a chat by our number.
	Chat(ctx context.Context, id int64) (Chat, error)
	// Reach stores whether a chat can be reached; unreachable chats' pending letters are dead.
	Reach(ctx context.Context, id int64, reachable bool, why string, at time.Time) error
	// MoveChat gives a chat its new id on the platform and merges it with a chat already known under that id.
	MoveChat(ctx context.Context, ref ChatRef, to string, at time.Time) error
	// SetChatLanguage stores the language to speak in a chat: of a room, or of somebody of whom nothing else is known.
	SetChatLanguage(ctx context.Context, id int64, lang string) error
	// SetChatNetwork stores the network that is meant in a private chat.
	SetChatNetwork(ctx context.Context, id int64, network civic.AreaID) error
	// BlockChat keeps a chat silent until a time.
	BlockChat(ctx context.Context, id int64, until time.Time) error
	// BlockPlatform remembers that a platform as a whole is to be left alone until a time, and BlockedUntil gives the
	// time; zero when it never was.
	BlockPlatform(ctx context.Context, platform string, until time.Time) error
	BlockedUntil(ctx context.Context, platform string) (time.Time, error)
	// Identify gives the member behind an account, with grants; a zero Member for somebody unknown.
	Identify(ctx context.Context, who UserRef) (civic.Member, error)
	// Adopt makes a person of an account, whose private chat is given, in this network.
	Adopt(ctx context.Context, who UserRef, chat int64, network civic.AreaID, at time.Time) (civic.Member, error)
	// PrivateChat is where a person is reached alone; 0 when nowhere.
	PrivateChat(ctx context.Context, person int64) (int64, error)
	// Owner is the person who is reached alone in a chat; 0 when nobody is.
	Owner(ctx context.Context, chat int64) (int64, error)
	// Sweep removes private chats of people of whom nothing else is kept: guests who went away. It gives their number.
	Sweep(ctx context.Context, before time.Time) (int, error)
}

// Session is a form being filled in.
type Session struct {
	Chat     int64
	Account  string // platform's id of the account
	Form     string
	Answers  []byte   // the form's answers as JSON
	Answered []string // step names, in the order they were answered
	Asked    string   // the question that was put last; an answered one is being changed
	Touched  time.Time
	Expires  time.Time
	Parked   bool // waits for something else to end first: a guest's report, while the guest joins
	Reminded bool

	read any // the answers as their form read them; see Form.view
}

// SessionTx remembers forms.
type SessionTx interface {
	// Session gives the open form of an account in a chat, or nil.
	Session(ctx context.Context, chat int64, account string) (*Session, error)
	// SaveSession stores s as the open form of its account in its chat.
	SaveSession(ctx context.Context, s *Session) error
	// EndSession forgets the open form.
	EndSession(ctx context.Context, chat int64, account string) error
	// ParkSession sets the open form aside (at most one); ParkedSession gives it and nil when there is none.
	ParkSession(ctx context.Context, chat int64, account string) error
	ParkedSession(ctx context.Context, chat int64, account string) (*Session, error)
	// EndParked forgets the parked form.
	EndParked(ctx context.Context, chat int64, account string) error
	// OldSessions lists sessions untouched since before, open and parked, oldest first.
	OldSessions(ctx context.Context, before time.Time, limit int) ([]Session, error)
}

// Timer wakes a flow.
type Timer struct {
	Kind string
	Ref  string
	At   time.Time

	// Stretch is how long it waits from when it was set; zero = it rings at an hour that was chosen. When the clock turns out to
	// have been ahead, a stretch is counted anew and an hour stays what it is.
	Stretch time.Duration
}

// TimerTx is the alarm clock: timers and the slots of jobs.
type TimerTx interface {
	// Wake sets a timer; one of the same kind and ref is moved.
	Wake(ctx context.Context, timer Timer) error
	// WakeBy sets a timer unless one of the same kind and ref is due at that time or earlier.
	WakeBy(ctx context.Context, timer Timer) error
	// Sleep removes a timer.
	Sleep(ctx context.Context, kind, ref string) error
	// Timers lists the timers of a kind whose ref begins so, the next one first.
	Timers(ctx context.Context, kind, prefix string) ([]Timer, error)
	// DueTimers takes out timers that have run out, oldest first.
	DueTimers(ctx context.Context, at time.Time, limit int) ([]Timer, error)
	// NextTimer is when the next timer runs out; zero when none is set.
	NextTimer(ctx context.Context) (time.Time, error)
	// RunSlot takes a job's slot; false when it was taken before.
	RunSlot(ctx context.Context, job, slot string, at time.Time) (bool, error)
	// SlotTaken reports whether a job's slot was taken.
	SlotTaken(ctx context.Context, job, slot string) (bool, error)
	// LastSlots is when a slot of each job was last taken, by the job's name; a job that never ran is missing.
	LastSlots(ctx context.Context) (map[string]time.Time, error)
}

// Errand is something slow: it is run outside the turn, and its outcome comes back as an update.
type Errand struct {
	ID       int64
	Kind     string
	Ref      string
	Platform string
	Payload  []byte
	Torn     bool // the payload cannot be read any more: the file is damaged
	Tries    int
	Begun    int // see CountErrand
	Before   time.Time
}

// ErrandTx remembers errands.
type ErrandTx interface {
	// Send stores an errand.
	SendErrand(ctx context.Context, e Errand) error
	// NextErrand gives the oldest errand that may run now, or ErrNotFound.
	NextErrand(ctx context.Context, at time.Time) (Errand, error)
	// CountErrand says under how many starts of the program in a row an errand was begun without that anybody heard what
	// became of it. It errors with ErrNotFound for one that has ended.
	CountErrand(ctx context.Context, id int64, begun int) error
	// RetryErrand counts a try, of which somebody heard, and sets the next time.
	RetryErrand(ctx context.Context, id int64, before time.Time) error
	// HoldErrands lets no errand of a platform run before a time; what waits longer goes on waiting. It counts no try.
	HoldErrands(ctx context.Context, platform string, before time.Time) error
	// EndErrand forgets an errand.
	EndErrand(ctx context.Context, id int64) error
}

// AuditEntry is one line of the audit trail. It holds numbers and keys of ours, never words of people.
type AuditEntry struct {
	At     time.Time
	Actor  int64 // person; 0 = the bot itself or somebody unknown
	Action string
	Object string
	Detail string
}
