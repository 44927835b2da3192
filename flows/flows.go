package flows

import (
	"context"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// Options are the figures that an operator may set.
type Options struct {
	ReportsPerHour int                 // of one person; 0 = no limit
	DraftsSpec     string              // when unfinished forms are looked after, as a cron schedule
	Questions      civic.Questionnaire // of police, in the place of those that are built in
	Retention      civic.Retention
	RetentionSpec  string // when what was kept long enough is erased; empty = never
}

// Bot makes the engine with everything that the bot can do.
func Bot(store bot.Store, texts bot.Texts, platforms []bot.Platform, o Options) *bot.Engine {
	e := bot.New(store, texts, platforms, Features(o)...)
	e.Fallback = fallback
	e.AddJob(e.Drafts(o.DraftsSpec))
	return e
}

// Features is the list of what the bot can do; the list is the bot.
func Features(o Options) []bot.Feature {
	all := []bot.Feature{
		Emergencies(),
		Tongues(),
		Reporting(o),
		Triage(),
		Partners(),
		Alerts(),
		Rooms(),
		Upgrades(),
		Spaces(),
		Membership(),
		Wishes(),
		Ladder(),
		Cover(),
		Still(),
		Roles(),
		Areas(),
		Guiding(),
		Doors(),
		Vouching(),
		HouseRules(),
		OwnData(),
		Accounts(),
		Leaks(),
		Lookups(),
		Outages(),
		Networks(),
		Retention(o),
		Operations(),
	}
	return append(all, Guidance(all...))
}

// fallback takes what a person says when no form is open.
func fallback(ctx context.Context, t *bot.Turn, in bot.Input) error { return takeWords(ctx, t, in) }
