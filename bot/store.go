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
	// Apply marks the updates that wait, from first to last, as handled and blanks their raw bytes.
	Apply(ctx context.Context, first, last int64) error
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

// Invite is a one-time code; only its hash is stored.
type Invite struct {
	ID      int64
	Kind    string // "role" or "room"
	Role    civic.Role
	Room    string // "coordinators", "police" or "target:group", "target:channel"
	Area    civic.AreaID
	Expires time.Time
	UsedBy  int64
	By      int64     // person who made it; 0 = the operator
	Until   time.Time // end of the role; zero = none
}

// Claim is a role that somebody took by an invitation, and that counts once a second person confirms it.
type Claim struct {
	ID      int64
	Person  int64
	Role    civic.Role
	Area    civic.AreaID
	Until   time.Time // end of the role; zero = none
	By      int64     // person who made the invitation; 0 = the operator
	Made    time.Time
	Expires time.Time // afterwards it is as if nobody had taken the invitation, which is used up
}

// OwnSection is one kind of things that are stored about a person, as they are stored: for each the columns that hold
// something.
type OwnSection struct {
	Name string           `json:"name"`
	Rows []map[string]any `json:"rows"`
}

// NameQuery asks for members of some areas by their name.
type NameQuery struct {
	Network civic.AreaID
	Areas   []civic.AreaID
	But     int64 // not this person
	Name    string
}

// Silent is a member who is to be asked whether they still live here.
type Silent struct {
	Person   int64
	Silences int // questions without an answer
}

