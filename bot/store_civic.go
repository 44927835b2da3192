package bot

import (
	"context"
	"time"

	"github.com/buurtbot/buurtbot/bot/civic"
)

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

// Bundle is a letter that tells several alerts together, and where it stands.
type Bundle struct {
	Letter  int64
	Chat    int64
	Card    string
	State   LetterState
	Message MessageRef // empty while it is on its way, or when nobody knows whether it arrived
}

// Resident is a member with the street group that they are in.
type Resident struct {
	Person int64
	Group  civic.AreaID
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
	From   time.Time
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
	// Brought lists who lives in a street and is in another street group than this one, with that.
	Brought(ctx context.Context, street, group civic.AreaID) ([]Resident, error)
	// Landmarks lists those of a network, by name. The list belongs to everybody and must not be changed.
	Landmarks(ctx context.Context, network civic.AreaID) ([]civic.Landmark, error)
	// SaveLandmark stores by ID; with ID 0 it is a new one, and its ID is filled in.
	SaveLandmark(ctx context.Context, l *civic.Landmark) error

	// Member gives a person with their roles in every network, as a member of the network that they joined first.
	Member(ctx context.Context, person int64) (civic.Member, error)
	// MemberIn gives a person with their roles in every network, as a member of this one; of which they may be none.
	MemberIn(ctx context.Context, person int64, network civic.AreaID) (civic.Member, error)
	// Belongs lists the networks of which a person is a member, or asked to be, the first one first.
	Belongs(ctx context.Context, person int64) ([]civic.AreaID, error)
	// Depart takes a person out of a network: membership, roles and what they were invited to there; their cases stay, and
	// their reporter is nobody. What waits to be told to them as a member of it is told no more, and what could not be told to
	// them and may be of it is not tried again.
	Depart(ctx context.Context, person int64, network civic.AreaID) error
	// SaveMember stores name and language, and standing, place, rules and wishes in the member's network; not the grants.
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
	AgreeRules(ctx context.Context, person int64, network civic.AreaID, version int, at time.Time) error
	AskRules(ctx context.Context, person int64, network civic.AreaID, at, before time.Time) (bool, error)
	// Prove stores how a member showed that they belong to the area, and ProofOf gives it.
	Prove(ctx context.Context, person int64, network civic.AreaID, p civic.Proof) error
	ProofOf(ctx context.Context, person int64, network civic.AreaID) (civic.Proof, error)
	// Grant gives a role, and new times to one that the person holds in the area.
	Grant(ctx context.Context, person int64, g civic.Grant, by int64) error
	// Revoke ends a role that the person holds in an area, whatever a clock says later; nothing when they hold none. What
	// they are given afterwards is a role of its own.
	Revoke(ctx context.Context, person int64, role civic.Role, area civic.AreaID, at time.Time) error
	// Holders lists the persons who hold a role at a time in an area of the scope.
	Holders(ctx context.Context, role civic.Role, scope civic.Scope, at time.Time) ([]int64, error)

	CreateInvite(ctx context.Context, code string, i Invite, at time.Time) error
	// UseInvite takes a code once; ErrNotFound when it is unknown, used or expired.
	UseInvite(ctx context.Context, code string, person int64, at time.Time) (Invite, error)
	// PeekInvite looks without taking it.
	PeekInvite(ctx context.Context, code string, at time.Time) (Invite, error)
	// SpentInvite looks at one that was used (UsedBy is who did) or expired; ErrNotFound when there is none, or it can
	// still be used.
	SpentInvite(ctx context.Context, code string, at time.Time) (Invite, error)
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
	// EraseReports blanks the reports of a case and cuts the link to the reporter: withdrawn. Notes go as well. As with whatever
	// erases what people told, no letter but that of a card shows it any more that waits, or may be tried again.
	EraseReports(ctx context.Context, caseID int64) error
	// ReportsSince counts a person's reports since a time, without what they added to them.
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
	// ReleaseMedia takes its pictures and recordings from a report; they stay, to go with another.
	ReleaseMedia(ctx context.Context, report int64) error
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
	// PartReports brings what one reporter told of a case, and what they were asked about it, to another.
	PartReports(ctx context.Context, from, to civic.Case, reporter int64) error
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
	// AlertsAbout lists the alerts about a case, and about those that were merged into it, ended ones as well, newest first.
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
	// Bundled lists the alerts that one letter tells together, in the order in which they came into it; BundlesOf lists the
	// letters of a kind of card that tell an alert with others, oldest first. Unbundle takes an alert out of a letter that
	// is not sent: it was not told.
	Bundled(ctx context.Context, letter int64) ([]int64, error)
	BundlesOf(ctx context.Context, alert int64, kind string) ([]Bundle, error)
	Unbundle(ctx context.Context, alert, letter int64) error
	// WaitingCard is the letter of a card that waits in a chat; 0 when none does.
	WaitingCard(ctx context.Context, card string, chat int64) (int64, error)

	// ToAsk lists active members of a network who were last heard before the first time, or were asked before the second and
	// did not answer. AskedStill stores how many questions were not answered, and when the last was put or answered.
	ToAsk(ctx context.Context, network civic.AreaID, heard, asked time.Time, limit int) ([]Silent, error)
	AskedStill(ctx context.Context, person int64, network civic.AreaID, silences int, at time.Time) error

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
	// RetireSanctions forgets the accounts of measures that are over at a time, or undone; it blanks the words of measures from
	// before the second time, and drops ended ones from before the third, not while an appeal against one is open.
	RetireSanctions(ctx context.Context, at, words, rows time.Time) error
	// MembersNamed lists active members who have this whole name, in capitals or not, with their streets.
	MembersNamed(ctx context.Context, q NameQuery, limit int) ([]civic.Member, error)

	// Ripe lists cases, or alerts, of which something is to be erased by a rule, by their number; Retire erases it in one of
	// them, and nothing that is not ripe at that time. No letter that may be tried again tells words that it erased.
	Ripe(ctx context.Context, rule civic.RetentionRule, r civic.Retention, at time.Time, limit int) ([]int64, error)
	// RipeIn counts what Ripe lists, in one network; people in each in which they are, or were, a member or held a role.
	RipeIn(ctx context.Context, network civic.AreaID, rule civic.RetentionRule, r civic.Retention, at time.Time) (int, error)
	Retire(ctx context.Context, rule civic.RetentionRule, r civic.Retention, at time.Time, number int64) error
	// OldTrail counts the audit entries from before a time; TrimTrail clears them away.
	OldTrail(ctx context.Context, before time.Time) (int, error)
	TrimTrail(ctx context.Context, before time.Time) error

	// Audit adds an entry to the chained trail.
	Audit(ctx context.Context, e AuditEntry) error
}
