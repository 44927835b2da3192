package flows

import (
	"context"
	"errors"
	"slices"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// houseHere is the room of ours in which the turn is; false when it is none.
func houseHere(ctx context.Context, t *bot.Turn) (bot.House, bool, error) {
	h, err := t.Tx.HouseOf(ctx, t.Chat.ID)
	if errors.Is(err, bot.ErrNotFound) {
		return h, false, nil
	}
	if err != nil {
		return h, false, err
	}
	area, err := t.Tx.Area(ctx, h.Area)
	if err != nil {
		return h, false, err
	}
	return h, true, turnTo(ctx, t, area.Network)
}

// cameIn notes who is in the room of their street: they are told there, and not in private besides.
func cameIn(ctx context.Context, t *bot.Turn) error {
	h, is, err := houseHere(ctx, t)
	if err != nil || !is || h.Kind != bot.HouseStreet || !t.Actor.Active() || t.Actor.Group != h.Area {
		return err
	}
	_, err = t.Tx.Enters(ctx, t.Chat.ID, t.Actor.ID)
	return err
}

// askedAtSpace tells a member who asks to be let in what that means, with the way in. Others are turned away with the way to
// join, which who can be reached in private reads there as well.
func askedAtSpace(ctx context.Context, t *bot.Turn, _ bot.AskedIn) error {
	h, is, err := houseHere(ctx, t)
	if err != nil || !is || h.Kind != bot.HouseSpace {
		return err
	}
	if t.Actor.Active() && t.Actor.Group == h.Area {
		return offerSpace(ctx, t, t.Actor)
	}
	group, err := t.Tx.Area(ctx, h.Area)
	if err != nil {
		return err
	}
	why := t.In(t.LangOf(t.Actor), "space.declined.door", "group", group.Name, "code", group.Code)
	if err := t.TurnAway(ctx, quietDoorKind, plainText(why)); err != nil || t.Actor.Guest() {
		return err
	}
	_, err = t.Tell(ctx, t.Actor.ID, bot.LaneRoutine, func(lang string) bot.Message {
		return bot.Message{Text: t.In(lang, "space.declined", "group", group.Name, "code", group.Code)}
	})
	return err
}

// wentFrom lets somebody who left the room of their street, or the space that it is in, or was put out of it, be told in
// private from that moment.
func wentFrom(ctx context.Context, t *bot.Turn) error {
	h, is, err := houseHere(ctx, t)
	if err != nil || !is || t.Actor.Guest() || h.Kind != bot.HouseSpace && h.Kind != bot.HouseStreet {
		return err
	}
	street, err := t.Tx.HouseIn(ctx, h.Area, bot.HouseStreet)
	if errors.Is(err, bot.ErrNotFound) || err == nil && street.Chat == 0 {
		return nil
	}
	if err != nil {
		return err
	}
	was, err := t.Tx.Leaves(ctx, street.Chat, t.Actor.ID)
	if err != nil || !was {
		return err
	}
	if h.Kind == bot.HouseSpace { // who leaves the space leaves its rooms
		room, err := t.Tx.Chat(ctx, street.Chat)
		if err != nil {
			return err
		}
		if err := t.Doors(ctx, quietDoorKind, bot.AtDoor{Order: bot.DoorPutOut, Chat: room, Who: t.From}); err != nil {
			return err
		}
	}
	if !t.Actor.Active() || t.Actor.Group != h.Area {
		return nil
	}
	_, err = t.Tell(ctx, t.Actor.ID, bot.LaneRoutine, func(lang string) bot.Message {
		return bot.Message{Text: t.In(lang, "space.left")}
	})
	return err
}

// openClosed binds a room for work, and invites those who work in it. Nobody comes in without being invited.
func openClosed(ctx context.Context, t *bot.Turn, h bot.House, area civic.Area, asked int64) error {
	there := *t
	var err error
	if there.Chat, err = t.Tx.Chat(ctx, h.Chat); err != nil {
		return err
	}
	kind := civic.RoomKind(h.Kind)
	if bound, err := t.Tx.Room(ctx, area.Network, kind); err != nil || bound == h.Chat {
		return err // it came here before
	}
	if err := bindRoom(ctx, &there, area.Network, kind); err != nil {
		return err
	}
	people, err := workers(ctx, t, kind, area.Network)
	if err != nil {
		return err
	}
	if !slices.Contains(people, asked) {
		people = append(people, asked)
	}
	for _, person := range people {
		if err := offerClosed(ctx, t, h, area, person); err != nil {
			return err
		}
	}
	return tellAsker(ctx, t, asked, "space.made.closed", area)
}

// offerClosed tells somebody of the room that they are to work in, with the way in.
func offerClosed(ctx context.Context, t *bot.Turn, h bot.House, area civic.Area, person int64) error {
	_, err := t.Tell(ctx, person, bot.LaneRoutine, func(lang string) bot.Message {
		return bot.Message{
			Text:  t.In(lang, "space.offer.closed", "what", use{kind: civic.RoomKind(h.Kind)}.label(t, lang), "area", area.Name),
			About: bot.About(spaceKind, int64(area.ID)),
			Rows:  bot.Rows(bot.Choice{Key: "enter:" + string(h.Kind), Label: t.In(lang, "space.join")}),
		}
	})
	return err
}

// enterClosed lets in who works in a room, or who may bind it.
func enterClosed(ctx context.Context, t *bot.Turn, r bot.Ref) error {
	area, err := areaOfRef(ctx, t, r)
	if err != nil {
		return err
	}
	people, err := workers(ctx, t, civic.RoomKind(r.Arg), area.Network)
	if err != nil {
		return err
	}
	if !slices.Contains(people, t.Actor.ID) && !t.May(civic.BindRoom, area.Scope()) {
		return bot.Refuse("refused.role")
	}
	h, err := t.Tx.HouseIn(ctx, area.ID, bot.HouseKind(r.Arg))
	if errors.Is(err, bot.ErrNotFound) || err == nil && (h.Chat == 0 || h.Platform != t.From.Platform) {
		return bot.Refuse("space.elsewhere")
	}
	if err != nil {
		return err
	}
	room, err := t.Tx.Chat(ctx, h.Chat)
	if err != nil {
		return err
	}
	p := passing{Rooms: []bot.ChatRef{room.Ref}, Account: t.From.ID}
	if err := sendPassing(ctx, t, bot.About(memberKind, t.Actor.ID), p); err != nil {
		return err
	}
	return t.Answer(ctx, "space.inviting")
}

// roomRoles are the roles that a room is for.
var roomRoles = map[civic.RoomKind][]civic.Role{
	civic.RoomCoordinators: {civic.NetworkCoordinator, civic.StreetCoordinator, civic.Deputy},
	civic.RoomPolice:       {civic.Police}, civic.RoomMunicipality: {civic.Municipality},
	civic.RoomEnforcement: {civic.Enforcement}, civic.RoomHousing: {civic.Housing}, civic.RoomOperators: {civic.Admin},
}

// workers are those who hold a role that a room is for.
func workers(ctx context.Context, t *bot.Turn, kind civic.RoomKind, network civic.AreaID) ([]int64, error) {
	roles := roomRoles[kind]
	held, err := t.Tx.Holdings(ctx, network, t.Now)
	if err != nil {
		return nil, err
	}
	var people []int64
	for _, h := range held {
		if slices.Contains(roles, h.Role) && !slices.Contains(people, h.Person) {
			people = append(people, h.Person)
		}
	}
	return people, nil
}
