package flows

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// lookupBy finds a lookup by its number; one that is over is there no more, and that is said kindly.
func lookupBy(ctx context.Context, t *bot.Turn, id string) (civic.Lookup, error) {
	number, err := strconv.ParseInt(id, 10, 64)
	if err != nil {
		return civic.Lookup{}, fmt.Errorf("lookup %q: %w", id, bot.ErrNotFound)
	}
	q, err := t.Tx.Lookup(ctx, number)
	if errors.Is(err, bot.ErrNotFound) || err == nil && !q.Expires.After(t.Now) {
		return q, bot.Refuse("lookup.over")
	}
	return q, err
}

// onLookup finds a lookup of the person's own.
func onLookup(ctx context.Context, t *bot.Turn, r bot.Ref) (bot.Thing, error) {
	q, err := lookupBy(ctx, t, r.ID)
	if err == nil && q.By != t.Actor.ID {
		err = bot.Refuse("press.other")
	}
	if err != nil {
		return bot.Thing{}, err
	}
	return lookupThing(ctx, t, q)
}

func lookupThing(ctx context.Context, t *bot.Turn, q civic.Lookup) (bot.Thing, error) {
	if there, err := t.Visit(ctx, q.Network); err != nil || !there {
		return bot.Thing{}, errors.Join(err, bot.Refuse("press.old"))
	}
	return bot.Thing{Scope: civic.Scope{Network: q.Network}, Version: q.Version}, nil
}

// postLookup puts the card of a lookup at the end of a chat.
func postLookup(ctx context.Context, t *bot.Turn, chat int64, q civic.Lookup) error {
	lang, err := t.LangIn(ctx, chat)
	if err != nil {
		return err
	}
	m, err := lookupCard(ctx, t, lang, strconv.FormatInt(q.ID, 10))
	if err != nil {
		return err
	}
	m.About, m.Protect, m.For = bot.About(lookupKind, q.ID), true, searchers(q)
	return t.Mail(ctx, bot.Letter{Chat: chat, Lane: bot.LaneRoutine, Card: m.About, Person: q.By, Message: m})
}

// lookupCard shows a lookup to the officer, and what can be done next.
func lookupCard(ctx context.Context, t *bot.Turn, lang, id string) (bot.Message, error) {
	q, err := lookupBy(ctx, t, id)
	if err != nil {
		return bot.Message{}, err
	}
	there, err := inNetwork(ctx, t, q.Network)
	if err != nil {
		return bot.Message{}, err
	}
	key, choices := "lookup.card.waits", []bot.Choice{{Key: "drop", Label: there.In(lang, "lookup.button.withdraw")}}
	switch {
	case !q.Searched.IsZero():
		key, choices = "lookup.card.searched", searchedChoices(there, lang)
	case !q.Agreed.IsZero():
		key, choices = "lookup.card.agreed", []bot.Choice{
			{Key: "search", Label: there.In(lang, "lookup.button.search")}, choices[0],
		}
	}
	kind := there.In(lang, "lookup.kind."+string(q.Kind))
	return bot.Message{
		Text: there.In(lang, key, "network", there.Network.Name, "kind", kind, "words", q.Words, "why", q.Why,
			"until", moment(there, lang, q.Expires)),
		Version: q.Version, Rows: bot.Rows(choices...),
	}, nil
}

// searchedChoices are what the officer can do once it was looked for.
func searchedChoices(t *bot.Turn, lang string) []bot.Choice {
	return []bot.Choice{
		{Key: "search", Label: t.In(lang, "lookup.button.again")}, {Key: "drop", Label: t.In(lang, "lookup.button.done")},
	}
}

// askLookupSecond puts a lookup before somebody who may agree to it. They read which request it is and not whom it is about.
func askLookupSecond(ctx context.Context, t *bot.Turn, q civic.Lookup, person int64) error {
	m, chat, err := spokenTo(ctx, t, person)
	if err != nil || chat == 0 {
		return err
	}
	lang, about := t.LangOf(m), bot.About(lookupSecondKind, q.ID)
	return t.Mail(ctx, bot.Letter{Chat: chat, Lane: bot.LaneRoutine, Card: about, Person: person, Message: bot.Message{
		Text: t.In(lang, "lookupsecond.card", "name", nameOf(t, lang, t.Actor), "network", t.Network.Name, "why", q.Why,
			"kind", t.In(lang, "lookup.kind."+string(q.Kind))),
		About: about, Version: q.Version, For: bot.For(civic.AgreeSearch, civic.Scope{Network: q.Network}),
		Rows: bot.Rows(bot.Choice{Key: "agree", Label: t.In(lang, "lookupsecond.agree")},
			bot.Choice{Key: "refuse", Label: t.In(lang, "lookupsecond.refuse")}),
	}})
}

// onLookupSecond finds a lookup that somebody else made and to which nobody agreed yet.
func onLookupSecond(ctx context.Context, t *bot.Turn, r bot.Ref) (bot.Thing, error) {
	q, err := lookupBy(ctx, t, r.ID)
	switch {
	case err != nil:
		return bot.Thing{}, err
	case q.By == t.Actor.ID:
		return bot.Thing{}, bot.Refuse("lookup.own")
	case !q.Agreed.IsZero():
		return bot.Thing{}, bot.Refuse("lookup.decided")
	}
	return lookupThing(ctx, t, q)
}