// Holding is a role that a person holds.
type Holding struct {
	Person int64
	Name   string
	Role   civic.Role
	Area   civic.AreaID
	Until  time.Time // zero = no end
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
	// Own lists everything that is stored about a person, and nothing about others. It costs more than other questions.
	Own(ctx context.Context, person int64) ([]OwnSection, error)
	// EraseOwn blanks what a person told in reports and answers, drops the pictures, and cuts the link to the person. It
	// gives the cases.
	EraseOwn(ctx context.Context, person int64) ([]int64, error)
	// AgreeRules stores that a member agrees to a version of the house rules. AskRules notes that they were asked, unless
	// they were after before; false then.
	AgreeRules(ctx context.Context, person int64, version int, at time.Time) error
	AskRules(ctx context.Context, person int64, at, before time.Time) (bool, error)
	// Prove stores how a member showed that they belong to the area, and ProofOf gives it.
	Prove(ctx context.Context, person int64, p civic.Proof) error
	ProofOf(ctx context.Context, person int64) (civic.Proof, error)
	Grant(ctx context.Context, person int64, g civic.Grant, by int64) error
	// Holders lists the persons who hold a role at a time in an area of the scope.
	Holders(ctx context.Context, role civic.Role, scope civic.Scope, at time.Time) ([]int64, error)

	CreateInvite(ctx context.Context, code string, i Invite, at time.Time) error
	// UseInvite takes a code once; ErrNotFound when it is unknown, used or expired.
	UseInvite(ctx context.Context, code string, person int64, at time.Time) (Invite, error)
	// PeekInvite looks without taking it.
	PeekInvite(ctx context.Context, code string, at time.Time) (Invite, error)
	// AddClaim stores what somebody took by an invitation, and fills in the ID.
	AddClaim(ctx context.Context, invite int64, c *Claim) error
	// ClaimBy gives a claim by its ID, ClaimOf that of an invitation by its code; ErrNotFound when it ended or expired.
	ClaimBy(ctx context.Context, id int64, at time.Time) (Claim, error)
	ClaimOf(ctx context.Context, code string, at time.Time) (Claim, error)
	// Claims lists what waits to be confirmed in a network, oldest first.
	Claims(ctx context.Context, network civic.AreaID, at time.Time) ([]Claim, error)
	// EndClaim forgets a claim; ErrNotFound when somebody else did.
	EndClaim(ctx context.Context, id int64) error
	// Holdings lists the roles that are held in a network.
	Holdings(ctx context.Context, network civic.AreaID, at time.Time) ([]Holding, error)
	// Knock counts a code that there is not, given in a chat, and gives how many there were; what lies before since is
	// forgotten. Knocks gives the number.
	Knock(ctx context.Context, chat int64, at, since time.Time) (int, error)
	Knocks(ctx context.Context, chat int64, since time.Time) (int, error)

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
	// OpenCases lists what is not ended of a queue: emergencies first, then the oldest.
	OpenCases(ctx context.Context, q civic.Queue, limit int) ([]civic.Case, error)
	// SimilarCases lists the open cases of c's network with which a reader may make c one: those that the same people may
	// read, told at most so long apart; what is of the same kind or street comes first.
	SimilarCases(ctx context.Context, r civic.Reader, c civic.Case, apart time.Duration, limit int) ([]civic.Case, error)
	// FindCases lists what a search finds, newest first, ended cases as well.
	FindCases(ctx context.Context, s civic.Search, limit int) ([]civic.Case, error)
	AddReport(ctx context.Context, r *civic.Report) error
	Reports(ctx context.Context, caseID int64) ([]civic.Report, error)
	// ReportsBy lists a person's reports with their cases, newest first.
	ReportsBy(ctx context.Context, person int64, limit int) ([]civic.Report, []civic.Case, error)
	// EraseReports blanks the reports of a case and cuts the link to the reporter: withdrawn. Notes go as well.
	EraseReports(ctx context.Context, caseID int64) error
	// ReportsSince counts a person's reports since a time.
	ReportsSince(ctx context.Context, person int64, since time.Time) (int, error)
	AddPhoto(ctx context.Context, p *civic.Photo) error
	FillPhoto(ctx context.Context, id int64, data []byte) error
	DropPhoto(ctx context.Context, id int64) error
	AddQuestion(ctx context.Context, q *civic.Question) error
	Questions(ctx context.Context, caseID int64) ([]civic.Question, error)
	Question(ctx context.Context, id int64) (civic.Question, error)
	// AnswerQuestion stores the answer to a question, when it came and with which message.
	AnswerQuestion(ctx context.Context, q civic.Question) error
	// EraseAnswer blanks an answer that was taken back, and EraseReport a single report to a case, with the link to its
	// reporter.
	EraseAnswer(ctx context.Context, id int64) error
	EraseReport(ctx context.Context, id int64) error
	// AddNote stores a note and fills in its ID. Notes lists those on a case, oldest first.
	AddNote(ctx context.Context, n *civic.Note) error
	Notes(ctx context.Context, caseID int64) ([]civic.Note, error)
	SaveHandover(ctx context.Context, h civic.Handover) error
	Handovers(ctx context.Context, caseID int64) ([]civic.Handover, error)
	// Overdue lists what partners of a network were to say something about before a time, the longest waiting first.
	Overdue(ctx context.Context, network civic.AreaID, at time.Time, limit int) ([]civic.Handover, error)
	// Partner is how a partner of a network is reached and what it promised; one that nothing is stored about is reached in
	// its room, or through its people.
	Partner(ctx context.Context, network civic.AreaID, role civic.Role) (civic.Partner, error)
	SavePartner(ctx context.Context, p civic.Partner) error
	// PartnersAt lists the partners whose desk a chat is, or is to be, in every network.
	PartnersAt(ctx context.Context, chat int64) ([]civic.Partner, error)
	// MergeCase brings the reports of a case, and what was asked about them, to another; SplitCase brings those back.
	MergeCase(ctx context.Context, from, into civic.Case) error
	SplitCase(ctx context.Context, from, into civic.Case) error
	// EraseReportsOf blanks what one of several reporters of a case told, and cuts the link to them.
	EraseReportsOf(ctx context.Context, caseID, person int64) error
	// SaveFollow stores what the reporter of a report wishes and said of its end: muted, verdict, named.
	SaveFollow(ctx context.Context, r civic.Report) error
	// SeenCase lists the entries of the trail about a thing, "case/17", that have a detail, oldest first, without actors.
	SeenCase(ctx context.Context, object string) ([]AuditEntry, error)
	// Answered counts a network's cases of a time, and those of them of which a reporter heard a decision within so long.
	Answered(ctx context.Context, network civic.AreaID, since, until time.Time, within time.Duration) (
		cases, inTime int, err error)
	// OnlyLooks counts how often in a time somebody in a network told of looks alone, so that there was nothing to report.
	OnlyLooks(ctx context.Context, network civic.AreaID, since, until time.Time) (int, error)
	// Rules lists a network's rules about where cases belong, oldest first. AddRule fills in the ID; DropRule gives
	// ErrNotFound when there is no such rule in the network.
	Rules(ctx context.Context, network civic.AreaID) ([]civic.Rule, error)
	AddRule(ctx context.Context, r *civic.Rule) error
	DropRule(ctx context.Context, network civic.AreaID, id int64) error

	CreateAlert(ctx context.Context, a *civic.Alert) error
	Alert(ctx context.Context, id int64) (civic.Alert, error)
	AlertByRef(ctx context.Context, ref string) (civic.Alert, error)
	SaveAlert(ctx context.Context, a *civic.Alert) error
	// OpenAlerts lists a network's alerts that are not ended, newest first.
	OpenAlerts(ctx context.Context, network civic.AreaID) ([]civic.Alert, error)
	// AlertsAbout lists the alerts about a case, ended ones as well, newest first.
	AlertsAbout(ctx context.Context, caseID int64) ([]civic.Alert, error)
	// AlertsIssued lists a network's alerts issued from a time until another, oldest first.
	AlertsIssued(ctx context.Context, network civic.AreaID, from, until time.Time) ([]civic.Alert, error)
	// AddReply remembers that a person answered an alert, the first time only; Replies lists when, earliest first.
	AddReply(ctx context.Context, alert, person int64, at time.Time) error
	Replies(ctx context.Context, alert int64) ([]time.Time, error)
	// CasesOn lists the cases that were told because of an alert, oldest first.
	CasesOn(ctx context.Context, alert int64) ([]civic.Case, error)
	// Record adds a row to the ledger; ErrConflict when this notice went to this target and person before.
	Record(ctx context.Context, d civic.Delivery) error
	// Redeliver lets another letter, perhaps to another chat of the person, stand for a delivery that failed.
	Redeliver(ctx context.Context, d civic.Delivery) error
	// Deliveries lists the ledger of an alert's notice; the statuses are those of its letters.
	Deliveries(ctx context.Context, alert int64, notice civic.Notice, nth int) ([]civic.Delivery, error)

	// ToAsk lists active members of a network who were last heard before the first time, or were asked before the second and
	// did not answer. AskedStill stores how many questions were not answered, and when the last was put or answered.
	ToAsk(ctx context.Context, network civic.AreaID, heard, asked time.Time, limit int) ([]Silent, error)
	AskedStill(ctx context.Context, person int64, silences int, at time.Time) error

	// SetAbsence stores when a person who holds a role is away; Absence gives it, and the zero Absence when none is known.
	SetAbsence(ctx context.Context, person int64, a civic.Absence) error
	Absence(ctx context.Context, person int64) (civic.Absence, error)
	// AddSanction stores a measure and fills in the ID. SaveSanction stores its end, its chat, the appeal and the ruling.
	AddSanction(ctx context.Context, s *civic.Sanction) error
	SaveSanction(ctx context.Context, s civic.Sanction) error
	Sanction(ctx context.Context, id int64) (civic.Sanction, error)
	// SanctionsOf lists a network's measures for a person, newest first.
	SanctionsOf(ctx context.Context, network civic.AreaID, person int64) ([]civic.Sanction, error)
	// Bar remembers a person's accounts, as hashes, with a measure; BarredBy lists the measures of a network that an account
	// was barred with, newest first, whether they run or not.
	Bar(ctx context.Context, person, sanction int64) error
	BarredBy(ctx context.Context, network civic.AreaID, who UserRef) ([]civic.Sanction, error)
	// RetireSanctions blanks the words of measures from before the first time, and drops ended ones from before the second;
	// not while an appeal against one is open.
	RetireSanctions(ctx context.Context, words, rows time.Time) error
	// MembersNamed lists active members who have this whole name, in capitals or not, with their streets.
	MembersNamed(ctx context.Context, q NameQuery, limit int) ([]civic.Member, error)

	// Ripe lists cases of which something is to be erased by a rule, by their number; Retire erases it in one of them, and
	// nothing that is not ripe at that time.
	Ripe(ctx context.Context, rule civic.RetentionRule, r civic.Retention, at time.Time, limit int) ([]int64, error)
	Retire(ctx context.Context, rule civic.RetentionRule, r civic.Retention, at time.Time, number int64) error
	// OldTrail counts the audit entries from before a time; TrimTrail clears them away.
	OldTrail(ctx context.Context, before time.Time) (int, error)
	TrimTrail(ctx context.Context, before time.Time) error

	// Audit adds an entry to the chained trail.
	Audit(ctx context.Context, e AuditEntry) error
}
