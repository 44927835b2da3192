package flows

import (
	"context"
	"errors"
	"slices"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// granted follows a role that counts from now on: it shows the way into the room of ours that is for it, tells the
// coordinators, and asks about what waits to be confirmed.
func granted(ctx context.Context, t *bot.Turn, person int64, role civic.Role, in civic.AreaID) error {
	area, err := t.Tx.Area(ctx, in)
	if err != nil {
		return err
	}
	network, err := t.Tx.Area(ctx, area.Scope().Network)
	if err != nil {
		return err
	}
	for _, kind := range civic.RoomKinds {
		if !slices.Contains(roomRoles[kind], role) {
			continue
		}
		if err := offerRoom(ctx, t, kind, network, person); err != nil {
			return err
		}
	}
	if err := watchEnds(ctx, t, person, in); err != nil {
		return err
	}
	if err := announceRole(ctx, t, person, role, area); err != nil {
		return err
	}
	return askNewSecond(ctx, t, person, in)
}

// offerRoom shows somebody the way into a room of ours; nothing when there is none on a platform that they are on.
func offerRoom(ctx context.Context, t *bot.Turn, kind civic.RoomKind, network civic.Area, person int64) error {
	h, err := t.Tx.HouseIn(ctx, network.ID, bot.HouseKind(kind))
	if errors.Is(err, bot.ErrNotFound) || err == nil && h.Chat == 0 {
		return nil
	}
	if err != nil {
		return err
	}
	private, err := t.Tx.PrivateChat(ctx, person)
	if err != nil || private == 0 {
		return err
	}
	chat, err := t.Tx.Chat(ctx, private)
	if err != nil || chat.Ref.Platform != h.Platform {
		return err
	}
	return offerClosed(ctx, t, h, network, person)
}

// outOfRooms puts somebody whose role ended out of the rooms that no role of theirs is for any more, and tells the
// coordinators, who look whether it was done.
func outOfRooms(ctx context.Context, t *bot.Turn, m civic.Member, ended civic.Role, network civic.AreaID) error {
	for _, kind := range civic.RoomKinds {
		if !slices.Contains(roomRoles[kind], ended) {
			continue
		}
		people, err := workers(ctx, t, kind, network)
		if err != nil {
			return err
		}
		if slices.Contains(people, m.ID) {
			continue
		}
		there, err := putOutOf(ctx, t, m, kind, network)
		if err != nil {
			return err
		}
		if !there {
			continue
		}
		err = tellDesk(ctx, t, network, t.Actor.ID, func(lang string) string {
			return t.In(lang, "roleend.room", "name", nameOf(t, lang, m), "role", t.In(lang, "member.role."+string(ended)),
				"what", use{kind: kind}.label(t, lang))
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// outOfAllRooms puts somebody who goes out of every room of a network in which they work.
func outOfAllRooms(ctx context.Context, t *bot.Turn, m civic.Member, network civic.AreaID) error {
	for _, kind := range civic.RoomKinds {
		people, err := workers(ctx, t, kind, network)
		if err != nil {
			return err
		}
		if !slices.Contains(people, m.ID) {
			continue
		}
		if _, err := putOutOf(ctx, t, m, kind, network); err != nil {
			return err
		}
	}
	return nil
}

// putOutOf gives the order for each account of a person at the door of a room; false when it could be given for none.
func putOutOf(ctx context.Context, t *bot.Turn, m civic.Member, kind civic.RoomKind, network civic.AreaID) (bool, error) {
	id, err := t.Tx.Room(ctx, network, kind)
	if err != nil || id == 0 {
		return false, err
	}
	room, err := t.Tx.Chat(ctx, id)
	if err != nil || room.Ref.Kind == bot.Private {
		return false, err
	}
	accounts, err := t.Tx.Accounts(ctx, m.ID)
	if err != nil {
		return false, err
	}
	there := false
	for _, who := range accounts {
		if who.Platform != room.Ref.Platform {
			continue
		}
		there = true
		user := bot.UserRef{Platform: who.Platform, ID: who.External}
		if err := t.Doors(ctx, quietDoorKind, bot.AtDoor{Order: bot.DoorPutOut, Chat: room, Who: user}); err != nil {
			return false, err
		}
	}
	return there, nil
}