// agreeLookup lets the officer look, once a second person has agreed. Whose role is over meanwhile looks for nobody.
func agreeLookup(ctx context.Context, t *bot.Turn, r bot.Ref) error {
	q, err := lookupBy(ctx, t, r.ID)
	if err != nil {
		return err
	}
	officer, err := t.Tx.Member(ctx, q.By)
	if err != nil {
		return err
	}
	if !officer.May(civic.SearchThird, civic.Scope{Network: q.Network}, t.Late()) { // nobody could look, and the words would wait
		return errors.Join(endLookup(ctx, t, q, "over"), drawLookupSeconds(ctx, t, q, "over"))
	}
	q.Agreed, q.Expires = t.Now, t.Now.Add(civic.LookupLife)
	about := bot.About(lookupKind, q.ID)
	err = errors.Join(t.Tx.SaveLookup(ctx, &q), wakeForLookup(ctx, t, q), t.Audit(ctx, "lookup.agreed", about, ""),
		drawLookupSeconds(ctx, t, q, "agreed"))
	if err != nil {
		return err
	}
	chat, err := privateWith(ctx, t, q.By)
	if err != nil || chat == 0 {
		return err
	}
	return postLookup(ctx, t, chat, q)
}

// refuseLookup ends a lookup to which a second person did not agree.
func refuseLookup(ctx context.Context, t *bot.Turn, r bot.Ref) error {
	q, err := lookupBy(ctx, t, r.ID)
	if err != nil {
		return err
	}
	if err := endLookup(ctx, t, q, "refused"); err != nil {
		return err
	}
	_, err = t.TellFor(ctx, q.By, searchers(q), bot.LaneRoutine, func(lang string) bot.Message {
		return bot.Message{Text: t.In(lang, "lookup.refused", "name", nameOf(t, lang, t.Actor))}
	})
	return errors.Join(err, drawLookupSeconds(ctx, t, q, "refused"))
}

// dropLookup ends a lookup that its officer takes back, or has dealt with.
func dropLookup(ctx context.Context, t *bot.Turn, r bot.Ref) error {
	q, err := lookupBy(ctx, t, r.ID)
	if err != nil {
		return err
	}
	if q.Searched.IsZero() {
		if err := endLookup(ctx, t, q, "withdrawn"); err != nil {
			return err
		}
		if q.Agreed.IsZero() {
			err = drawLookupSeconds(ctx, t, q, "withdrawn")
		}
		return errors.Join(err, t.Answer(ctx, "lookup.withdrawn"))
	}
	return errors.Join(endLookup(ctx, t, q, "ended"), t.Say(ctx, "lookup.ended"))
}

// endLookupInTime forgets a lookup whose time is over, and tells the officer.
func endLookupInTime(ctx context.Context, t *bot.Turn, ref string) error {
	id, err := strconv.ParseInt(ref, 10, 64)
	if err != nil {
		return fmt.Errorf("lookup %q: %w", ref, err)
	}
	q, err := t.Tx.Lookup(ctx, id)
	if errors.Is(err, bot.ErrNotFound) || err == nil && q.Expires.After(t.Now) {
		return nil
	}
	if err != nil {
		return err
	}
	if t, err = inNetwork(ctx, t, q.Network); err != nil {
		return err
	}
	how := "expired"
	if !q.Searched.IsZero() {
		how = "expired.found"
	}
	if err := endLookup(ctx, t, q, how); err != nil {
		return err
	}
	if q.Agreed.IsZero() {
		if err := drawLookupSeconds(ctx, t, q, "expired"); err != nil {
			return err
		}
	}
	_, err = t.TellFor(ctx, q.By, searchers(q), bot.LaneRoutine, func(lang string) bot.Message {
		return bot.Message{Text: t.In(lang, "lookup.card."+how)}
	})
	return err
}

// endLookup forgets a lookup and its words; its card tells how it ended.
func endLookup(ctx context.Context, t *bot.Turn, q civic.Lookup, how string) error {
	about := bot.About(lookupKind, q.ID)
	return errors.Join(
		t.Tx.EndLookup(ctx, q.ID), t.Tx.Sleep(ctx, lookupKind, strconv.FormatInt(q.ID, 10)),
		t.Audit(ctx, "lookup."+how, about, ""),
		eraseCard(ctx, t, about, func(lang string) string { return t.In(lang, "lookup.card."+how) }))
}

// drawLookupSeconds shows those who were asked how it went.
func drawLookupSeconds(ctx context.Context, t *bot.Turn, q civic.Lookup, how string) error {
	return redrawCard(ctx, t, bot.About(lookupSecondKind, q.ID), func(lang string) string {
		return t.In(lang, "lookupsecond.card."+how, "name", nameOf(t, lang, t.Actor), "why", q.Why)
	})
}
