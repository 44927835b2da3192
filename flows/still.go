package flows

import (
	"context"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// stillKind is the question whether somebody still lives here: "still/PERSON.NETWORK".
const stillKind = "still"

// The yearly question (feature A7). Two silences make a membership dormant, and one tap wakes it.
const (
	stillEach    = 365 * 24 * time.Hour
	stillAgain   = 30 * 24 * time.Hour
	mostSilences = 2
	stillSpec    = "30 10 * * *" // when people are awake, and not at work on a screen
)

// Still asks members once a year whether they still live here.
func Still() bot.Feature {
	return bot.Feature{
		Name:  "still",
		Ended: accountEnded,
		Jobs:  []bot.Job{{Name: "still", Spec: stillSpec, Each: true, Do: askStill}},
		Actions: []bot.Action{
			{Name: "still.yes", Needs: civic.SeeOwn, On: onSelfIn, Do: stillHere},
			{Name: "still.no", Needs: civic.SeeOwn, On: onSelfIn, Do: notHere},
		},
	}
}

// askStill asks those whose year is over, asks again who did not answer, and lets rest who was silent twice.
func askStill(ctx context.Context, t *bot.Turn) error {
	const most = 200 // in a day; a network of a thousand is through in a week
	due, err := t.Tx.ToAsk(ctx, t.Network.ID, t.Now.Add(-stillEach), t.Now.Add(-stillAgain), most)
	if err != nil {
		return err
	}
	for _, s := range due {
		if s.Silences >= mostSilences {
			err = letRest(ctx, t, s.Person)
		} else {
			err = askOne(ctx, t, s)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func askOne(ctx context.Context, t *bot.Turn, s bot.Silent) error {
	if err := t.Tx.AskedStill(ctx, s.Person, t.Network.ID, s.Silences+1, t.Now); err != nil {
		return err
	}
	return offerStill(ctx, t, s.Person, "still.ask")
}

// letRest makes a membership dormant: nothing is sent any more, and nothing is lost.
func letRest(ctx context.Context, t *bot.Turn, person int64) error {
	m, err := t.Tx.MemberIn(ctx, person, t.Network.ID)
	if err != nil {
		return err
	}
	m.Standing = civic.StandingDormant
	if err := t.Tx.SaveMember(ctx, m, t.Now); err != nil {
		return err
	}
	if err := t.Audit(ctx, "member.dormant", bot.About(memberKind, person), ""); err != nil {
		return err
	}
	return offerStill(ctx, t, person, "still.dormant")
}

// offerStill asks in the words of key, naming the street, with yes and no.
func offerStill(ctx context.Context, t *bot.Turn, person int64, key string) error {
	m, err := t.Tx.MemberIn(ctx, person, t.Network.ID)
	if err != nil {
		return err
	}
	chat, err := t.Tx.PrivateChat(ctx, person)
	if err != nil || chat == 0 {
		return err
	}
	lang := t.LangOf(m)
	where := t.Network.Name
	if m.Street != 0 {
		if where, err = placeLabel(ctx, t, lang, civic.Place{Street: m.Street}); err != nil {
			return err
		}
	}
	return t.Mail(ctx, bot.Letter{Chat: chat, Lane: bot.LaneRoutine, Person: person, Message: bot.Message{
		Text: t.In(lang, key, "where", where), About: aboutIn(stillKind, person, t.Network.ID),
		Rows: bot.Rows(
			bot.Choice{Key: "yes", Label: t.In(lang, "still.yes")}, bot.Choice{Key: "no", Label: t.In(lang, "still.no")},
		),
	}})
}

// stillHere notes the answer, wakes a membership that rested, and goes on with what waited for it.
func stillHere(ctx context.Context, t *bot.Turn, _ bot.Ref) error {
	if err := t.Tx.AskedStill(ctx, t.Actor.ID, t.Actor.Network, 0, t.Now); err != nil {
		return err
	}
	if t.Actor.Standing != civic.StandingDormant {
		return t.Say(ctx, "still.thanks")
	}
	t.Actor.Standing = civic.StandingActive
	if err := t.Tx.SaveMember(ctx, t.Actor, t.Now); err != nil {
		return err
	}
	if err := t.Audit(ctx, "member.awake", bot.About(memberKind, t.Actor.ID), ""); err != nil {
		return err
	}
	if err := t.Say(ctx, "still.back"); err != nil {
		return err
	}
	return t.TakeUp(ctx, t.Actor.ID)
}

// notHere asks where a member lives now; who rests anyway can go. It is an answer as well, and no silence.
func notHere(ctx context.Context, t *bot.Turn, _ bot.Ref) error {
	if err := t.Tx.AskedStill(ctx, t.Actor.ID, t.Actor.Network, 0, t.Now); err != nil {
		return err
	}
	if t.Actor.Active() {
		return t.Begin(ctx, movingForm, bot.Input{})
	}
	return askLeave(ctx, t, "")
}
