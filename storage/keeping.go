package storage

import "github.com/buurtbot/buurtbot/bot/civic"

// Keeping is how a table that tells of people loses what it tells. A table has one way at least.
type Keeping struct {
	Table string
	Rules []civic.RetentionRule // of the nightly job, which the dry run counts
	Leave bool                  // when the person leaves, or has everything erased
	Age   bool                  // by its age alone, whoever it is of; what is in use stays until it is not
}

// Keepings are the tables that tell of people, by name. A test compares them with the schema, so that no table is added of
// which nobody said how long it is kept.
var Keepings = []Keeping{
	{Table: "absences", Leave: true, Age: true},
	{Table: "accounts", Leave: true},
	{Table: "alert_replies", Rules: []civic.RetentionRule{civic.RetainHearers}, Leave: true},
	{Table: "alert_versions", Rules: []civic.RetentionRule{civic.RetainAlerts}},
	{Table: "alerts", Rules: []civic.RetentionRule{civic.RetainAlerts, civic.RetainCases}},
	{Table: "aliases", Leave: true},
	{Table: "attendance", Leave: true},
	{Table: "audit", Age: true},
	{Table: "barred", Age: true}, // hashes alone, until the measure ends
	{Table: "cases", Rules: []civic.RetentionRule{civic.RetainTexts, civic.RetainReporters, civic.RetainCases}},
	{Table: "chats", Age: true},
	{Table: "claims", Leave: true, Age: true},
	{Table: "deliveries", Rules: []civic.RetentionRule{civic.RetainHearers}, Leave: true},
	{Table: "erasures", Age: true}, // numbers alone
	{Table: "errands", Age: true},
	{
		Table: "handovers",
		Rules: []civic.RetentionRule{civic.RetainSensitive, civic.RetainTexts, civic.RetainReporters, civic.RetainCases},
	},
	{Table: "inbox", Age: true},
	{Table: "lookups", Leave: true, Age: true},
	{Table: "invites", Age: true},
	{Table: "knocks", Age: true},
	{Table: "leaks", Age: true}, // names nobody; once it is decided about
	{Table: "media", Rules: []civic.RetentionRule{civic.RetainPictures, civic.RetainCases}, Leave: true, Age: true},
	{Table: "memberships", Leave: true},
	{Table: "notes", Rules: []civic.RetentionRule{civic.RetainSensitive, civic.RetainTexts, civic.RetainCases}},
	{Table: "outbox", Age: true},
	{Table: "persons", Leave: true},
	{
		Table: "questions",
		Rules: []civic.RetentionRule{
			civic.RetainSensitive, civic.RetainAnswers, civic.RetainTexts, civic.RetainReporters, civic.RetainCases,
		},
	},
	{
		Table: "reports",
		Rules: []civic.RetentionRule{
			civic.RetainPictures, civic.RetainSensitive, civic.RetainTexts, civic.RetainReporters, civic.RetainCases,
		},
	},
	{Table: "roles", Leave: true, Age: true},
	{Table: "sanctions", Age: true},
	{Table: "sessions", Leave: true, Age: true},
}
