package flows

import (
	"context"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// declineReasons are the reasons that can be given; each is a kind text to the person, who can ask again.
var declineReasons = []string{"not_here", "not_sure", "talk"}

func memberKeys() []string {
	keys := inquiryKeys()
	for _, reason := range declineReasons {
		keys = append(keys, "member.decline."+reason, "member.declined."+reason)
	}
	for _, role := range civic.Roles[1:] {
		keys = append(keys, "member.role."+string(role))
	}
	return keys
}

// approve lets a person in, and lets what they had set aside go on.
func approve(ctx context.Context, t *bot.Turn, r bot.Ref) error {
	m, err := requester(ctx, t, r)
	if err != nil {
		return err
	}
	if m.Group, err = letInto(ctx, t, m, r.Arg); err != nil {
		return err
	}
	m.Standing = civic.StandingActive
	if err := t.Tx.SaveMember(ctx, m, t.Now); err != nil {
		return err
	}
	if err := t.Tx.AskedStill(ctx, m.ID, m.Network, 0, t.Now); err != nil { // the year of a membership begins with it
		return err
	}
	if err := reached(ctx, t, m.Network, m.Group); err != nil {
		return err
	}
	if err := knownByCoordinator(ctx, t, m.ID); err != nil {
		return err
	}
	if err := t.Audit(ctx, "member.approved", bot.About(memberKind, m.ID), ""); err != nil {
		return err
	}
	err = redraw(ctx, t, m, func(lang string) string {
		return t.In(lang, "member.card.approved", "name", nameOf(t, lang, m), "by", nameOf(t, lang, t.Actor))
	})
	if err != nil {
		return err
	}
	if err := welcomeMember(ctx, t, m); err != nil {
		return err
	}
	if err := settleIn(ctx, t, m); err != nil {
		return err
	}
	return t.TakeUp(ctx, m.ID)
}

// letInto is the street group that a person is let into: their street's, or the one that was chosen on the card.
func letInto(ctx context.Context, t *bot.Turn, m civic.Member, chosen string) (civic.AreaID, error) {
	if chosen == "" {
		return m.Group, nil
	}
	group, err := groupArg(ctx, t, chosen)
	if err != nil {
		return 0, err
	}
	if group.Network != m.Network {
		return 0, bot.Refuse("press.old")
	}
	return group.ID, nil
}

// welcomeMember tells somebody that they were let in, what they can do now, and where they read alerts.
func welcomeMember(ctx context.Context, t *bot.Turn, m civic.Member) error {
	heard, err := heardLine(ctx, t, t.LangOf(m), m)
	if err != nil {
		return err
	}
	_, err = t.Tell(ctx, m.ID, bot.LaneRoutine, func(lang string) bot.Message {
		text := t.In(lang, "member.welcome", "network", t.Network.Name) + heard
		if m.Group == 0 {
			text += "\n\n" + t.In(lang, "member.welcome.nowhere")
		}
		return bot.Message{Text: text}
	})
	return err
}

// decline asks the coordinator for the reason, in private, and then tells it to the person, of whom nothing is kept.
func decline(ctx context.Context, t *bot.Turn, r bot.Ref) error {
	if r.Arg == "" {
		return askReason(ctx, t, r)
	}
	m, err := requester(ctx, t, r)
	if err != nil {
		return err
	}
	if err := t.Audit(ctx, "member.declined", bot.About(memberKind, m.ID), r.Arg); err != nil {
		return err
	}
	_, err = t.Tell(ctx, m.ID, bot.LaneRoutine, func(lang string) bot.Message {
		return bot.Message{Text: t.In(lang, "member.declined."+r.Arg,
			"network", t.Network.Name, "police", policeNumberIn(t, lang))}
	})
	if err != nil {
		return err
	}
	err = eraseRequest(ctx, t, m, func(lang string) string {
		reason := t.In(lang, "member.decline."+r.Arg)
		return t.In(lang, "member.card.declined", "by", nameOf(t, lang, t.Actor), "reason", reason)
	})
	if err != nil {
		return err
	}
	if err := dismiss(ctx, t, m); err != nil {
		return err
	}
	return t.Answer(ctx, "member.decline.done")
}

func askReason(ctx context.Context, t *bot.Turn, r bot.Ref) error {
	alone, ok, err := t.Alone(ctx)
	if err != nil || !ok {
		return err
	}
	m, err := requester(ctx, t, r)
	if err != nil {
		return err
	}
	var choices []bot.Choice
	for _, reason := range declineReasons {
		choices = append(choices, bot.Choice{Key: "decline:" + reason, Label: alone.T("member.decline." + reason)})
	}
	return alone.Mail(ctx, bot.Letter{
		Chat: alone.Chat.ID, Lane: bot.LaneAnswer, Card: reasonCard(m),
		Message: bot.Message{
			Text: alone.T("member.decline.ask", "name", nameOf(t, alone.Lang(), m)), Rows: bot.Rows(choices...),
			About: requestAbout(m), Version: requestOpen,
		},
	})
}

// withdrawRequest takes a request back, with everything that was told for it.
func withdrawRequest(ctx context.Context, t *bot.Turn, _ bot.Ref) error {
	m := t.Actor
	if m.Standing != civic.StandingPending {
		return bot.Refuse("press.done")
	}
	if err := t.Audit(ctx, "member.withdrawn", bot.About(memberKind, m.ID), ""); err != nil {
		return err
	}
	err := eraseRequest(ctx, t, m, func(lang string) string { return t.In(lang, "member.card.withdrawn") })
	if err != nil {
		return err
	}
	key := "member.withdrawn"
	if elsewhere, err := hasPartElsewhere(ctx, t, m); err != nil {
		return err
	} else if elsewhere || len(m.Roles(t.Late())) > 0 {
		key = "member.withdrawn.known" // not all of theirs goes
	}
	if err := t.Say(ctx, key, "network", t.Network.Name); err != nil {
		return err
	}
	return dismiss(ctx, t, m)
}

// dismiss forgets a person who asked to be let in.
func dismiss(ctx context.Context, t *bot.Turn, m civic.Member) error {
	if err := closeDoors(ctx, t, m); err != nil {
		return err
	}
	return endMembership(ctx, t, m)
}

// endMembership forgets a person. Who holds a role stays known by it and stops being a member only, and who has a part in
// another network stays what they are there: what one network decides ends nothing in another.
func endMembership(ctx context.Context, t *bot.Turn, m civic.Member) error {
	elsewhere, err := hasPartElsewhere(ctx, t, m)
	if err != nil {
		return err
	}
	here, err := t.Person(ctx, m.ID)
	if err != nil {
		return err
	}
	here.Standing = civic.StandingNone
	switch held := len(here.Roles(t.Late())) > 0; {
	case !held && elsewhere:
		return t.Tx.Depart(ctx, m.ID, m.Network)
	case !held:
		return t.Tx.Forget(ctx, m.ID, t.Now)
	}
	m.Standing = civic.StandingNone
	m.Group, m.Street, m.Rules, m.Wishes = 0, 0, 0, civic.Wishes{}
	return t.Tx.SaveMember(ctx, m, t.Now)
}
