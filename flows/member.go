package flows

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// memberKind names a person in what is shown about them: "member/12".
const memberKind = "member"

// The versions of a request as a card shows it.
const (
	requestOpen    = 1
	requestDecided = 2
)

// onSelf lets people act on themselves only.
func onSelf(_ context.Context, t *bot.Turn, r bot.Ref) (bot.Thing, error) {
	if r.ID != strconv.FormatInt(t.Actor.ID, 10) {
		return bot.Thing{}, bot.Refuse("press.done")
	}
	return bot.Thing{Scope: t.Actor.Scope()}, nil
}

// aboutIn names a person as the member of a network that they are: "still/12.3".
func aboutIn(kind string, person int64, network civic.AreaID) string {
	return bot.About(kind, person) + "." + strconv.FormatInt(int64(network), 10)
}

// personIn reads the number that [aboutIn] made: a person and their network, 0 when it names none.
func personIn(id string) (person int64, network civic.AreaID, err error) {
	first, second, named := strings.Cut(id, ".")
	if person, err = strconv.ParseInt(first, 10, 64); err != nil || !named {
		return person, 0, err
	}
	n, err := strconv.ParseInt(second, 10, 64)
	return person, civic.AreaID(n), err
}

// onSelfIn lets people act on themselves only, as members of the network that is meant, whichever they chose since.
func onSelfIn(ctx context.Context, t *bot.Turn, r bot.Ref) (bot.Thing, error) {
	person, network, err := personIn(r.ID)
	if err != nil || person != t.Actor.ID {
		return bot.Thing{}, bot.Refuse("press.done")
	}
	if there, err := t.Visit(ctx, network); err != nil || !there {
		return bot.Thing{}, errors.Join(err, bot.Refuse("press.done"))
	}
	return bot.Thing{Scope: t.Actor.Scope()}, nil
}

// onRequest finds a request that nobody decided on yet.
func onRequest(ctx context.Context, t *bot.Turn, r bot.Ref) (bot.Thing, error) {
	m, err := requester(ctx, t, r)
	if err != nil {
		return bot.Thing{}, err
	}
	return bot.Thing{Scope: m.Scope(), Version: requestOpen}, nil
}

// requester is the person who asked; whoever presses too late is told so.
func requester(ctx context.Context, t *bot.Turn, r bot.Ref) (civic.Member, error) {
	id, network, err := personIn(r.ID)
	if err != nil {
		return civic.Member{}, fmt.Errorf("member %q: %w", r.ID, bot.ErrNotFound)
	}
	if _, err := t.Visit(ctx, network); err != nil {
		return civic.Member{}, err
	}
	m, err := t.Person(ctx, id)
	switch {
	case errors.Is(err, bot.ErrNotFound):
		return m, bot.Refuse("member.gone")
	case err != nil:
		return m, err
	case m.Standing != civic.StandingPending:
		return m, bot.Refuse("member.decided")
	}
	return m, nil
}

// desksOf are the chats in which those who may decide on a request read it: the coordinators' room, or their private
// chats while it cannot be reached; none when there is nobody yet.
func desksOf(ctx context.Context, t *bot.Turn, scope civic.Scope) ([]int64, error) {
	room, err := t.Tx.Room(ctx, scope.Network, civic.RoomCoordinators)
	if err != nil {
		return nil, err
	}
	if room != 0 {
		chat, err := t.Tx.Chat(ctx, room)
		if err != nil {
			return nil, err
		}
		if chat.Reachable {
			return []int64{room}, nil
		}
	}
	return holderChats(ctx, t, scope)
}

// holderChats are the private chats of those who may decide on a request.
func holderChats(ctx context.Context, t *bot.Turn, scope civic.Scope) ([]int64, error) {
	var desks []int64
	for _, role := range civic.Grants[civic.ApproveMember] {
		holders, err := t.Tx.Holders(ctx, role, scope, t.Now)
		if err != nil {
			return nil, err
		}
		for _, person := range holders {
			chat, err := t.Tx.PrivateChat(ctx, person)
			if err != nil {
				return nil, err
			}
			if chat != 0 {
				desks = append(desks, chat)
			}
		}
	}
	return desks, nil
}

// showRequest puts a request before the coordinators.
func showRequest(ctx context.Context, t *bot.Turn, desks []int64, m civic.Member, elsewhere string) error {
	about := requestAbout(m)
	for _, chat := range desks {
		lang, err := t.LangIn(ctx, chat)
		if err != nil {
			return err
		}
		message, err := requestCard(ctx, t, lang, m, elsewhere)
		if err != nil {
			return err
		}
		message.About, message.Version, message.For = about, requestOpen, bot.For(civic.ApproveMember, m.Scope())
		if err := t.Mail(ctx, bot.Letter{Chat: chat, Lane: bot.LaneRoutine, Card: about, Message: message}); err != nil {
			return err
		}
	}
	return nil
}

