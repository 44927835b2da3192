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
	// share a commit, each in a savepoint of its own, so an error of one leaves the others be. No deadline of ctx
	// reaches a statement. ErrVoid means that nothing was kept.
	Do(ctx context.Context, fn func(Tx) error) error
}

// Tx is everything one transaction may read and write.
type Tx interface {
	// Savepoint runs fn; when fn fails, everything fn wrote is undone and its error comes back. An error that wraps
	// ErrVoid ends the whole transaction.
	Savepoint(ctx context.Context, fn func() error) error
	InboxTx
	ChatTx
	SessionTx
	LetterTx
	TimerTx
	ErrandTx
	CivicTx
}

// Received is a stored raw update that waits for its turn.
type Received struct {
	ID       int64
	Platform string
	External string
	Raw      []byte
	At       time.Time
	Tries    int
}

// InboxTx is the waiting room of updates.
type InboxTx interface {
	// Waiting gives the oldest updates that were not applied, in the order in which they came.
	Waiting(ctx context.Context, limit int) ([]Received, error)
	// Apply marks an update as handled and blanks its raw bytes.
	Apply(ctx context.Context, id int64, at time.Time) error
	// CountTry counts one more attempt to handle an update.
	CountTry(ctx context.Context, id int64) error
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

// Rendering is what a press was shown on.
type Rendering struct {
	Letter  int64
	Chat    int64
	About   string
	Version int64
	Keys    []string // offered, in order
	Person  int64    // the only person whose press counts; 0 = anybody
	Message MessageRef
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
	// place (it stays a post if it was one). Token is stored as a hash, beside the body until that is sent.
	Enqueue(ctx context.Context, l *Letter) error
	// Rendering finds what a token, or else a message, was about; ErrNotFound when it is not ours or too old.
	Rendering(ctx context.Context, token string, chat int64, on MessageRef) (Rendering, error)
	// CardChats lists the chats in which a card stands or is about to, with its message there.
	CardChats(ctx context.Context, card string) ([]CardPlace, error)
	// Candidates lists letters of a platform that may go now: in order within a chat except that the first lane
	// overtakes the last two, none before its time or to a blocked chat, one for each chat. It does not look at what is in
	// flight. Sorted by lane (emergencies before everything) and age, or by age alone among lanes 1 and 2.
	Candidates(ctx context.Context, q CandidateQuery) ([]Candidate, error)
	// Claim marks letters as being sent and gives them whole; one that changed meanwhile, or whose chat has another one
	// in flight, is left out.
	Claim(ctx context.Context, ids []int64, at time.Time) ([]Letter, error)
	// Settle stores what became of an attempt and gives the state in which the letter is now; the body of a letter that
	// ended is blanked. One that was called back on its way does not wait again: it is superseded, and so is the
	// all-clear of its alert for this chat if nothing else of the alert was heard there. One that may have been
	// delivered by any of its attempts is unknown, whatever f says of being lost or called back.
	Settle(ctx context.Context, id int64, f Fate) (LetterState, error)
	// Expire ends pending letters that are too old and gives their number.
	Expire(ctx context.Context, at time.Time) (int, error)
	// Supersede ends the pending letters whose Report is report and gives the chats that surely did not get theirs.
	// Letters on their way are called back: they end with this attempt, or with a crash in it.
	Supersede(ctx context.Context, report string, at time.Time) ([]int64, error)
	// NextLetter is the earliest time at which a pending letter of the platform may go; zero when none waits.
	NextLetter(ctx context.Context, platform string) (time.Time, error)
	// Writes lists writes of the platform since a time.
	Writes(ctx context.Context, platform string, since time.Time) ([]Window, error)
	// Recover deals with letters that were being sent when the program ended: by lane, again after the silence, or
	// unknown; those of the platforms once (which recognise a letter that is sent again) always again. Their chats stay
	// silent until the given time.
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

// Timer wakes a flow.
type Timer struct {
	Kind string
	Ref  string
	At   time.Time
}

// TimerTx is the alarm clock: timers and the slots of jobs.
type TimerTx interface {
	// Wake sets a timer; one of the same kind and ref is moved.
	Wake(ctx context.Context, timer Timer) error
	// WakeBy sets a timer unless one of the same kind and ref is due at that time or earlier.
	WakeBy(ctx context.Context, timer Timer) error
	// Sleep removes a timer.
	Sleep(ctx context.Context, kind, ref string) error
	// DueTimers takes out timers that have run out, oldest first.
	DueTimers(ctx context.Context, at time.Time, limit int) ([]Timer, error)
	// NextTimer is when the next timer runs out; zero when none is set.
	NextTimer(ctx context.Context) (time.Time, error)
	// RunSlot takes a job's slot; false when it was taken before.
	RunSlot(ctx context.Context, job, slot string, at time.Time) (bool, error)
	// LastSlot is when the job's newest slot was due; zero when never.
	LastSlot(ctx context.Context, job string) (time.Time, error)
}

// Errand is something slow: it is run outside the turn, and its outcome comes back as an update.
type Errand struct {
	ID       int64
	Kind     string
	Ref      string
	Platform string
	Payload  []byte
	Tries    int
	Before   time.Time
}

// ErrandTx remembers errands.
type ErrandTx interface {
	// Send stores an errand.
	SendErrand(ctx context.Context, e Errand) error
	// NextErrand gives the oldest errand that may run now, or ErrNotFound.
	NextErrand(ctx context.Context, at time.Time) (Errand, error)
	// RetryErrand counts a try and sets the next time.
	RetryErrand(ctx context.Context, id int64, before time.Time) error
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

// Invite is a one-time code; only its hash is stored.
type Invite struct {
	ID      int64
	Kind    string // "role" or "room"
	Role    civic.Role
	Room    string // "coordinators", "police" or "target:group", "target:channel"
	Area    civic.AreaID
	Expires time.Time
	UsedBy  int64
}

// CivicTx remembers areas, members, cases and alerts.
type CivicTx interface {
	Networks(ctx context.Context) ([]civic.Network, error)
	// Areas lists every area of a network, from the root down, by name.
	Areas(ctx context.Context, network civic.AreaID) ([]civic.Area, error)
	Area(ctx context.Context, id civic.AreaID) (civic.Area, error)
	// AreaByCode finds a street or street group by the code on its sign.
	AreaByCode(ctx context.Context, code string) (civic.Area, error)
	// SaveNetwork and SaveArea store by ID, or by parent and name when ID is 0, and fill in the ID.
	SaveNetwork(ctx context.Context, n *civic.Network) error
	SaveArea(ctx context.Context, a *civic.Area) error

	Member(ctx context.Context, person int64) (civic.Member, error)
	// SaveMember stores standing, place, name, language, rules and wishes; not the grants.
	SaveMember(ctx context.Context, m civic.Member, at time.Time) error
	// Forget removes a person with accounts, grants, sessions and their pictures; cases stay, their reporter is nobody.
	Forget(ctx context.Context, person int64, at time.Time) error
	Grant(ctx context.Context, person int64, g civic.Grant, by int64) error
	// Holders lists the persons who hold a role at a time in an area of the scope.
	Holders(ctx context.Context, role civic.Role, scope civic.Scope, at time.Time) ([]int64, error)

	CreateInvite(ctx context.Context, code string, i Invite, at time.Time) error
	// UseInvite takes a code once; ErrNotFound when it is unknown, used or expired.
	UseInvite(ctx context.Context, code string, person int64, at time.Time) (Invite, error)
	// PeekInvite looks without taking it.
	PeekInvite(ctx context.Context, code string, at time.Time) (Invite, error)

	// Room gives the chat bound as a room of a network; 0 when none is.
	Room(ctx context.Context, network civic.AreaID, kind civic.RoomKind) (int64, error)
	// RoomOf gives what a chat is bound as; ErrNotFound when it is not.
	RoomOf(ctx context.Context, chat int64) (network civic.AreaID, kind civic.RoomKind, err error)
	BindRoom(ctx context.Context, network civic.AreaID, kind civic.RoomKind, chat int64, at time.Time) error
	// Targets lists the deliveries of a network's street groups.
	Targets(ctx context.Context, network civic.AreaID) ([]civic.Target, error)
	// TargetOf gives the street group whose deliveries go to a chat; ErrNotFound when none.
	TargetOf(ctx context.Context, chat int64) (civic.Target, error)
	SaveTarget(ctx context.Context, t *civic.Target) error
	// World is the snapshot a broadcast is planned on; Now and Zone are the caller's.
	World(ctx context.Context, network civic.AreaID, alert int64) (civic.World, error)

	// CreateCase stores a new case and fills in ID and Version; ErrConflict when the reference is taken.
	CreateCase(ctx context.Context, c *civic.Case) error
	Case(ctx context.Context, id int64) (civic.Case, error)
	CaseByRef(ctx context.Context, ref string) (civic.Case, error)
	// SaveCase stores c if it still is at c.Version, which it raises; ErrConflict otherwise.
	SaveCase(ctx context.Context, c *civic.Case) error
	// OpenCases lists a network's cases that are not ended, oldest first.
	OpenCases(ctx context.Context, network civic.AreaID, limit int) ([]civic.Case, error)
	AddReport(ctx context.Context, r *civic.Report) error
	Reports(ctx context.Context, caseID int64) ([]civic.Report, error)
	// ReportsBy lists a person's reports with their cases, newest first.
	ReportsBy(ctx context.Context, person int64, limit int) ([]civic.Report, []civic.Case, error)
	// EraseReports blanks the reports of a case and cuts the link to the reporter: withdrawn.
	EraseReports(ctx context.Context, caseID int64) error
	// ReportsSince counts a person's reports since a time.
	ReportsSince(ctx context.Context, person int64, since time.Time) (int, error)
	AddPhoto(ctx context.Context, p *civic.Photo) error
	FillPhoto(ctx context.Context, id int64, data []byte) error
	DropPhoto(ctx context.Context, id int64) error
	AddQuestion(ctx context.Context, q *civic.Question) error
	Questions(ctx context.Context, caseID int64) ([]civic.Question, error)
	Question(ctx context.Context, id int64) (civic.Question, error)
	AnswerQuestion(ctx context.Context, id int64, text string, at time.Time) error
	SaveHandover(ctx context.Context, h civic.Handover) error
	Handovers(ctx context.Context, caseID int64) ([]civic.Handover, error)

	CreateAlert(ctx context.Context, a *civic.Alert) error
	Alert(ctx context.Context, id int64) (civic.Alert, error)
	AlertByRef(ctx context.Context, ref string) (civic.Alert, error)
	SaveAlert(ctx context.Context, a *civic.Alert) error
	// OpenAlerts lists a network's alerts that are not ended, newest first.
	OpenAlerts(ctx context.Context, network civic.AreaID) ([]civic.Alert, error)
	// AlertsAbout lists the alerts about a case, ended ones as well, newest first.
	AlertsAbout(ctx context.Context, caseID int64) ([]civic.Alert, error)
	// Record adds a row to the ledger; ErrConflict when this notice went to this target and person before.
	Record(ctx context.Context, d civic.Delivery) error
	// Deliveries lists the ledger of an alert's notice; the statuses are those of its letters.
	Deliveries(ctx context.Context, alert int64, notice civic.Notice, nth int) ([]civic.Delivery, error)

	// Audit adds an entry to the chained trail.
	Audit(ctx context.Context, e AuditEntry) error
}
