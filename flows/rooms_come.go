package flows

import (
	"context"
	"errors"
	"slices"
	"strconv"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// arrived says hello in a group and tells how to go on. Nobody can speak in a channel but the channel itself, so who
// brought the bot there is asked in private.
func arrived(ctx context.Context, t *bot.Turn) error {
	bound, err := roomUse(ctx, t)
	if err == nil {
		return t.Say(ctx, "room.back", "what", bound.label(t, t.Lang()))
	}
	if !errors.Is(err, bot.ErrNotFound) {
		return err
	}
	if err := t.WakeIn(ctx, strangerTimer, strconv.FormatInt(t.Chat.ID, 10), strangerStay); err != nil {
		return err
	}
	if t.Chat.Ref.Kind != bot.Channel {
		return t.Say(ctx, "room.hello", "network", t.Network.Name)
	}
	if !mayAnywhere(t, civic.BindRoom) {
		return nil
	}
	return askForChannel(ctx, t)
}

// askForChannel asks which street group reads the channel that the bot came into.
func askForChannel(ctx context.Context, t *bot.Turn) error {
	chat, err := t.Tx.PrivateChat(ctx, t.Actor.ID)
	if err != nil || chat == 0 {
		return err
	}
	areas, err := t.Tx.Areas(ctx, t.Network.ID)
	if err != nil {
		return err
	}
	var choices []bot.Choice
	for _, a := range areas {
		if a.Kind == civic.KindGroup && t.May(civic.BindRoom, a.Scope()) {
			choices = append(choices, bot.Choice{Key: "target:" + strconv.FormatInt(int64(a.ID), 10), Label: a.Name})
		}
	}
	lang := t.LangOf(t.Actor)
	return t.Mail(ctx, bot.Letter{Chat: chat, Lane: bot.LaneRoutine, Person: t.Actor.ID, Message: bot.Message{
		Text: t.In(lang, "room.channel.ask", "title", t.Chat.Ref.Title), Rows: bot.Rows(choices...),
		About: bot.About("room", t.Chat.ID), For: bot.For(civic.BindRoom, civic.Scope{Network: t.Network.ID}),
	}})
}

// onChannel finds the street group that was chosen for a channel.
func onChannel(ctx context.Context, t *bot.Turn, r bot.Ref) (bot.Thing, error) {
	group, err := groupArg(ctx, t, r.Arg)
	return bot.Thing{Scope: group.Scope()}, err
}

func groupArg(ctx context.Context, t *bot.Turn, arg string) (civic.Area, error) {
	id, err := strconv.ParseInt(arg, 10, 64)
	if err != nil {
		return civic.Area{}, bot.ErrNotFound
	}
	group, err := t.Tx.Area(ctx, civic.AreaID(id))
	if err == nil && group.Kind != civic.KindGroup {
		return civic.Area{}, bot.ErrNotFound
	}
	return group, err
}

func connectChannel(ctx context.Context, t *bot.Turn, r bot.Ref) error {
	group, err := groupArg(ctx, t, r.Arg)
	if err != nil {
		return err
	}
	id, err := strconv.ParseInt(r.ID, 10, 64)
	if err != nil {
		return bot.Refuse("press.old")
	}
	channel, err := t.Tx.Chat(ctx, id)
	if err != nil {
		return err
	}
	there := *t
	there.Chat = channel
	if bound, err := roomUse(ctx, &there); err == nil {
		return bot.Refuse("room.taken", "what", bound.label(t, t.Lang()))
	}
	if err := bindTarget(ctx, t, group, channel); err != nil {
		return err
	}
	if err := t.Say(ctx, "room.channel.done", "title", channel.Ref.Title, "group", group.Name); err != nil {
		return err
	}
	return lookAt(ctx, t, channel)
}

// lost tells the coordinators, once, that a room of theirs cannot be reached any more.
func lost(ctx context.Context, t *bot.Turn) error {
	gone, err := roomUse(ctx, t)
	if errors.Is(err, bot.ErrNotFound) {
		return nil // a private chat, or a group that meant nothing to us
	}
	if err != nil {
		return err
	}
	if err := t.Audit(ctx, "room.lost", bot.About("chat", t.Chat.ID), string(gone.kind)); err != nil {
		return err
	}
	return tellDesk(ctx, t, gone.network, 0, func(lang string) string {
		if gone.kind == "" {
			return t.In(lang, "room.lost.target", "group", gone.group.Name, "code", gone.group.Code)
		}
		return t.In(lang, "room.lost", "what", gone.label(t, lang))
	})
}

// tellDesk tells the coordinators' room something, or the network coordinators one by one when there is none to be
// reached, but not the one it is about.
func tellDesk(ctx context.Context, t *bot.Turn, network civic.AreaID, but int64, write func(lang string) string) error {
	return deskNews{network, []civic.Role{civic.NetworkCoordinator}, but, write}.tell(ctx, t)
}

// deskNews is something for the coordinators' room of a network, or for who has one of the roles there, one by one, when there is
// no room to be reached, but not for the one it is about.
type deskNews struct {
	network civic.AreaID
	roles   []civic.Role
	but     int64
	write   func(lang string) string
}

func (n deskNews) tell(ctx context.Context, t *bot.Turn) error {
	room, err := t.Tx.Room(ctx, n.network, civic.RoomCoordinators)
	if err != nil {
		return err
	}
	if room != 0 {
		chat, err := t.Tx.Chat(ctx, room)
		if err != nil {
			return err
		}
		if chat.Reachable {
			lang, err := t.LangIn(ctx, room)
			if err != nil {
				return err
			}
			return t.Post(ctx, room, bot.LaneRoutine, bot.Message{Text: n.write(lang)})
		}
	}
	return n.tellEach(ctx, t)
}

// tellEach tells each person once, whichever of the roles they have.
func (n deskNews) tellEach(ctx context.Context, t *bot.Turn) error {
	in := civic.Scope{Network: n.network}
	told := []int64{n.but}
	for _, role := range n.roles {
		holders, err := t.Tx.Holders(ctx, role, in, t.Now)
		if err != nil {
			return err
		}
		for _, person := range holders {
			if slices.Contains(told, person) {
				continue
			}
			told = append(told, person)
			_, err := t.TellFor(ctx, person, bot.ForRoles(in, n.roles...), bot.LaneRoutine, func(lang string) bot.Message {
				return bot.Message{Text: n.write(lang)}
			})
			if err != nil {
				return err
			}
		}
	}
	return nil
}
