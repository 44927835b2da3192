package civic

import (
	"slices"
	"time"
)

// Status is where a case stands (domain §5.4).
type Status string

// The statuses of a case.
const (
	Received        Status = "received"
	InTriage        Status = "in_triage"
	InfoRequested   Status = "info_requested"
	InfoReceived    Status = "info_received"
	Forwarded       Status = "forwarded"
	Accepted        Status = "accepted"
	Planned         Status = "planned"
	Snoozed         Status = "snoozed"
	Resolved        Status = "resolved"
	Closed          Status = "closed"
	Duplicate       Status = "duplicate"
	Withdrawn       Status = "withdrawn"
	ReopenRequested Status = "reopen_requested"
	Reopened        Status = "reopened"
)

// CaseMoves says which status may follow which (domain §5.4); what is not here does not happen.
var CaseMoves = map[Status][]Status{
	Received:        {InTriage, Duplicate, Withdrawn},
	InTriage:        {InfoRequested, Forwarded, Planned, Snoozed, Resolved, Closed, Duplicate, Withdrawn},
	InfoRequested:   {InfoReceived, InTriage, Withdrawn},
	InfoReceived:    {InTriage, Withdrawn},
	Forwarded:       {Accepted, InTriage, Resolved, Closed},
	Accepted:        {Planned, Resolved, Closed, InTriage},
	Planned:         {Accepted, Resolved, Closed},
	Snoozed:         {InTriage, Withdrawn},
	Resolved:        {ReopenRequested},
	Closed:          {ReopenRequested},
	ReopenRequested: {Reopened, Resolved, Closed},
	Reopened:        {InTriage, Forwarded},
	Duplicate:       {InTriage},
	Withdrawn:       {},
}

// May reports whether a case in s may move to next.
func (s Status) May(next Status) bool {
	return slices.Contains(CaseMoves[s], next)
}

// Ended reports whether nobody needs to do anything more.
func (s Status) Ended() bool {
	return s == Resolved || s == Closed || s == Duplicate || s == Withdrawn
}

// CloseReason says why a case ended (domain §5.4).
type CloseReason string

// The reasons with which a case is closed.
const (
	ReasonDone         CloseReason = "done"
	ReasonPartly       CloseReason = "partly_done"
	ReasonNoAction     CloseReason = "no_action"
	ReasonNotOurs      CloseReason = "not_ours"
	ReasonUnverifiable CloseReason = "unverifiable"
	ReasonFalse        CloseReason = "false_report"
	ReasonEmergency    CloseReason = "emergency_redirected"
	ReasonMisuse       CloseReason = "misuse"
)

// CloseReasons lists the reasons in the order in which they are offered.
var CloseReasons = []CloseReason{
	ReasonDone, ReasonPartly, ReasonNoAction, ReasonNotOurs, ReasonUnverifiable, ReasonFalse, ReasonEmergency, ReasonMisuse,
}

// Status is where a case ends up when it is closed with this reason.
func (r CloseReason) Status() Status {
	if r == ReasonDone || r == ReasonPartly {
		return Resolved
	}
	return Closed
}

// Urgency says how soon a case wants somebody.
type Urgency string

// The urgencies of a case.
const (
	Emergency Urgency = "emergency"
	Today     Urgency = "today"
	Normal    Urgency = "normal"
	Info      Urgency = "info"
)

// Sooner is the urgency of the two that wants somebody sooner.
func Sooner(a, b Urgency) Urgency {
	order := []Urgency{Emergency, Today, Normal, Info}
	if slices.Index(order, b) < slices.Index(order, a) {
		return b
	}
	return a
}

// Verification says how far a case is checked; it is apart from the status.
type Verification string

// The verifications of a case.
const (
	Unverified     Verification = "unverified"
	Corroborated   Verification = "corroborated"
	VerifiedPolice Verification = "verified_police"
	Refuted        Verification = "refuted"
)

// When says when something happened, as the reporter told it.
type When string

// The answers to "when"; MinutesAgo is at most 15 minutes, the line of being caught in the act.
const (
	Now        When = "now"
	MinutesAgo When = "minutes_ago"
	EarlierDay When = "today"
	Earlier    When = "earlier"
)

// Called says whether the emergency number was called.
type Called string

// The answers to "did you call".
const (
	CalledYes     Called = "yes"
	CalledNo      Called = "no"
	CalledOther   Called = "someone_else"
	CalledUnknown Called = "unknown"
)

// Surer is what is known of a call when two people tell of it: that somebody called outweighs that another did not.
func Surer(a, b Called) Called {
	for _, c := range []Called{CalledYes, CalledOther, CalledNo, CalledUnknown} {
		if a == c || b == c {
			return c
		}
	}
	return ""
}

