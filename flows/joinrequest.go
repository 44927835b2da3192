package flows

import (
	"context"
	"errors"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// doorKind is an order at the door of a street group's chat; quietDoorKind one of which nobody needs to hear that it could
// not be carried out.
const (
	doorKind      = "door"
	quietDoorKind = "door.quiet"
)

// Doors keeps the chats of street groups for those who live there: who asks to be let in is let in when they are a member
// of that street group, and who leaves the network goes out.
func Doors() bot.Feature {
	return bot.Feature{
		Name: "doors",
		Tasks: []bot.Task{
			bot.DoorTask(doorKind, doorEnded),
			bot.DoorTask(quietDoorKind, quietDoorEnded),
		},
		AskedIn: askedIn, WentOut: wentOut,
	}
}

// streetGroupHere is the street group that the turn's chat belongs to; ErrNotFound when it is none's.
func streetGroupHere(ctx context.Context, t *bot.Turn) (civic.Area, error) {
	target, err := t.Tx.TargetOf(ctx, t.Chat.ID)
	if err != nil {
		return civic.Area{}, err
	}
	group, err := t.Tx.Area(ctx, target.Group)
	if err != nil {
		return group, err
	}
	return group, turnTo(ctx, t, group.Network)
}

// askedIn answers a request to be let into the chat of a street group: who lives or coordinates there comes in. Other chats
// are the business of the people there.
func askedIn(ctx context.Context, t *bot.Turn, a bot.AskedIn) error {
	group, err := streetGroupHere(ctx, t)
	if errors.Is(err, bot.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	chat, err := t.Tx.Enter(ctx, a.Alone, t.Now)
	if err != nil {
		return err
	}
	alone := *t
	alone.Chat = chat
	if s, out, err := keptOut(ctx, &alone); err != nil {
		return err
	} else if out {
		return keepOut(ctx, t, &alone, s)
	}
	switch m := t.Actor; {
	case m.Active() && m.Group == group.ID || worksIn(t, m, group):
		return t.Doors(ctx, doorKind, bot.AtDoor{Order: bot.DoorAdmit, Chat: t.Chat, Who: t.From, Alone: chat.ID})
	case m.Active():
		if err := t.Doors(ctx, doorKind, bot.AtDoor{Order: bot.DoorTurnAway, Chat: t.Chat, Who: t.From}); err != nil {
			return err
		}
		if err := t.Audit(ctx, "door.turned_away", bot.About(memberKind, m.ID), ""); err != nil {
			return err
		}
		return alone.Say(ctx, "door.elsewhere", "group", group.Name)
	case m.Standing == civic.StandingPending:
		return alone.Say(ctx, "door.pending", "group", group.Name)
	}
	return sendToJoin(ctx, t, &alone, group)
}

// keepOut turns away who is suspended or removed, and says why: nothing of it is silent.
func keepOut(ctx context.Context, t, alone *bot.Turn, s civic.Sanction) error {
	if err := t.Doors(ctx, quietDoorKind, bot.AtDoor{Order: bot.DoorTurnAway, Chat: t.Chat, Who: t.From}); err != nil {
		return err
	}
	if err := t.Audit(ctx, "door.turned_away", bot.About(sanctionKind, s.ID), ""); err != nil {
		return err
	}
	key, args := keptOutWords(alone, alone.Lang(), s)
	return alone.Say(ctx, key, args...)
}

// sendToJoin leads somebody who is no member to joining, while they can be written to; their request stays open until the
// coordinators decide on that. The coordinators hear of it, of one chat once an hour, so that nobody floods them.
func sendToJoin(ctx context.Context, t, alone *bot.Turn, group civic.Area) error {
	const hour = "2006-01-02T15"
	fresh, err := t.Tx.RunSlot(ctx, bot.About(doorKind, t.Chat.ID), t.Now.UTC().Format(hour), t.Now)
	if err != nil {
		return err
	}
	if fresh {
		err := tellDesk(ctx, t, group.Network, t.Actor.ID, func(lang string) string {
			return t.In(lang, "door.stranger", "group", group.Name)
		})
		if err != nil {
			return err
		}
	}
	if err := alone.Say(ctx, "door.join", "group", group.Name); err != nil {
		return err
	}
	if !t.Actor.Guest() {
		return nil // a role without a membership, or a membership that rests: /start says more
	}
	return alone.Begin(ctx, joinForm, bot.Input{Args: group.Code})
}

// openDoors lets somebody who became a member into the chat of their street group, if they asked before.
func openDoors(ctx context.Context, t *bot.Turn, m civic.Member) error {
	return atDoors(ctx, t, m, bot.DoorAdmit, quietDoorKind)
}

// closeDoors puts somebody out of the chat of a street group that they do not belong to any more, and turns away a
// request of theirs that is still open. Of who was never let in nobody needs to hear more.
func closeDoors(ctx context.Context, t *bot.Turn, m civic.Member) error {
	kind := doorKind
	if m.Standing == civic.StandingPending || m.Standing == civic.StandingNone {
		kind = quietDoorKind
	}
	return atDoors(ctx, t, m, bot.DoorPutOut, kind)
}

// atDoors gives an order for each account of a person at the chats of their street group.
func atDoors(ctx context.Context, t *bot.Turn, m civic.Member, order bot.DoorOrder, kind string) error {
	if m.Group == 0 {
		return nil
	}
	accounts, err := t.Tx.Accounts(ctx, m.ID)
	if err != nil {
		return err
	}
	rooms, err := roomsOf(ctx, t, m)
	if err != nil {
		return err
	}
	alone := int64(0)
	if order == bot.DoorAdmit {
		if alone, err = t.Tx.PrivateChat(ctx, m.ID); err != nil {
			return err
		}
	}
	for _, room := range rooms {
		chat, err := t.Tx.Chat(ctx, room)
		if err != nil {
			return err
		}
		for _, who := range accounts {
			if who.Platform != chat.Ref.Platform {
				continue
			}
			err := t.Doors(ctx, kind, bot.AtDoor{
				Order: order, Chat: chat, Who: bot.UserRef{Platform: who.Platform, ID: who.External}, Alone: alone,
			})
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// roomsOf are the chats of a person's street group, with the space that holds one of them.
func roomsOf(ctx context.Context, t *bot.Turn, m civic.Member) ([]int64, error) {
	targets, err := t.Tx.Targets(ctx, m.Network)
	if err != nil {
		return nil, err
	}
	var rooms []int64
	for _, target := range targets {
		if target.Group == m.Group && target.Chat != 0 {
			rooms = append(rooms, target.Chat)
		}
	}
	space, err := t.Tx.HouseIn(ctx, m.Group, bot.HouseSpace)
	if errors.Is(err, bot.ErrNotFound) || err == nil && space.Chat == 0 {
		return rooms, nil
	}
	return append(rooms, space.Chat), err
}

// wentOut tells a member that the chat was where they heard alerts. Who was put out by us is no member there any more.
func wentOut(ctx context.Context, t *bot.Turn) error {
	group, err := streetGroupHere(ctx, t)
	if errors.Is(err, bot.ErrNotFound) {
		return nil
	}
	if err != nil || !t.Actor.Active() || t.Actor.Group != group.ID {
		return err
	}
	if _, made, err := houseHere(ctx, t); err != nil || made {
		return err // who is not in a room of ours is told in private
	}
	if err := t.Audit(ctx, "door.went_out", bot.About(memberKind, t.Actor.ID), ""); err != nil {
		return err
	}
	_, err = t.Tell(ctx, t.Actor.ID, bot.LaneRoutine, func(lang string) bot.Message {
		return bot.Message{Text: t.In(lang, "door.went_out", "group", group.Name)}
	})
	return err
}
