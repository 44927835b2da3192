package civic

import "time"

// Retention is how long things are kept (domain §2.4). What a person erases, or a membership that ends, does not wait for
// it.
type Retention struct {
	Picture  time.Duration // pictures and exact places, after they were told; a partner who accepts the case ends it sooner
	Text     time.Duration // what was told, asked and noted, after the case ended; what an alert said, after its time was over
	TextMost time.Duration // and after it was told, whatever became of the case or the alert; who heard and answered an alert
	Reporter time.Duration // who told it and who dealt with it, after the case ended
	Case     time.Duration // what is left of a case: kind, street, times; after it ended
	Audit    time.Duration // who did what
	Former   time.Duration // who held a role and takes part in nothing else, after it ended
}

const days = 24 * time.Hour

// DefaultRetention is the proposal of the domain's §2.4.
func DefaultRetention() Retention {
	return Retention{
		Picture: 14 * days, Text: 30 * days, TextMost: 90 * days, Reporter: 30 * days, Case: 5 * 365 * days, Audit: 365 * days,
		Former: 30 * days,
	}
}

// RetentionRule is one kind of things that are erased when their time has come.
type RetentionRule string

// The rules, in the order in which they are applied.
const (
	RetainPictures  RetentionRule = "pictures"  // with exact places
	RetainSensitive RetentionRule = "sensitive" // what was told in a sensitive category goes when a partner accepts the case
	RetainAnswers   RetentionRule = "answers"   // and what the partner asked since, a week later
	RetainTexts     RetentionRule = "texts"
	RetainReporters RetentionRule = "reporters" // with the coordinators who dealt with it
	RetainCases     RetentionRule = "cases"
	RetainAlerts    RetentionRule = "alerts" // what an alert said, and why something was left in
	RetainHearers   RetentionRule = "hearers"
	RetainStrangers RetentionRule = "strangers" // who is known by no membership and no role any more
)

// RetentionRules lists the rules about cases.
var RetentionRules = []RetentionRule{RetainPictures, RetainSensitive, RetainAnswers, RetainTexts, RetainReporters, RetainCases}

// AlertRules lists the rules about alerts.
var AlertRules = []RetentionRule{RetainAlerts, RetainHearers}

// PersonRules lists the rules about people.
var PersonRules = []RetentionRule{RetainStrangers}
