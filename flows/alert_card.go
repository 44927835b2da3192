package flows

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// alertCard shows police an alert: what was said, to whom it came, and what is still to be done.
func alertCard(ctx context.Context, t *bot.Turn, lang, id string) (bot.Message, error) {
	a, err := alertOf(ctx, t, id)
	if err != nil {
		return bot.Message{}, err
	}
	if t, err = inNetwork(ctx, t, a.Network); err != nil {
		return bot.Message{}, err
	}
	lines, err := cardHead(ctx, t, lang, a)
	if err != nil {
		return bot.Message{}, err
	}
	if a.Last != "" && a.Last != a.Text { // of a correction it may be the time alone
		lines = append(lines, t.In(lang, "alert.card.last."+lastOf(a), "text", a.Last))
	}
	lines = append(lines, t.In(lang, "alert.card.status."+statusOf(a), "until", moment(t, lang, a.Until)))
	if a.Status == civic.AlertQueued {
		lines = append(lines, t.In(lang, "alert.card.planned", "time", moment(t, lang, a.Planned)))
	}
	fates, err := cardFates(ctx, t, lang, a)
	if err != nil {
		return bot.Message{}, err
	}
	replies, err := cardReplies(ctx, t, lang, a)
	if err != nil {
		return bot.Message{}, err
	}
	retry, err := retryChoice(ctx, t, lang, a)
	if err != nil {
		return bot.Message{}, err
	}
	if replies != "" {
		fates = append(fates, replies)
	}
	return bot.Message{
		Text: strings.Join(append(lines, fates...), "\n"), Version: a.Version,
		Rows: bot.Rows(append(alertChoices(t, lang, a), retry...)...),
	}, nil
}

// lastOf tells which sort of word the newest is.
func lastOf(a civic.Alert) string {
	switch a.Status {
	case civic.AlertOutcome:
		return "outcome"
	case civic.AlertRetracted:
		return "retraction"
	case civic.AlertChecked, civic.AlertQueued, civic.AlertActive, civic.AlertCorrected, civic.AlertExpired:
	}
	return "correction"
}

// statusOf is where an alert stands, as the end of a key: one that has expired and owes nothing is over.
func statusOf(a civic.Alert) string {
	if a.Status == civic.AlertExpired && !a.Owes() {
		return "over"
	}
	return string(a.Status)
}

// kindLabel names the kind of an alert; of a drill it says only that.
func kindLabel(t *bot.Turn, lang string, a civic.Alert) string {
	if a.Drill {
		return t.In(lang, "alert.kind.drill")
	}
	return t.In(lang, "alert.kind."+string(a.Kind))
}

func cardHead(ctx context.Context, t *bot.Turn, lang string, a civic.Alert) ([]string, error) {
	areas, err := areaNames(ctx, t, lang, a.Areas)
	if err != nil {
		return nil, err
	}
	name, err := officer(ctx, t, lang, a.Issuer)
	if err != nil {
		return nil, err
	}
	by := "alert.card.by"
	if a.Status == civic.AlertQueued {
		by = "alert.card.prepared"
	}
	lines := []string{
		t.In(lang, "alert.card.head", "ref", a.Ref, "kind", kindLabel(t, lang, a), "areas", areas),
		t.In(lang, by, "name", name, "time", moment(t, lang, a.Issued)),
	}
	if a.Case != 0 {
		c, err := mergedCase(ctx, t, a.Case)
		if err != nil {
			return nil, fmt.Errorf("case of alert %s: %w", a.Ref, err)
		}
		lines = append(lines, t.In(lang, "alert.card.case", "ref", c.Ref))
	}
	if a.Text == "" {
		lines = append(lines, t.In(lang, "alert.card.erased"))
	} else {
		lines = append(lines, t.In(lang, "alert.say.words", "text", a.Text))
		if when := whenLine(t, lang, a); when != "" {
			lines = append(lines, when)
		}
	}
	if kept := keptLine(t, lang, a); kept != "" {
		lines = append(lines, kept)
	}
	return lines, nil
}

// alertChoices are what can still be done about an alert.
func alertChoices(t *bot.Turn, lang string, a civic.Alert) []bot.Choice {
	switch {
	case a.Over():
		return nil
	case a.Status == civic.AlertQueued:
		return plannedDeeds(t, lang)
	}
	var choices []bot.Choice
	if a.Status.May(civic.AlertCorrected) {
		choices = append(choices, bot.Choice{Key: "correct", Label: t.In(lang, "alert.button.correct")})
	}
	if a.Status.May(civic.AlertCorrected) {
		choices = append(choices, bot.Choice{Key: "retract", Label: t.In(lang, "alert.button.retract")})
	}
	if a.Status.May(civic.AlertOutcome) && a.Kind != civic.InfoAlert {
		choices = append(choices, bot.Choice{Key: "outcome", Label: t.In(lang, "alert.button.outcome")})
	}
	return choices
}

// owingFirst orders alerts: those that are over and still owe an outcome come first, whose newest may be old.
func owingFirst(a, b civic.Alert) int {
	rank := map[civic.AlertStatus]int{civic.AlertExpired: -1}
	return rank[a.Status] - rank[b.Status]
}

// listAlerts shows police the alerts that are not ended, each with its buttons: first those that owe an outcome, and then
// the newest.
func listAlerts(ctx context.Context, t *bot.Turn, _ string) error {
	const most = 5
	open, err := t.Tx.OpenAlerts(ctx, t.Network.ID)
	if err != nil {
		return fmt.Errorf("open alerts: %w", err)
	}
	open = slices.DeleteFunc(open, func(a civic.Alert) bool { return a.Over() || !t.May(a.Kind.Needs(), a.Scope()) })
	slices.SortStableFunc(open, owingFirst)
	if len(open) == 0 {
		return bot.Refuse("alert.none")
	}
	for _, a := range open[:min(len(open), most)] {
		m, err := alertCard(ctx, t, t.Lang(), strconv.FormatInt(a.ID, 10))
		if err != nil {
			return err
		}
		m.About = bot.About(alertKind, a.ID)
		if err := t.Post(ctx, t.Chat.ID, bot.LaneAnswer, m); err != nil {
			return err
		}
	}
	if more := len(open) - most; more > 0 {
		return t.Say(ctx, "alert.more", "count", more)
	}
	return nil
}
