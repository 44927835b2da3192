package flows

import (
	"context"
	"html"
	"strings"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// rulesKind is the question whether a member agrees to the house rules: "rules/PERSON.NETWORK".
const rulesKind = "rules"

// rulesEach is how often a member is asked who has not answered.
const rulesEach = 24 * time.Hour

// HouseRules asks members again when what they agreed to has changed: the house rules, or who answers for what is kept.
// Nothing waits for the answer: who reports something, or is in danger, is helped as ever.
func HouseRules() bot.Feature {
	return bot.Feature{
		Name:  "rules",
		First: askRules,
		Actions: []bot.Action{
			{Name: "rules.agree", Needs: civic.SeeOwn, On: onSelfIn, Do: agreeRules},
			{Name: "rules.leave", Needs: civic.SeeOwn, On: onSelfIn, Do: leaveRules},
		},
	}
}

// houseRules are the house rules as a person reads them: those of the bot, in the words of the country, and then those of
// the network's own.
func houseRules(t *bot.Turn) bot.HTML {
	lines := []string{t.T("rules.text")}
	for _, rule := range t.Network.Agreed.OwnRules(t.Lang(), t.Network.Languages) {
		lines = append(lines, "• "+html.EscapeString(rule))
	}
	return bot.HTML(strings.Join(lines, "\n"))
}

// askRules puts the new house rules before a member at their next contact, once a day at most. It stands behind the
// feature that answers an emergency, and leaves what the member said to those who come after it.
func askRules(ctx context.Context, t *bot.Turn, _ bot.Input) (bool, error) {
	m := t.Actor
	if !m.Active() || t.Chat.Ref.Kind != bot.Private || m.Rules >= t.Network.Agreed.Version {
		return false, nil
	}
	open, err := t.Session(ctx)
	if err != nil || open != nil {
		return false, err // in the middle of something; there is another time
	}
	fresh, err := t.Tx.AskRules(ctx, m.ID, m.Network, t.Now, t.Now.Add(-rulesEach))
	if err != nil || !fresh {
		return false, err
	}
	return false, t.Mail(ctx, bot.Letter{
		Chat: t.Chat.ID, Lane: bot.LaneRoutine, Person: m.ID,
		Message: bot.Message{
			Text:  t.T("rules.changed", "network", t.Network.Name, "rules", houseRules(t)),
			About: aboutIn(rulesKind, m.ID, m.Network), Version: int64(t.Network.Agreed.Version),
			Rows: bot.Rows(bot.Choice{Key: "agree", Label: t.T("rules.agree")},
				bot.Choice{Key: "leave", Label: t.T("rules.leave")}),
		},
	})
}

// agreeRules notes the version that the member read, with the date. An older message asks for an older version, and the
// newest is asked again.
func agreeRules(ctx context.Context, t *bot.Turn, r bot.Ref) error {
	if t.Actor.Rules >= int(r.Version) {
		return bot.Refuse("rules.agreed.before")
	}
	if err := t.Tx.AgreeRules(ctx, t.Actor.ID, t.Actor.Network, int(r.Version), t.Now); err != nil {
		return err
	}
	if err := t.Audit(ctx, "rules.agreed", bot.About(memberKind, t.Actor.ID), ""); err != nil {
		return err
	}
	return t.Say(ctx, "rules.agreed")
}

// leaveRules is for who cannot live with the rules.
func leaveRules(ctx context.Context, t *bot.Turn, _ bot.Ref) error { return askLeave(ctx, t, "") }
