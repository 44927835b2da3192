package flows

import (
	"context"
	"errors"
	"fmt"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// endJoining ends the sign-up: with a request, or with nothing kept of somebody who is too young or does not want to.
func endJoining(ctx context.Context, t *bot.Turn, j joining) error {
	switch {
	case !j.wants():
		return leaveNothing(ctx, t, "join.no")
	case !j.adult():
		return leaveNothing(ctx, t, "join.minor")
	}
	return request(ctx, t, j)
}

// leaveNothing wipes what a guest told so far, and names who can help.
func leaveNothing(ctx context.Context, t *bot.Turn, key string) error {
	if elsewhere, err := knownElsewhere(ctx, t); err != nil || elsewhere {
		return errors.Join(err, t.Say(ctx, "join.no.known", "network", t.Network.Name))
	}
	if err := wipeWaiting(ctx, t); err != nil {
		return err
	}
	child, _ := t.Profile().Helpline(civic.HelpChild)
	return t.Say(ctx, key, "police", policeNumberIn(t, t.Lang()), "child", child.Number)
}

// knownElsewhere reports whether who is joining has a part in another network, of which nothing is to be wiped.
func knownElsewhere(ctx context.Context, t *bot.Turn) (bool, error) {
	if t.Actor.Guest() {
		return false, nil
	}
	return hasPartElsewhere(ctx, t, t.Actor)
}

// wipeWaiting wipes a report that was set aside, with its pictures.
func wipeWaiting(ctx context.Context, t *bot.Turn) error {
	waiting, err := t.Tx.ParkedSession(ctx, t.Chat.ID, "")
	if err != nil || waiting == nil {
		return err
	}
	if waiting.Form == reportForm {
		d, err := draftOf(waiting)
		if err != nil {
			return err
		}
		for _, photo := range d.Photos {
			if err := t.Tx.DropPhoto(ctx, photo); err != nil {
				return err
			}
		}
	}
	return t.Tx.EndParked(ctx, t.Chat.ID, "")
}

// policeNumberIn is whom to call when there is no hurry: a number, or words for it where each town has its own.
func policeNumberIn(t *bot.Turn, lang string) string {
	if number := t.Profile().Police; number != "" {
		return number
	}
	return t.In(lang, "help.police.local")
}

// request makes a person of a guest and asks the coordinators.
func request(ctx context.Context, t *bot.Turn, j joining) error {
	m, err := asking(ctx, t, j)
	if err != nil {
		return err
	}
	desks, err := desksOf(ctx, t, m.Scope())
	if err != nil {
		return err
	}
	if len(desks) == 0 {
		return leaveNothing(ctx, t, "join.nobody")
	}
	if t.Actor.Guest() {
		adopted, err := t.Tx.Adopt(ctx, t.From, t.Chat.ID, t.Network.ID, t.Now)
		if err != nil {
			return fmt.Errorf("join: %w", err)
		}
		m.ID = adopted.ID
	}
	if err := t.Tx.SaveMember(ctx, m, t.Now); err != nil {
		return err
	}
	t.Actor = m
	if err := t.Tx.SetChatLanguage(ctx, t.Chat.ID, m.Language); err != nil {
		return err
	}
	if err := noteWord(ctx, t, m, j); err != nil {
		return err
	}
	if err := t.Audit(ctx, "member.requested", bot.About(memberKind, m.ID), ""); err != nil {
		return err
	}
	if err := showRequest(ctx, t, desks, m, j.Elsewhere); err != nil {
		return err
	}
	if err := awaitDecision(ctx, t, m); err != nil {
		return err
	}
	return confirmRequest(ctx, t, j)
}

// noteWord stores what the applicant agreed to, and how they show that they belong here, each with its date.
func noteWord(ctx context.Context, t *bot.Turn, m civic.Member, j joining) error {
	if err := t.Tx.AgreeRules(ctx, m.ID, m.Network, m.Rules, t.Now); err != nil {
		return err
	}
	p, err := proofOf(ctx, t, m.ID, j)
	if err != nil {
		return err
	}
	return t.Tx.Prove(ctx, m.ID, m.Network, p)
}

// asking is the person as the request describes them. A name that a role goes by stays.
func asking(ctx context.Context, t *bot.Turn, j joining) (civic.Member, error) {
	m := t.Actor
	m.Network, m.Standing, m.Language = t.Network.ID, civic.StandingPending, t.Lang()
	m.Rules = t.Network.Agreed.Version
	if j.Name != "" || t.Actor.Guest() {
		m.Name = j.Name
	}
	if j.Place.Street == 0 {
		return m, nil
	}
	group, err := groupOf(ctx, t, j.Place.Street)
	m.Group, m.Street = group.ID, j.Place.Street
	return m, err
}

// confirmRequest tells the applicant what happens now.
func confirmRequest(ctx context.Context, t *bot.Turn, j joining) error {
	street := j.Elsewhere
	if street == "" {
		var err error
		if street, err = placeLabel(ctx, t, t.Lang(), j.Place); err != nil {
			return err
		}
	}
	return tellWaiting(ctx, t, t.T("join.sent", "street", street))
}

// stillWaiting tells somebody who asked before that the coordinators have the request.
func stillWaiting(ctx context.Context, t *bot.Turn) error {
	return tellWaiting(ctx, t, t.T("join.pending"))
}

// tellWaiting tells an applicant where the request stands, and whether a report waits for it, with the way back.
func tellWaiting(ctx context.Context, t *bot.Turn, text string) error {
	waits, err := reportWaits(ctx, t)
	if err != nil {
		return err
	}
	if waits {
		text += " " + t.T("join.sent.waiting")
	}
	return t.Post(ctx, t.Chat.ID, bot.LaneRoutine, bot.Message{
		Text: text, About: requestAbout(t.Actor),
		Rows: bot.Rows(bot.Choice{Key: "withdraw", Label: t.T("join.withdraw")}),
	})
}
