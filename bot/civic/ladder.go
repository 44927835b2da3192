package civic

import "time"

// Measure is a step of the ladder of what can follow when a member breaks the house rules (domain §1.3, feature A8). None
// of them is silent: the member always reads it.
type Measure string

// The steps of the ladder, from the mildest on.
const (
	MeasureNote       Measure = "note"       // a friendly word
	MeasureWarning    Measure = "warning"    // a written warning
	MeasureSuspension Measure = "suspension" // for a time
	MeasureRemoval    Measure = "removal"    // out of the network; after [RemovalLife] they may ask to join again
)

// Measures lists the steps.
var Measures = []Measure{MeasureNote, MeasureWarning, MeasureSuspension, MeasureRemoval}

// Needs is what it takes to decide on the measure.
func (m Measure) Needs() Permission {
	if m == MeasureSuspension || m == MeasureRemoval {
		return ExcludeMember
	}
	return AdmonishMember
}

// How long what follows from the ladder lasts (domain §2.4: a removal is reviewed yearly and nothing is kept forever).
const (
	RemovalLife = 365 * days
	AppealLife  = 30 * days // so long after a measure an appeal can be made, and its words are kept
)

// SuspensionDays are the lengths of a suspension that can be chosen.
var SuspensionDays = []int{7, 14, 30, 90}

// Breach is the house rule that was broken.
type Breach string

// Breaches lists the reasons that can be given for a measure.
var Breaches = []Breach{"false_report", "rude", "discrimination", "own_hands", "private_data", "misuse", "rules"}

// Ruling says what became of an appeal.
type Ruling string

// The rulings.
const (
	RulingOpen   Ruling = ""
	RulingStands Ruling = "stands"
	RulingUndone Ruling = "undone"
)

// Sanction is a measure that was taken.
type Sanction struct {
	ID       int64
	Network  AreaID
	Group    AreaID
	Person   int64 // 0 = nobody any more: removed, or gone
	Measure  Measure
	Breach   Breach
	Words    string // the decider's own, for the member
	Role     Role   // as what the decider decided
	By       int64
	At       time.Time
	Until    time.Time // of a suspension or removal
	Chat     int64     // where the member reads what becomes of it
	Appeal   string
	Appealed time.Time // zero = not appealed
	Ruling   Ruling
	Judge    int64 // who ruled; never the decider
	Ruled    time.Time
}

// Runs reports whether the measure keeps the member out at a time.
func (s Sanction) Runs(at time.Time) bool { return s.Ruling != RulingUndone && at.Before(s.Until) }

// Appealable reports whether an appeal can be made at a time.
func (s Sanction) Appealable(at time.Time) bool {
	return s.Measure != MeasureNote && s.Appealed.IsZero() && at.Before(s.At.Add(AppealLife))
}
