package flows

import (
	"context"
	"fmt"
	"html"
	"slices"
	"strings"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// reach tells to how many a notice goes, who hears it later, and who is skipped and why, except who never got the alarm
// that it follows. Members are counted and never named: police do not know who they are.
func reach(t *bot.Turn, lang string, p civic.Plan, w civic.World) string {
	var lines []string
	if len(p.Tell) > 0 {
		lines = append(lines, t.In(lang, "alert.reach.now", "who", counted(t, lang, p.Tell)))
	}
	if len(p.Pierced) > 0 {
		lines = append(lines, t.In(lang, "alert.reach.pierced", "who", counted(t, lang, p.Pierced)))
	}
	lines = append(lines, reachLater(t, lang, p)...)
	if len(lines) == 0 {
		lines = append(lines, t.In(lang, "alert.reach.nobody"))
	}
	if len(p.Unheard) > 0 {
		lines = append(lines, t.In(lang, "alert.reach.unheard", "groups", raw(unheardNames(t, lang, p, w))))
	}
	var left skips
	for _, reason := range civic.Reasons {
		groups, people := parted(p.SkippedFor(reason))
		if reason == civic.SkipNeverAlarmed {
			continue
		}
		why := t.In(lang, "alert.skip."+string(reason))
		if groups > 0 {
			lines = append(lines, t.In(lang, "alert.reach.skip", "groups", t.In(lang, "alert.reach.groups", "count", groups),
				"why", why+skippedNames(t, lang, p, w, reason)))
		}
		if people > 0 {
			lines = append(lines, left.line(t, lang, people, why))
		}
	}
	lines = append(lines, left.rest(t, lang))
	return strings.Join(slices.DeleteFunc(lines, func(line string) bool { return line == "" }), "\n")
}

// reachLater tells to how many a notice goes after their quiet hours, and to how many in their message of the day.
func reachLater(t *bot.Turn, lang string, p civic.Plan) []string {
	digest := civic.DigestAt(t.Now, zone(t))
	var lines []string
	waiting, daily := p.Waiting(), []civic.Recipient(nil)
	waiting = slices.DeleteFunc(waiting, func(r civic.Recipient) bool {
		if p.Later[r].Equal(digest) {
			daily = append(daily, r)
			return true
		}
		return false
	})
	if len(waiting) > 0 {
		at := moment(t, lang, p.Later[waiting[0]])
		lines = append(lines, t.In(lang, "alert.reach.later", "who", counted(t, lang, waiting), "time", at))
	}
	if len(daily) > 0 {
		at := moment(t, lang, digest)
		lines = append(lines, t.In(lang, "alert.reach.digest", "who", counted(t, lang, daily), "time", at))
	}
	return lines
}

// doseLine tells how many messages a street gets in a week with this one, from the second on; the sender is warned before
// people stop reading them.
func doseLine(ctx context.Context, t *bot.Turn, lang string, a civic.Alert, w civic.World) (string, error) {
	dose, err := doseOf(ctx, t.Tx, a, w)
	if err != nil || dose.Count < 2 {
		return "", err
	}
	key := "alert.dose"
	if dose.Heavy() && !a.Pressing() {
		key = "alert.dose.heavy"
	}
	return t.In(lang, key, "nth", dose.Count, "group", raw(w.Areas[dose.Group].Name)), nil
}

// doseOf counts the messages of a week to the streets of an alert.
func doseOf(ctx context.Context, tx bot.Tx, a civic.Alert, w civic.World) (civic.Dose, error) {
	before, err := tx.AlertsIssued(ctx, a.Network, w.Now.Add(-civic.DoseWindow), w.Now)
	if err != nil {
		return civic.Dose{}, fmt.Errorf("messages of this week: %w", err)
	}
	var went []civic.Alert
	for _, b := range before {
		told, err := wasTold(ctx, tx, b)
		if err != nil {
			return civic.Dose{}, err
		}
		if told {
			went = append(went, b)
		}
	}
	return civic.DoseOf(a, went, w.Areas), nil
}

// counted says how many street groups and how many members.
func counted(t *bot.Turn, lang string, recipients []civic.Recipient) string {
	groups, people := parted(recipients)
	var parts []string
	if groups > 0 {
		parts = append(parts, t.In(lang, "alert.reach.groups", "count", groups))
	}
	if people > 0 {
		parts = append(parts, members(t, lang, people))
	}
	return joined(t, lang, parts)
}

// parted counts chats of street groups, and members who are told alone.
func parted(recipients []civic.Recipient) (groups, people int) {
	for _, r := range recipients {
		if r.Person == 0 {
			groups++
		} else {
			people++
		}
	}
	return groups, people
}

// skippedNames names the street groups that are skipped although they were meant, when there are few.
func skippedNames(t *bot.Turn, lang string, p civic.Plan, w civic.World, reason civic.Reason) string {
	const few = 3
	if reason != civic.SkipMuted && reason != civic.SkipUnreachable {
		return ""
	}
	var names []string
	for r, why := range p.Skip {
		if why == reason && r.Person == 0 {
			names = append(names, w.Areas[r.Group].Name)
		}
	}
	if len(names) == 0 || len(names) > few {
		return ""
	}
	slices.Sort(names)
	return t.In(lang, "alert.reach.names", "names", raw(joined(t, lang, names)))
}

// unheardNames names the street groups in which nobody can be told.
func unheardNames(t *bot.Turn, lang string, p civic.Plan, w civic.World) string {
	var names []string
	for _, group := range p.Unheard {
		names = append(names, html.EscapeString(w.Areas[group].Name))
	}
	slices.Sort(names)
	return joined(t, lang, names)
}

// drafted is the alert as it would be sent now.
func drafted(t *bot.Turn, a alarm) civic.Alert {
	why := ""
	if a.keeps() {
		why = a.Why
	}
	sender, _ := broadcaster(t, a.Kind) // who may not send has been refused before
	return civic.Alert{
		Ref: a.Ref, Network: t.Network.ID, Kind: a.Kind, Status: civic.AlertActive, Case: a.Case, Text: a.Words.Text,
		Areas: a.Areas, Happened: a.Happened, Until: a.Until, Issuer: t.Actor.ID, Issued: t.Now, Sender: sender, Drill: a.Drill,
		Planned: a.Planned,
		KeptWhy: why, KeptUntil: earlier(a.KeptUntil, a.Until), Photo: a.Photo(),
	}
}

// planAlarm plans an alert that is being written.
func planAlarm(ctx context.Context, t *bot.Turn, a alarm) (civic.Plan, civic.World, error) {
	t = then(t, a.Planned)
	w, err := worldOf(ctx, t.Tx, t.Network, drafted(t, a), t.Now)
	if err != nil {
		return civic.Plan{}, w, err
	}
	return civic.NewPlan(drafted(t, a), civic.NoticeAlarm, w), w, nil
}

// previewAlarm shows exactly what would be said, in the language of the streets, and to whom it would go.
func previewAlarm(ctx context.Context, t *bot.Turn, a alarm) (string, error) {
	plan, w, err := planAlarm(ctx, t, a)
	if err != nil {
		return "", err
	}
	there := then(t, a.Planned)
	said, err := sayAlert(ctx, there, networkLang(t), drafted(t, a), alarming(plan))
	if err != nil {
		return "", err
	}
	whom := reach(there, t.Lang(), plan, w)
	dose, err := doseLine(ctx, there, t.Lang(), drafted(t, a), w)
	if err != nil {
		return "", err
	}
	if dose != "" {
		whom += "\n" + dose
	}
	if !a.Planned.IsZero() {
		whom = t.T("alert.preview.planned", "time", moment(t, t.Lang(), a.Planned)) + "\n" + whom
	}
	if begunFrom(t, a.Kind, a.Words.Text) != "" {
		whom = t.T("alert.preview.tongues") + "\n" + whom
	}
	if a.Photo() != 0 {
		whom = t.T("alert.preview.photo") + "\n" + whom
	}
	if line := keptLine(t, t.Lang(), drafted(t, a)); line != "" {
		whom = line + "\n" + whom
	}
	return t.T("alert.preview", "message", bot.HTML(said), "reach", bot.HTML(whom)), nil
}
