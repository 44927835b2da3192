package flows

import (
	"slices"
	"strconv"

	"github.com/buurtbot/buurtbot/bot/civic"
)

// alertKeys lists the texts of alerts whose keys are made at run time.
func alertKeys() []string {
	keys := []string{
		"alert.card.fate.alarm", "alert.card.fate.all_clear", "alert.card.fate.correction",
		"alert.card.last.correction", "alert.card.last.outcome",
		"alert.case", "alert.case.ended", "alert.closed", "alert.closed.nobody", "alert.corrected", "alert.corrected.nobody",
		"alert.card.fate.retraction", "alert.card.last.retraction", "alert.card.status.over", "alert.ended.retracted",
		"alert.kind.drill",
		"alert.lint", "alert.lint.stop", "alert.retracted", "alert.retracted.nobody",
		"alert.ended", "alert.expired", "alert.lost.failed", "alert.lost.removed",
		"alert.over", "alert.owed", "alert.suggest", "alert.suggest.something",
		"alert.wording.clean", "alert.wording.calm", "alert.wording.keep", "alert.wording.own",
		"alert.wording.use", "alert.wording.when",
		"alert.until.words.days", "alert.until.words.hours", "alert.until.words.in", "alert.until.words.minutes",
		"alert.until.words.today", "alert.until.words.tomorrow", "alert.until.words.until",
		"alert.when.words.ago", "alert.when.words.around", "alert.when.words.now", "alert.when.words.yesterday",
		"refused." + string(civic.SendAlert), "refused." + string(civic.SendInfo),
	}
	keys = append(keys, "alert.say.why", "alert.say.why.all", "alert.taken.old", "alert.taken.outcome", "alert.taken.retracted",
		"alert.why.police", "alert.why.network_coordinator", "alert.why.municipality", "alert.why.enforcement",
		"alert.why.housing", "alert.card.status.queued", "alert.status.queued",
		"alert.card.by", "alert.card.prepared", "alert.planned.nobody", "alert.planned.role", "inform.planned.edit",
		"alert.photos.edit")
	return slices.Concat(keys, countKeys(), madeAlertKeys())
}

// madeAlertKeys lists the texts of alerts of which there is one for each of something.
func madeAlertKeys() []string {
	var keys []string
	for day := range 7 {
		keys = append(keys, "time.weekday.words."+strconv.Itoa(day))
	}
	for _, reason := range civic.SecondReasons {
		keys = append(keys, "alert.second.why."+string(reason))
	}
	for _, end := range []string{"none", "no", "over", "yes"} {
		keys = append(keys, "alert.second."+end)
	}
	for _, change := range []string{"gone", "ended", "reopened", "category", "street", "reports", "words"} {
		keys = append(keys, "alert.frozen."+change)
	}
	for _, role := range []civic.Role{
		civic.Police, civic.NetworkCoordinator, civic.Municipality, civic.Enforcement, civic.Housing,
	} {
		keys = append(keys, "alert.sender."+string(role))
	}
	for _, kind := range civic.AlertKinds {
		keys = append(keys, "alert.kind."+string(kind), "alert.say."+string(kind))
		for _, name := range templates[kind] {
			keys = append(keys, templateKey(kind, name), beginKey(kind, name))
		}
	}
	for _, status := range []civic.AlertStatus{
		civic.AlertChecked, civic.AlertActive, civic.AlertCorrected, civic.AlertOutcome, civic.AlertExpired,
		civic.AlertRetracted,
	} {
		keys = append(keys, "alert.card.status."+string(status), "alert.status."+string(status))
	}
	for _, reason := range civic.Reasons {
		if reason != civic.SkipNeverAlarmed { // goes without saying
			keys = append(keys, "alert.skip."+string(reason))
		}
	}
	for _, rule := range civic.LintRules {
		keys = append(keys, "alert.lint."+string(rule))
	}
	for _, outcome := range alertOutcomes {
		keys = append(keys, "alert.ended."+outcome)
	}
	return keys
}