// Case is what coordinators work on; it holds one or more reports.
type Case struct {
	ID           int64
	Ref          string // "KAS-7F3K"; never changes
	Network      AreaID
	Group        AreaID // 0 when the place is outside the known streets
	Street       AreaID
	Status       Status
	Version      int64 // grows with every change; a deed names the version it saw
	Category     Category
	Urgency      Urgency
	Verification Verification
	Called       Called
	Owner        int64 // the person who took it; 0 = nobody
	Reason       CloseReason
	ReasonText   string // in the closer's own words, for the reporter
	Created      time.Time
	Changed      time.Time
	Subject      Subject   // whom of the network it is about
	SnoozedTill  time.Time // when a case that was put off comes back; zero = it was not
	Alert        int64     // the alert because of which it was told; 0 = none
	MergedInto   int64     // the case that its reports went to; 0 = none
	MergedAt     time.Time
	Promised     time.Time // by when its reporters were promised an answer
	Answered     time.Time // when they first heard of what somebody decided
	Again        int       // how often it was asked to take it up again after it had ended
}

// Sensitive reports whether the case is hidden from street coordinators: by its category, or because it was told to the
// police on an alert (domain §4, row 55).
func (c Case) Sensitive() bool { return c.Category.Sensitive() || c.Alert != 0 }

// Scope is where the case belongs.
func (c Case) Scope() Scope { return Scope{Network: c.Network, Group: c.Group, Street: c.Street} }

// Verdict is what a reporter says of how a case ended; empty = nothing.
type Verdict string

// The verdicts.
const (
	VerdictYes  Verdict = "yes"
	VerdictHalf Verdict = "half"
	VerdictNo   Verdict = "no"
)

// Verdicts lists them in the order in which they are offered.
var Verdicts = []Verdict{VerdictYes, VerdictHalf, VerdictNo}

// Promise is within what time a reporter of a case of this urgency hears what was decided (domain §1.7).
func Promise(u Urgency) time.Duration {
	switch u {
	case Emergency:
		return 2 * time.Hour
	case Today:
		return days
	case Normal, Info:
	}
	return 3 * days
}

// Answers reports whether it is a decision that a reporter hears of when a case comes to this status.
func (s Status) Answers() bool {
	return s == InfoRequested || s == Forwarded || s == Planned || s == Resolved || s == Closed
}

// Report is what one person told.
type Report struct {
	ID       int64
	Case     int64
	Reporter int64 // person; never leaves the bot
	Alias    int   // "reporter 1" of its case
	Text     string
	When     When
	Source   Source // empty = not told
	Place    Place
	Called   Called
	Language string
	Filed    time.Time
	Photos   []int64

	Kind         ReportKind
	Extra        []Told // answers to the questions of the category
	Persons      []Person
	Vehicles     []Vehicle
	Police       string  // what only the police read: names, plates
	PolicePhotos []int64 // with somebody or a plate on them; only the police see them
	Recordings   []int64 // spoken or filmed; only the police hear and see them
	AboutMember  bool    // about somebody of the network; coordinators are passed by (feature B17)
	OnBehalf     bool    // told for somebody else
	Pieces       []Piece // the messages of which it was made, where a message can be taken back
	Muted        bool    // the reporter hears only how it ends
	Verdict      Verdict // the reporter's, on how it ended
	Named        bool    // the reporter let their name be known
	Origin       int64   // the case that it made, when it went to another with a merger; 0 = this one
}

// Piece is a message of which a report was made, by the network's name of it.
type Piece struct {
	Message string `json:"message"`
	Photo   int64  `json:"photo,omitempty"` // the picture that it brought; 0 = words
}

// ReportKind says what a report is to the one before it of the same reporter.
type ReportKind string

// The kinds of report; the first of a reporter has none.
const (
	Addition   ReportKind = "addition"
	Correction ReportKind = "correction"
)

// Told is a question of a category with its answer, both in the language of the network.
type Told struct {
	Label string `json:"label"`
	Words string `json:"words"`
}

// Question is one thing a coordinator asked a reporter, and the answer.
type Question struct {
	ID       int64
	Case     int64
	Report   int64
	AskedBy  int64
	Partner  Role   // that asked; empty = a coordinator
	Canned   string // a question that the bot knows in every language; empty = own words
	Text     string
	Asked    time.Time
	Answer   string
	Answered time.Time // zero = not yet
	Message  string    // that the answer came with, where a message can be taken back
	Taken    bool      // the answer was taken back
}

// Photo is a picture that belongs to a report: re-encoded, without metadata.
type Photo struct {
	ID    int64
	Data  []byte // JPEG; nil when the picture is still on its way
	Owner int64  // our id of the private chat it came from
}
