package flows

import (
	"context"
	"slices"
	"strings"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// privacyAnswer is what the reporter answers when the story names somebody.
type privacyAnswer string

const (
	privacyRemove privacyAnswer = "remove"
	privacyPolice privacyAnswer = "police" // those words are for the police alone
	privacyKeep   privacyAnswer = "keep"
)

// nudged are the rules of domain §5.7 that a reporter is told of before sending: what police seldom need, and what hurts
// when it is wrong. A plate, a place and a description belong in a report.
var nudged = []civic.LintRule{
	civic.LintName, civic.LintPhone, civic.LintEmail, civic.LintIBAN, civic.LintID, civic.LintAccuse, civic.LintVigilante,
	civic.LintAbsence, civic.LintChild,
}

// personal lists what in the words the reporter is told of.
func (d *draft) personal(words string) []civic.Hit {
	return slices.DeleteFunc(civic.Lint(words), func(h civic.Hit) bool {
		return !slices.Contains(nudged, h.Rule) || d.ofSight(h)
	})
}

// revealed lists what the reporter is told of: in the story, and in the words beside it.
func (d *draft) revealed() []civic.Hit {
	hits := d.personal(d.What)
	for _, words := range d.beside() {
		hits = append(hits, d.personal(words)...)
	}
	return hits
}

// ofSight reports whether what looks like a person's name is that of a shop, or another landmark, which names the place.
func (d *draft) ofSight(h civic.Hit) bool {
	return h.Rule == civic.LintName && slices.ContainsFunc(d.Sights, func(name string) bool {
		return strings.Contains(strings.ToLower(name), strings.ToLower(h.Words))
	})
}

// names reports whether a report holds something that the reporter may want to take out. Danger is never held up by it.
func (d *draft) names() bool { return !d.left() && d.revealing() }

// nudging is the question what to do with that: a help, never a refusal.
type nudging struct{ bot.Step[draft] }

// Ask shows what was found.
func (n nudging) Ask(ctx context.Context, t *bot.Turn, form string, d draft) (bot.Message, error) {
	m, err := n.Step.Ask(ctx, t, form, d)
	var lines []string
	found := d.revealed()
	for _, hit := range found {
		if line := t.T("alert.lint."+string(hit.Rule), "words", hit.Words); !slices.Contains(lines, line) {
			lines = append(lines, line)
		}
	}
	if slices.ContainsFunc(found, func(h civic.Hit) bool { return h.Rule == civic.LintName }) {
		lines = append(lines, t.T("report.privacy.name"))
	}
	m.Text = t.T("report.privacy.ask", "hits", strings.Join(lines, "\n"))
	return m, err
}

// Take takes the words out when the reporter wants that.
func (n nudging) Take(ctx context.Context, t *bot.Turn, in bot.Input, d *draft) error {
	err := n.Step.Take(ctx, t, in, d)
	if err == nil && d.Privacy == privacyRemove {
		without := func(words string) string { return civic.Redacted(words, d.personal(words), "…") }
		d.What = without(d.What)
		d.reword(without)
	}
	return err
}
