package flows

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// mostRipe is up to how many things of a rule are told by their number in chat; the command line tells all, of every network.
const mostRipe = 1000

// showRetention tells how long what is kept, and how much of it would be erased now in the network. It erases nothing.
func (r retaining) showRetention(ctx context.Context, t *bot.Turn, _ string) error {
	foot := "retention.foot"
	if !r.nightly {
		foot = "retention.foot.off"
	}
	lines := []string{t.T("retention.head")}
	for _, rule := range slices.Concat(civic.RetentionRules, civic.AlertRules, civic.PersonRules) {
		ripe, err := t.Tx.RipeIn(ctx, t.Network.ID, rule, r.keep, t.Now)
		if err != nil {
			return err
		}
		lines = append(lines, t.T("retention."+string(rule), "for", r.kept(t, rule))+" "+ripeWords(t, ripe))
	}
	old, err := t.Tx.OldTrail(ctx, t.Now.Add(-r.keep.Audit))
	if err != nil {
		return err
	}
	lines = append(lines, t.T("retention.trail", "for", inDays(t, r.keep.Audit))+" "+ripeWords(t, old), "",
		t.T(foot, "network", t.Network.Name))
	return t.Say(ctx, "retention.all", "lines", bot.HTML(strings.Join(lines, "\n")))
}

// kept is for how long a rule lets things be kept.
func (r retaining) kept(t *bot.Turn, rule civic.RetentionRule) string {
	switch rule {
	case civic.RetainPictures:
		return inDays(t, r.keep.Picture)
	case civic.RetainSensitive, civic.RetainAnswers:
		return "" // not by time alone; the text says when
	case civic.RetainTexts, civic.RetainAlerts:
		return inDays(t, r.keep.Text)
	case civic.RetainReporters:
		return inDays(t, r.keep.Reporter)
	case civic.RetainCases:
		return inDays(t, r.keep.Case)
	case civic.RetainHearers:
		return inDays(t, r.keep.TextMost)
	case civic.RetainStrangers:
		return inDays(t, r.keep.Former)
	}
	return ""
}

func inDays(t *bot.Turn, d time.Duration) string {
	const year = 365
	days := int(d.Hours() / 24)
	if days >= 2*year && days%year == 0 {
		return t.T("retention.years", "count", days/year)
	}
	return t.T("retention.days", "count", days)
}

// ripeWords tell how much of a rule would go now.
func ripeWords(t *bot.Turn, n int) string {
	if n > mostRipe {
		return t.T("retention.ripe.many", "count", mostRipe)
	}
	return t.T("retention.ripe", "count", n)
}

func retentionKeys() []string {
	keys := []string{"retention.foot", "retention.foot.off"}
	for _, rule := range slices.Concat(civic.RetentionRules, civic.AlertRules, civic.PersonRules) {
		keys = append(keys, "retention."+string(rule))
	}
	return keys
}
