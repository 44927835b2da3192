package flows

import (
	"context"
	"slices"
	"strings"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// seenKind is what a reporter reads of who looked at their report: "seen/17".
const seenKind = "seen"

// seers are the roles in which somebody looks at a case, the most particular first.
var seers = []civic.Role{
	civic.Police, civic.NetworkCoordinator, civic.StreetCoordinator, civic.Deputy, civic.Municipality, civic.Enforcement,
	civic.Housing,
}

// roleIn is the role in which the person of the turn works on a case; empty when they have none there.
func roleIn(t *bot.Turn, c civic.Case) civic.Role {
	for _, role := range seers {
		if t.Actor.Holds(role, c.Scope(), t.Late()) {
			return role
		}
	}
	return ""
}

// whoSaw tells a reporter in which roles people looked at their report, and when; no names. Without a reference it is
// about their newest.
func whoSaw(ctx context.Context, t *bot.Turn, args string) error {
	c, report, err := ownCase(ctx, t, args)
	if err != nil {
		return err
	}
	entries, err := t.Tx.SeenCase(ctx, bot.About(caseKind, c.ID))
	if err != nil {
		return err
	}
	text := []string{t.T("seen.head", "ref", c.Ref)}
	last := ""
	for _, e := range entries {
		if !slices.Contains(seers, civic.Role(e.Detail)) {
			continue
		}
		line := t.T("seen.line", "role", t.T("seen.role."+e.Detail), "time", moment(t, t.Lang(), e.At))
		if line != last {
			text = append(text, line)
		}
		last = line
	}
	if len(text) == 1 {
		text = append(text, t.T("seen.nobody"))
	}
	label := "seen.button.name"
	if report.Named {
		label = "seen.button.unname"
	}
	text = append(text, t.T("seen.foot"))
	const most = 40 // lines
	if len(text) > most {
		text = slices.Concat(text[:1], text[len(text)-most:])
	}
	return t.Mail(ctx, bot.Letter{Chat: t.Chat.ID, Lane: bot.LaneAnswer, Person: t.Actor.ID, Message: bot.Message{
		Text: strings.Join(text, "\n"), About: bot.About(seenKind, c.ID), Version: c.Version,
		Rows: bot.Rows(bot.Choice{Key: "name", Label: t.T(label)}),
	}})
}

// ownCase finds one of the person's own cases; of any other they learn nothing.
func ownCase(ctx context.Context, t *bot.Turn, args string) (civic.Case, civic.Report, error) {
	cases, err := ownCases(ctx, t)
	if err != nil {
		return civic.Case{}, civic.Report{}, err
	}
	if len(cases) == 0 {
		return civic.Case{}, civic.Report{}, bot.Refuse("mine.none")
	}
	c := cases[0]
	if !civic.Blank(args) {
		ref, _ := civic.ParseRef(args)
		i := slices.IndexFunc(cases, func(o civic.Case) bool { return o.Ref == ref })
		if i < 0 {
			return c, civic.Report{}, unknownRef(args)
		}
		c = cases[i]
	}
	report, err := reportOf(ctx, t, c)
	return c, report, err
}

// giveName lets those who work on a case know the reporter's name, or takes it off the card again. Nobody else can.
func giveName(ctx context.Context, t *bot.Turn, r bot.Ref) error {
	c, err := caseOf(ctx, t, r.ID)
	if err != nil {
		return err
	}
	report, err := reportOf(ctx, t, c)
	switch {
	case err != nil:
		return err
	case report.ID == 0:
		return bot.Refuse("press.other")
	case t.Actor.Name == "" && !report.Named:
		return bot.Refuse("seen.nameless")
	}
	report.Named = !report.Named
	if err := t.Tx.SaveFollow(ctx, report); err != nil {
		return err
	}
	if err := saveCase(ctx, t, &c, "named"); err != nil {
		return err
	}
	if report.Named {
		return t.Answer(ctx, "seen.named", "ref", c.Ref)
	}
	return t.Answer(ctx, "seen.unnamed", "ref", c.Ref)
}

// names adds who reporters are that let it be known themselves.
func (f *facts) names(ctx context.Context, t *bot.Turn, reports []civic.Report) error {
	for _, r := range reports {
		if !r.Named || r.Reporter == 0 {
			continue
		}
		m, err := t.Tx.Member(ctx, r.Reporter)
		if err != nil {
			return err
		}
		f.told = append(f.told, t.In(f.lang, "case.card.named", "n", r.Alias, "name", m.Name))
	}
	return nil
}
