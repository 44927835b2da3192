package flows

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// followKind is the message in which a reporter follows a case: "follow/17.23.251014", with the numbers of the case and
// the report, and the day. What happens on one day changes that day's message in place, so a reporter hears no more than
// one message a day; in an emergency each step is a message of its own.
const followKind = "follow"

// tellStep tells the reporters of a case of a step that means something to them.
func tellStep(ctx context.Context, t *bot.Turn, c civic.Case) error {
	reports, err := t.Tx.Reports(ctx, c.ID)
	if err != nil {
		return fmt.Errorf("reporters of case %d: %w", c.ID, err)
	}
	told := map[int64]bool{}
	for _, r := range reports {
		if r.Reporter == 0 || r.Muted || told[r.Reporter] {
			continue
		}
		told[r.Reporter] = true
		chat, err := t.Tx.PrivateChat(ctx, r.Reporter)
		if err != nil {
			return err
		}
		if chat == 0 {
			continue
		}
		if err := t.Show(ctx, chat, followAbout(t, c, r)); err != nil {
			return err
		}
	}
	return nil
}

func followAbout(t *bot.Turn, c civic.Case, r civic.Report) string {
	when := t.Now.In(zone(t)).Format("060102")
	if c.Urgency == civic.Emergency {
		when = strconv.FormatInt(t.Now.UnixMilli(), 36)
	}
	return fmt.Sprintf("%s/%d.%d.%s", followKind, c.ID, r.ID, when)
}

// stepOf finds the case and the report that such a message is about.
func stepOf(ctx context.Context, t *bot.Turn, id string) (civic.Case, civic.Report, error) {
	number, rest, _ := strings.Cut(id, ".")
	report, _, _ := strings.Cut(rest, ".")
	c, err := caseOf(ctx, t, number)
	if err != nil {
		return c, civic.Report{}, err
	}
	reports, err := t.Tx.Reports(ctx, c.ID)
	for _, r := range reports {
		if strconv.FormatInt(r.ID, 10) == report {
			return c, r, err
		}
	}
	return c, civic.Report{}, errors.Join(err, bot.ErrNotFound)
}

// followCard says how a case stands, as its reporter reads it.
func followCard(ctx context.Context, t *bot.Turn, lang, id string) (bot.Message, error) {
	c, r, err := stepOf(ctx, t, id)
	if err != nil {
		return bot.Message{}, err
	}
	if r.Reporter != 0 {
		m, err := t.Tx.Member(ctx, r.Reporter)
		if err != nil {
			return bot.Message{}, err
		}
		lang = t.LangOf(m)
	}
	text, err := stepText(ctx, t, lang, c)
	return bot.Message{
		Text: text, Version: c.Version, Rows: bot.Rows(bot.Choice{Key: "mute", Label: t.In(lang, "follow.button.mute")}),
	}, err
}

// stepText is a line for the partners that were handed the case and one for each that is further with it, else who looks
// at it.
func stepText(ctx context.Context, t *bot.Turn, lang string, c civic.Case) (string, error) {
	all, err := t.Tx.Handovers(ctx, c.ID)
	if err != nil {
		return "", err
	}
	lines := partnerLines(t, lang, all)
	if !withPartner(c) {
		key := "follow.in_triage"
		if slices.ContainsFunc(all, func(h civic.Handover) bool { return h.Status == civic.InTriage }) {
			key = "follow.back"
		}
		lines = append(lines, t.In(lang, key))
	}
	for i := 1; i < len(lines); i++ {
		lines[i] = capitals(lang, lines[i])
	}
	return t.In(lang, "follow.head", "ref", c.Ref) + strings.Join(lines, "\n"), nil
}

// partnerLines say how far the partners are that have a case or were ready with it.
func partnerLines(t *bot.Turn, lang string, all []civic.Handover) []string {
	var lines []string
	var waiting []civic.Role
	for _, h := range all {
		args := []any{"partner", partnerName(t, lang, h.Partner)}
		switch h.Status {
		case civic.Forwarded:
			waiting = append(waiting, h.Partner)
		case civic.Planned:
			lines = append(lines, t.In(lang, "follow.planned", append(args, "day", day(t, lang, h.Planned))...))
		case civic.Accepted, civic.Resolved:
			lines = append(lines, t.In(lang, "follow."+string(h.Status), args...))
			if h.Words != "" && h.Status == civic.Resolved {
				lines = append(lines, wordsOfPartner(t, lang, h))
			}
		case civic.Received, civic.InTriage, civic.InfoRequested, civic.InfoReceived, civic.Snoozed, civic.Closed,
			civic.Duplicate, civic.Withdrawn, civic.ReopenRequested, civic.Reopened:
		}
	}
	if len(waiting) == 0 {
		return lines
	}
	return append(lines, t.In(lang, "follow.forwarded", "partner", partnerNames(t, lang, waiting)))
}

// onFollow finds the case that a reporter follows.
func onFollow(ctx context.Context, t *bot.Turn, r bot.Ref) (bot.Thing, error) {
	c, _, err := stepOf(ctx, t, r.ID)
	return bot.Thing{Scope: civic.Scope{Network: c.Network}, Version: c.Version}, err
}

// mute lets a reporter hear only how a case ends, or every step again.
func mute(ctx context.Context, t *bot.Turn, r bot.Ref) error {
	c, report, err := stepOf(ctx, t, r.ID)
	if err != nil {
		return err
	}
	if report.Reporter != t.Actor.ID {
		return bot.Refuse("press.other")
	}
	report.Muted = !report.Muted
	if err := t.Tx.SaveFollow(ctx, report); err != nil {
		return err
	}
	if report.Muted {
		return t.Answer(ctx, "follow.muted", "ref", c.Ref)
	}
	return t.Answer(ctx, "follow.unmuted", "ref", c.Ref)
}

// followKeys are the texts about following a case whose keys are made while talking.
func followKeys() []string {
	var keys []string
	for _, s := range []civic.Status{civic.Forwarded, civic.Accepted, civic.Planned, civic.Resolved} {
		keys = append(keys, "follow."+string(s))
	}
	for _, v := range civic.Verdicts {
		keys = append(keys, "verdict.button."+string(v), "verdict.done."+string(v))
	}
	for _, role := range seers {
		keys = append(keys, "seen.role."+string(role))
	}
	return append(keys, "follow.in_triage", "follow.back")
}
