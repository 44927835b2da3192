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

const (
	mineKind = "mine" // what the list of own reports is about: "mine/PERSON"
	mostMine = 10
)

// mine lists the person's own reports, newest first, and how they stand; with a reference that one alone.
func mine(ctx context.Context, t *bot.Turn, args string) error {
	cases, err := ownCases(ctx, t)
	if err != nil {
		return err
	}
	if len(cases) == 0 {
		return t.Say(ctx, "mine.none")
	}
	lines := []string{t.T("mine.head")}
	if !civic.Blank(args) {
		one, _, err := ownCase(ctx, t, args)
		if err != nil {
			return err
		}
		lines, cases = nil, []civic.Case{one}
	}
	var choices []bot.Choice
	for _, c := range cases {
		lines = append(lines, mineLine(t, c))
		if c.Promised.After(t.Now) && c.Answered.IsZero() {
			lines = append(lines, t.T("mine.promised", "day", day(t, t.Lang(), c.Promised)))
		}
		if withdrawable(c) {
			choices = append(choices, bot.Choice{Key: "amend:" + c.Ref, Label: t.T("mine.amend", "ref", c.Ref)})
			choices = append(choices, bot.Choice{Key: "withdraw:" + c.Ref, Label: t.T("mine.withdraw", "ref", c.Ref)})
		}
	}
	return t.Mail(ctx, bot.Letter{
		Chat: t.Chat.ID, Lane: bot.LaneAnswer, Person: t.Actor.ID,
		Message: bot.Message{Text: strings.Join(lines, "\n"), Rows: bot.Rows(choices...), About: bot.About(mineKind, t.Actor.ID)},
	})
}

func mineLine(t *bot.Turn, c civic.Case) string {
	return t.T("mine.line", "ref", c.Ref, "category", categoryLabel(t, t.Lang(), c.Category),
		"day", day(t, t.Lang(), c.Created), "status", t.T("case.status."+string(c.Status)))
}

// ownCases lists the cases that the person reported to, each once, newest first.
func ownCases(ctx context.Context, t *bot.Turn) ([]civic.Case, error) {
	_, cases, err := t.Tx.ReportsBy(ctx, t.Actor.ID, mostMine)
	if err != nil {
		return nil, fmt.Errorf("own reports: %w", err)
	}
	var once []civic.Case
	for _, c := range cases {
		if !slices.ContainsFunc(once, func(o civic.Case) bool { return o.ID == c.ID }) {
			once = append(once, c)
		}
	}
	return once, nil
}

func mineActions() []bot.Action {
	return []bot.Action{{
		Name: mineKind + ".withdraw", Needs: civic.FollowReport, Own: true, On: onMine,
		Do: func(ctx context.Context, t *bot.Turn, r bot.Ref) error {
			return t.Begin(ctx, withdrawForm, bot.Input{Args: r.Arg})
		},
	}}
}

// onMine is the network in which the person looks at their list.
func onMine(_ context.Context, t *bot.Turn, r bot.Ref) (bot.Thing, error) {
	if r.ID != strconv.FormatInt(t.Actor.ID, 10) {
		return bot.Thing{}, bot.ErrNotFound
	}
	return bot.Thing{Scope: civic.Scope{Network: t.Network.ID}}, nil
}