// requestCard is a request with what can be decided. Who lives in a street that is not listed is let in with one of
// the street groups, or with none.
func requestCard(ctx context.Context, t *bot.Turn, lang string, m civic.Member, elsewhere string) (bot.Message, error) {
	name := m.Name
	if name == "" {
		name = t.In(lang, "member.card.unnamed")
	}
	proof, err := proofLine(ctx, t, lang, m.ID)
	if err != nil {
		return bot.Message{}, err
	}
	if civic.LooksOfficial(m.Name) {
		proof += "\n" + t.In(lang, "member.card.official")
	}
	key, street := "member.card.elsewhere", elsewhere
	if elsewhere == "" {
		key = "member.card"
		if street, err = placeLabel(ctx, t, lang, civic.Place{Street: m.Street}); err != nil {
			return bot.Message{}, err
		}
	}
	rows, err := requestRows(ctx, t, lang, m)
	return bot.Message{Text: t.In(lang, key, "name", name, "street", street) + "\n" + proof, Rows: rows}, err
}

// requestRows are what can be decided on a request, and that something can be asked first.
func requestRows(ctx context.Context, t *bot.Turn, lang string, m civic.Member) ([][]bot.Choice, error) {
	ask := bot.Choice{Key: "ask", Label: t.In(lang, "member.ask")}
	decline := bot.Choice{Key: "decline", Label: t.In(lang, "member.decline")}
	if m.Street != 0 {
		return bot.Rows(bot.Choice{Key: "approve", Label: t.In(lang, "member.approve")}, ask, decline), nil
	}
	areas, err := t.Tx.Areas(ctx, m.Network)
	if err != nil {
		return nil, err
	}
	const mostGroups = 8 // buttons that a card can bear
	var choices []bot.Choice
	for _, a := range areas {
		if a.Kind == civic.KindGroup && len(choices) < mostGroups {
			key := "approve:" + strconv.FormatInt(int64(a.ID), 10)
			choices = append(choices, bot.Choice{Key: key, Label: t.In(lang, "member.approve.group", "group", a.Name)})
		}
	}
	choices = append(choices, bot.Choice{Key: "approve", Label: t.In(lang, "member.approve.nowhere")}, ask, decline)
	return bot.Rows(choices...), nil
}

// redraw shows that a request was granted, wherever it stands.
func redraw(ctx context.Context, t *bot.Turn, m civic.Member, write func(lang string) string) error {
	return redrawRequest(ctx, t, m, write, redrawCard)
}

// eraseRequest shows how a request ended of which nothing is kept. It is drawn from the outcome and not from what is stored,
// because nothing is stored of who was declined or left.
func eraseRequest(ctx context.Context, t *bot.Turn, m civic.Member, write func(lang string) string) error {
	return redrawRequest(ctx, t, m, write, eraseCard)
}

// redrawRequest draws over all that told of a person: the request, its reminder, and what they were asked.
func redrawRequest(
	ctx context.Context, t *bot.Turn, m civic.Member, write func(lang string) string,
	draw func(context.Context, *bot.Turn, string, func(lang string) string) error,
) error {
	if err := dropInquiry(ctx, t, m.ID); err != nil {
		return err
	}
	for _, card := range requestCards(m) {
		if err := draw(ctx, t, card, write); err != nil {
			return err
		}
	}
	return nil
}

// redrawCard shows in any card that asked for a decision what was decided.
func redrawCard(ctx context.Context, t *bot.Turn, about string, write func(lang string) string) error {
	return drawOver(ctx, t, about, write, false)
}

// eraseCard does so where nobody may read any more what the card said, in no history of it either.
func eraseCard(ctx context.Context, t *bot.Turn, about string, write func(lang string) string) error {
	return drawOver(ctx, t, about, write, true)
}

func drawOver(ctx context.Context, t *bot.Turn, about string, write func(lang string) string, erases bool) error {
	places, err := t.Tx.CardChats(ctx, about)
	if err != nil {
		return err
	}
	for _, p := range places {
		lang, err := t.LangIn(ctx, p.Chat)
		if err != nil {
			return err
		}
		err = t.Mail(ctx, bot.Letter{
			Chat: p.Chat, Op: bot.OpEdit, Lane: bot.LaneRoutine, Card: about,
			Message: bot.Message{Text: write(lang), About: about, Version: requestDecided, Erases: erases},
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// nameOf is what coordinators call a person.
func nameOf(t *bot.Turn, lang string, m civic.Member) string {
	if m.Name == "" {
		return t.In(lang, "member.unnamed")
	}
	return m.Name
}

// roleNames lists the roles that a person holds.
func roleNames(t *bot.Turn, lang string, m civic.Member) string {
	var names []string
	for _, role := range m.Roles(t.Late()) {
		names = append(names, t.In(lang, "member.role."+string(role)))
	}
	return strings.Join(names, ", ")
}
