package flows

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// Rooms binds chats to what they are for, and tells when one is lost.
func Rooms() bot.Feature {
	return bot.Feature{
		Name:     "rooms",
		Commands: []bot.CommandSpec{{Name: "koppel", Needs: civic.ConnectRoom, Where: bot.Anywhere, Do: connectAndLook}},
		Actions:  []bot.Action{{Name: "room.target", Needs: civic.BindRoom, On: onChannel, Do: connectChannel}},
		Keys:     append(bot.FindingKeys(), roomKeys()...),
		Arrived:  arrived,
		Lost:     lost,
		Jobs:     []bot.Job{{Name: "rooms.watch", Spec: watchSpec, Each: true, Do: watchRooms}},
		Tasks:    []bot.Task{bot.Inspection(watchKind, watched)},
		Timers: map[string]func(context.Context, *bot.Turn, string) error{
			strangerTimer: leaveStrangers, veilTimer: keepVeil,
		},
	}
}

// use is what a chat is bound as: a room of the network, or the place where a street group is told things.
type use struct {
	network civic.AreaID
	kind    civic.RoomKind // empty for a street group's
	group   civic.Area
	house   bot.HouseKind // of a room that we made or took over and that is bound as nothing; empty = it is bound
}

// roomUse finds what the turn's chat is bound as; ErrNotFound when it is not bound.
func roomUse(ctx context.Context, t *bot.Turn) (use, error) {
	network, kind, err := t.Tx.RoomOf(ctx, t.Chat.ID)
	if !errors.Is(err, bot.ErrNotFound) {
		return use{network: network, kind: kind}, err
	}
	target, err := t.Tx.TargetOf(ctx, t.Chat.ID)
	if err != nil {
		return use{}, err
	}
	group, err := t.Tx.Area(ctx, target.Group)
	return use{network: group.Network, group: group}, err
}

// label says what a chat is bound as.
func (u use) label(t *bot.Turn, lang string) string {
	if u.kind != "" {
		return t.In(lang, "room.kind."+string(u.kind))
	}
	if u.house != "" {
		return t.In(lang, "room.kind.space", "group", u.group.Name)
	}
	return t.In(lang, "room.kind.target", "group", u.group.Name)
}

// connect binds the group in which it is given: by the code of a street group, by the name of a room, or by an
// invitation, which needs no role.
func connect(ctx context.Context, t *bot.Turn, args string) error {
	switch {
	case t.Chat.Ref.Kind == bot.Private:
		return bot.Refuse("room.private")
	case civic.Blank(args):
		return bot.Refuse("room.how")
	}
	bound, err := roomUse(ctx, t)
	if err == nil {
		return bot.Refuse("room.taken", "what", bound.label(t, t.Lang()))
	}
	if !errors.Is(err, bot.ErrNotFound) {
		return err
	}
	area, ok, err := areaByCode(ctx, t, args)
	switch {
	case err != nil:
		return err
	case ok:
		return connectArea(ctx, t, area)
	}
	if kind := roomNamed(t, args); kind != "" {
		return connectKind(ctx, t, kind)
	}
	return connectInvited(ctx, t, args)
}

// roomNamed is the room that somebody names; empty when it is none.
func roomNamed(t *bot.Turn, typed string) civic.RoomKind {
	for _, kind := range civic.RoomKinds {
		if slices.Contains(t.Words("room.words."+string(kind)), strings.ToLower(strings.TrimSpace(typed))) {
			return kind
		}
	}
	return ""
}

// mayBind refuses who may not bind rooms of this scope, and notes that it was tried.
func mayBind(ctx context.Context, t *bot.Turn, scope civic.Scope) error {
	if t.May(civic.BindRoom, scope) {
		return nil
	}
	if err := t.Audit(ctx, "refused", string(civic.BindRoom), ""); err != nil {
		return err
	}
	return bot.Refuse("refused.room.bind")
}

func connectArea(ctx context.Context, t *bot.Turn, area civic.Area) error {
	if err := mayBind(ctx, t, area.Scope()); err != nil {
		return err
	}
	if area.Kind == civic.KindGroup {
		return bindTarget(ctx, t, area, t.Chat)
	}
	group, err := t.Tx.Area(ctx, area.Parent)
	if err != nil {
		return err
	}
	return bot.Refuse("room.street_code", "street", area.Name, "group", group.Name, "code", group.Code)
}

func connectKind(ctx context.Context, t *bot.Turn, kind civic.RoomKind) error {
	if err := mayBind(ctx, t, civic.Scope{Network: t.Network.ID}); err != nil {
		return err
	}
	return bindRoom(ctx, t, t.Network.ID, kind)
}

