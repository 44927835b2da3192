package civic

import (
	"slices"
	"time"
)

// AlertKind is the sort of message that goes to streets (domain §5.2).
type AlertKind string

// The kinds of alert.
const (
	UrgentAlert  AlertKind = "urgent"
	AppealAlert  AlertKind = "appeal"
	InfoAlert    AlertKind = "info"
	MissingAlert AlertKind = "missing"
)

// AlertKinds lists the kinds in the order in which tables print them.
var AlertKinds = []AlertKind{UrgentAlert, AppealAlert, InfoAlert, MissingAlert}

// Pressing reports whether alerts of this kind are for danger to life or limb, and so pass quiet hours and the wish for
// urgent alerts only (domain §4, row 56).
func (k AlertKind) Pressing() bool { return k == UrgentAlert || k == MissingAlert }

// Needs is the permission that it takes to send alerts of this kind, and to follow them up.
func (k AlertKind) Needs() Permission {
	if k == InfoAlert {
		return SendInfo
	}
	return SendAlert
}

// AlertStatus is where an alert stands (domain §5.5).
type AlertStatus string

// The statuses of an alert. Draft is the form that makes it; sending is what its deliveries do.
const (
	AlertChecked   AlertStatus = "checked" // waits for a second officer
	AlertQueued    AlertStatus = "queued"  // planned for later
	AlertActive    AlertStatus = "active"
	AlertCorrected AlertStatus = "corrected"
	AlertRetracted AlertStatus = "retracted"
	AlertOutcome   AlertStatus = "closed_with_outcome"
	AlertExpired   AlertStatus = "expired"
)

// AlertMoves says which status may follow which (domain §5.5).
var AlertMoves = map[AlertStatus][]AlertStatus{
	AlertChecked:   {AlertActive, AlertQueued, AlertRetracted},
	AlertQueued:    {AlertActive, AlertChecked, AlertRetracted},
	AlertActive:    {AlertCorrected, AlertRetracted, AlertOutcome, AlertExpired},
	AlertCorrected: {AlertCorrected, AlertRetracted, AlertOutcome, AlertExpired},
	AlertExpired:   {AlertOutcome, AlertRetracted},
	AlertRetracted: {},
	AlertOutcome:   {},
}

// May reports whether an alert in s may move to next.
func (s AlertStatus) May(next AlertStatus) bool {
	return slices.Contains(AlertMoves[s], next)
}

// Notice is which word of an alert a delivery carries.
type Notice string

// The notices of an alert.
const (
	NoticeAlarm      Notice = "alarm"
	NoticeCorrection Notice = "correction"
	NoticeAllClear   Notice = "all_clear"
	NoticeTakeBack   Notice = "take_back" // what was described is not shown any more
)

// Alert is a verified message to streets: of the police, or, when it is information, also of a coordinator or partner.
type Alert struct {
	ID       int64
	Ref      string // "A-7F3K"
	Network  AreaID
	Kind     AlertKind
	Status   AlertStatus
	Version  int64
	Case     int64 // 0 = none
	Text     string
	Areas    []AreaID  // streets, street groups or networks
	Happened time.Time // what it is about, or when who is missing was seen last; zero = it does not say
	Until    time.Time
	Issuer   int64
	Issued   time.Time
	Last     string    // the newest correction or all-clear; empty = none yet
	Sender   Role      // as which its issuer sent it
	Second   int64     // the officer who approved it, or reviewed it afterwards; 0 = nobody
	Seal     string    // hash of what the second officer is asked to approve; empty = none is needed
	Planned  time.Time // when it is to go; zero = at once
	Photo    int64     // a stored picture; 0 = none
	// Why police left in a plate, a description or a picture, and until when it stands; empty = nothing was left in.
	KeptWhy   string
	KeptUntil time.Time
	Drill     bool // an exercise: it says so wherever it is shown, and nothing real follows from it
}

// Scope is the network the alert belongs to.
func (a Alert) Scope() Scope { return Scope{Network: a.Network} }

// Pressing reports whether the alert is about danger to life or limb; a drill never is.
func (a Alert) Pressing() bool { return a.Kind.Pressing() && !a.Drill }

// OwesOutcome reports whether streets are to hear how it ended (domain §1.4): of information nobody waits to hear, and a
// drill has no outcome that is true.
func (a Alert) OwesOutcome() bool { return a.Kind != InfoAlert && !a.Drill }

// Owes reports whether the alert is over and its outcome is still to be told.
func (a Alert) Owes() bool { return a.Status == AlertExpired && a.OwesOutcome() }

// Over reports whether nothing is to be done about the alert any more.
func (a Alert) Over() bool {
	return a.Status == AlertRetracted || a.Status == AlertOutcome || a.Status == AlertExpired && !a.OwesOutcome()
}

// DeliveryStatus is what became of one delivery (domain §5.5).
type DeliveryStatus string

// The statuses of a delivery.
const (
	DeliveryPending    DeliveryStatus = "pending"
	DeliverySent       DeliveryStatus = "sent"
	DeliveryUnknown    DeliveryStatus = "unknown"
	DeliveryFailed     DeliveryStatus = "failed"
	DeliverySuperseded DeliveryStatus = "superseded"
)

// Delivery is one row of the ledger: this notice of this alert to this target, and, in direct messages, this person.
type Delivery struct {
	Alert  int64
	Notice Notice
	Nth    int // of the corrections; 1 otherwise
	Target int64
	Person int64 // 0 for a group chat or channel
	Chat   int64
	Letter int64
	Status DeliveryStatus
	At     time.Time
	Tries  int // how often it was tried, while it is tried again
}