// connectInvited binds by a one-time code.
func connectInvited(ctx context.Context, t *bot.Turn, typed string) error {
	if err := knocking(ctx, t); err != nil {
		return err
	}
	code, _ := civic.ParseJoinCode(typed)
	i, err := t.Tx.UseInvite(ctx, code, t.Actor.ID, t.Now)
	switch {
	case errors.Is(err, bot.ErrNotFound):
		return unknownRoomCode(ctx, t, code)
	case err != nil:
		return err
	case i.Kind != inviteRoom: // everybody here has read it, so it is used up
		return bot.Refuse("room.role_code")
	}
	area, err := t.Tx.Area(ctx, i.Area)
	if err != nil {
		return err
	}
	if i.Room == inviteGroup || i.Room == inviteChannel {
		return bindTarget(ctx, t, area, t.Chat)
	}
	return bindRoom(ctx, t, area.ID, civic.RoomKind(i.Room))
}

// unknownRoomCode tells why a code binds nothing.
func unknownRoomCode(ctx context.Context, t *bot.Turn, code string) error {
	switch key, err := spentCode(ctx, t, code); {
	case err != nil:
		return err
	case key == oldCodeKey:
		return bot.Refuse("room.code.old")
	case key != "":
		return bot.Refuse("room.code.used")
	}
	return knocked(ctx, t, "room.unknown_code")
}

// bindRoom makes the turn's chat a room of the network; the one that was it before is told. What is open comes to a
// coordinators' room once it was looked at.
func bindRoom(ctx context.Context, t *bot.Turn, network civic.AreaID, kind civic.RoomKind) error {
	old, err := t.Tx.Room(ctx, network, kind)
	if err != nil {
		return err
	}
	if err := t.Tx.BindRoom(ctx, network, kind, t.Chat.ID, t.Now); err != nil {
		return err
	}
	if err := t.Audit(ctx, "room.bound", bot.About("chat", t.Chat.ID), string(kind)); err != nil {
		return err
	}
	if err := errors.Join(leaveRoom(ctx, t, network, old), replaced(ctx, t, old)); err != nil {
		return err
	}
	if err := t.Say(ctx, "room.bound."+string(kind)); err != nil || kind != civic.RoomCoordinators {
		return err
	}
	return veil(ctx, t, network, old)
}

// roomKeys are the texts about rooms whose keys are made while talking.
func roomKeys() []string {
	var keys []string
	for _, kind := range civic.RoomKinds {
		for _, what := range []string{"room.words.", "room.kind.", "room.bound.", "help.room."} {
			keys = append(keys, what+string(kind))
		}
	}
	return keys
}

// bindTarget makes a chat the place where a street group is told things, instead of the one that was it before.
func bindTarget(ctx context.Context, t *bot.Turn, group civic.Area, chat bot.Chat) error {
	targets, err := t.Tx.Targets(ctx, group.Network)
	if err != nil {
		return err
	}
	target := civic.Target{Group: group.ID}
	if i := slices.IndexFunc(targets, func(a civic.Target) bool { return a.Group == group.ID && a.Ordinary() }); i >= 0 {
		target = targets[i]
	}
	old := target.Chat
	target.Kind, target.Chat = civic.TargetGroup, chat.ID
	if chat.Ref.Kind == bot.Channel {
		target.Kind = civic.TargetChannel
	}
	if err := t.Tx.SaveTarget(ctx, &target); err != nil {
		return err
	}
	if err := t.Audit(ctx, "room.bound", bot.About("chat", chat.ID), string(target.Kind)); err != nil {
		return err
	}
	if err := replaced(ctx, t, old); err != nil {
		return err
	}
	lang, err := t.LangIn(ctx, chat.ID)
	if err != nil {
		return err
	}
	text := t.In(lang, "room.bound.target", "group", group.Name)
	return t.Post(ctx, chat.ID, bot.LaneAnswer, bot.Message{Text: text})
}

// replaced tells a chat that another took its place.
func replaced(ctx context.Context, t *bot.Turn, old int64) error {
	if old == 0 || old == t.Chat.ID {
		return nil
	}
	chat, err := t.Tx.Chat(ctx, old)
	if err != nil || !chat.Reachable {
		return err
	}
	lang, err := t.LangIn(ctx, old)
	if err != nil {
		return err
	}
	return t.Post(ctx, old, bot.LaneRoutine, bot.Message{Text: t.In(lang, "room.replaced")})
}
