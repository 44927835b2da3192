package flows

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

const (
	successionKind = "upgrade"     // a room of ours that was closed in favour of another: "upgrade/4"
	followErrand   = "room.follow" // enters the other room
	followedErrand = "room.followed"
)

// Upgrades follows rooms that were closed in favour of others, when the coordinators say so. Until then what goes to a
// room goes on going there: a room that was closed shows what is written in it, and a moment's alert is worth more in
// the old room than nowhere.
func Upgrades() bot.Feature {
	var keys []string
	for _, s := range []bot.SuccessionState{
		bot.SuccessionOpen, bot.SuccessionUnder, bot.SuccessionShut, bot.SuccessionFailed, bot.SuccessionFalse,
		bot.SuccessionStay, bot.SuccessionDone,
	} {
		keys = append(keys, "succession."+string(s))
	}
	return bot.Feature{
		Name:     "upgrades",
		Replaced: roomReplaced,
		Cards: []bot.Card{{
			Kind: successionKind, Render: successionCard, Readers: readBy(civic.BindRoom, successionScope), Closed: cardClosedKey,
		}},
		Actions: []bot.Action{
			{Name: "upgrade.follow", Needs: civic.BindRoom, Decides: true, On: onSuccession, Do: followRoom},
			{Name: "upgrade.stay", Needs: civic.BindRoom, Decides: true, On: onSuccession, Do: stayInRoom},
		},
		Tasks: []bot.Task{
			{Kind: followErrand, Run: enterSuccessor, Then: entered},
			bot.Inspection(followedErrand, afterFollowing),
			{Kind: rehangErrand, Run: rehangHouse, Then: rehung},
		},
		Timers: map[string]func(context.Context, *bot.Turn, string) error{rehangTimer: rehangAgain},
		Keys:   keys,
	}
}

// roomReplaced asks whether a room of ours is followed. Rooms that mean nothing to us are let go.
func roomReplaced(ctx context.Context, t *bot.Turn, by bot.Successor) error {
	bound, err := placeUse(ctx, t)
	if errors.Is(err, bot.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := t.Audit(ctx, "room.replaced", bot.About("chat", t.Chat.ID), string(bound.kind)); err != nil {
		return err
	}
	if by.ID == "" {
		return tellDesk(ctx, t, bound.network, 0, func(lang string) string {
			return t.In(lang, "succession.none", "what", bound.label(t, lang))
		})
	}
	s, err := t.Tx.OpenSuccession(ctx, t.Chat.ID, by)
	if err != nil {
		return err
	}
	return askToFollow(ctx, t, bound, s)
}

// askToFollow shows the question in the coordinators' room, or to those who may bind rooms, one by one, when there is
// none to be reached, or when it is the one that was closed.
func askToFollow(ctx context.Context, t *bot.Turn, bound use, s bot.Succession) error {
	about := bot.About(successionKind, s.ID)
	desk, err := t.Tx.Room(ctx, bound.network, civic.RoomCoordinators)
	if err != nil {
		return err
	}
	if desk != 0 && desk != s.Chat {
		chat, err := t.Tx.Chat(ctx, desk)
		if err != nil {
			return err
		}
		if chat.Reachable {
			return t.Show(ctx, desk, about)
		}
	}
	chats, err := binderChats(ctx, t, bound.network)
	if err != nil {
		return err
	}
	for _, chat := range chats {
		if err := t.Show(ctx, chat, about); err != nil {
			return err
		}
	}
	return nil
}

// binderChats are the private chats of those who may bind rooms in a network.
func binderChats(ctx context.Context, t *bot.Turn, network civic.AreaID) ([]int64, error) {
	var chats []int64
	for _, role := range civic.Grants[civic.BindRoom] {
		holders, err := t.Tx.Holders(ctx, role, civic.Scope{Network: network}, t.Now)
		if err != nil {
			return nil, err
		}
		for _, person := range holders {
			chat, err := t.Tx.PrivateChat(ctx, person)
			if err != nil {
				return nil, err
			}
			if chat != 0 && !slices.Contains(chats, chat) {
				chats = append(chats, chat)
			}
		}
	}
	return chats, nil
}

// successionOf finds a succession with its room, and a turn that looks from there.
func successionOf(ctx context.Context, t *bot.Turn, ref string) (bot.Succession, use, error) {
	id, err := strconv.ParseInt(ref, 10, 64)
	if err != nil {
		return bot.Succession{}, use{}, fmt.Errorf("succession %q: %w", ref, bot.ErrNotFound)
	}
	s, err := t.Tx.Succession(ctx, id)
	if err != nil {
		return s, use{}, err
	}
	there := *t
	if there.Chat, err = t.Tx.Chat(ctx, s.Chat); err != nil {
		return s, use{}, err
	}
	bound, err := placeUse(ctx, &there)
	if errors.Is(err, bot.ErrNotFound) { // bound to another chat since
		return s, use{network: t.Network.ID}, nil
	}
	return s, bound, err
}

// successionCard shows what became of a room, with what can be decided about it.
func successionCard(ctx context.Context, t *bot.Turn, lang, id string) (bot.Message, error) {
	s, bound, err := successionOf(ctx, t, id)
	if err != nil {
		return bot.Message{}, err
	}
	m := bot.Message{Version: s.Version, Text: t.In(lang, "succession."+string(s.State), "what", bound.label(t, lang))}
	if s.State.Decidable() {
		m.Rows = bot.Rows(
			bot.Choice{Key: "follow", Label: t.In(lang, "succession.follow")},
			bot.Choice{Key: "stay", Label: t.In(lang, "succession.leave")},
		)
	}
	return m, nil
}

func onSuccession(ctx context.Context, t *bot.Turn, r bot.Ref) (bot.Thing, error) {
	s, bound, err := successionOf(ctx, t, r.ID)
	if err != nil {
		return bot.Thing{}, err
	}
	if !s.State.Decidable() {
		return bot.Thing{}, bot.Refuse("press.done")
	}
	scope := civic.Scope{Network: bound.network, Group: bound.group.ID}
	return bot.Thing{Scope: scope, Version: s.Version}, nil
}

// settle stores the state of a succession and shows it.
func settle(ctx context.Context, t *bot.Turn, s bot.Succession, state bot.SuccessionState) error {
	s.State = state
	if err := t.Tx.SaveSuccession(ctx, &s); err != nil {
		return err
	}
	if err := t.Audit(ctx, "room.succession", bot.About("chat", s.Chat), string(state)); err != nil {
		return err
	}
	return t.RefreshNow(ctx, bot.About(successionKind, s.ID))
}

// passage is what an errand needs to enter a room.
type passage struct {
	Old  bot.ChatRef   `json:"old"`
	Next bot.Successor `json:"next"`
}

func followRoom(ctx context.Context, t *bot.Turn, r bot.Ref) error {
	s, _, err := successionOf(ctx, t, r.ID)
	if err != nil {
		return err
	}
	chat, err := t.Tx.Chat(ctx, s.Chat)
	if err != nil {
		return err
	}
	payload, err := json.Marshal(passage{Old: chat.Ref, Next: s.Next})
	if err != nil {
		return fmt.Errorf("follow chat %d: %w", s.Chat, err)
	}
	if err := t.ErrandTo(ctx, chat.Ref.Platform, bot.Errand{Kind: followErrand, Ref: r.ID, Payload: payload}); err != nil {
		return err
	}
	return settle(ctx, t, s, bot.SuccessionUnder)
}

func stayInRoom(ctx context.Context, t *bot.Turn, r bot.Ref) error {
	s, _, err := successionOf(ctx, t, r.ID)
	if err != nil {
		return err
	}
	return settle(ctx, t, s, bot.SuccessionStay)
}

// enterSuccessor enters the other room; its result is the state that follows.
func enterSuccessor(ctx context.Context, p bot.Platform, e bot.Errand) ([]byte, error) {
	var f passage
	if err := json.Unmarshal(e.Payload, &f); err != nil {
		return nil, &bot.FinalError{Err: fmt.Errorf("follow: %w", err)}
	}
	platform, is := p.(bot.Follower)
	if !is {
		return []byte(bot.SuccessionFalse), nil
	}
	err := platform.Follow(ctx, f.Old, f.Next)
	switch {
	case errors.Is(err, bot.ErrShut):
		return []byte(bot.SuccessionShut), nil
	case errors.Is(err, bot.ErrForeign):
		return []byte(bot.SuccessionFalse), nil
	case err != nil:
		return []byte(bot.SuccessionFailed), err
	}
	return []byte(bot.SuccessionDone), nil
}

// entered moves the chat once the bot is in the other room: what waits to be told there, what it is bound as, and what was
// told there go along.
func entered(ctx context.Context, t *bot.Turn, d bot.Done) error {
	s, _, err := successionOf(ctx, t, d.Ref)
	if err != nil {
		return err
	}
	if s.State != bot.SuccessionUnder {
		return nil // it came here before
	}
	state := bot.SuccessionState(d.Result)
	if state != bot.SuccessionDone {
		return settle(ctx, t, s, state)
	}
	chat, err := t.Tx.Chat(ctx, s.Chat)
	if err != nil {
		return err
	}
	if err := t.Tx.MoveChat(ctx, chat.Ref, s.Next.ID, t.Now); err != nil {
		return err
	}
	if err := t.Tx.Reach(ctx, s.Chat, true, "", t.Now); err != nil {
		return err
	}
	if err := settle(ctx, t, s, state); err != nil {
		return err
	}
	if err := rehang(ctx, t, s, 0); err != nil {
		return err
	}
	return greetSuccessor(ctx, t, s)
}

// greetSuccessor says in the room that the bot is there, and looks whether the room is as the old one should have been.
func greetSuccessor(ctx context.Context, t *bot.Turn, s bot.Succession) error {
	_, bound, err := successionOf(ctx, t, strconv.FormatInt(s.ID, 10))
	if err != nil {
		return err
	}
	if bound.house != "" {
		return nil // nobody reads what is said in a space
	}
	lang, err := t.LangIn(ctx, s.Chat)
	if err != nil {
		return err
	}
	text := t.In(lang, "room.back", "what", bound.label(t, lang))
	if err := t.Post(ctx, s.Chat, bot.LaneRoutine, bot.Message{Text: text}); err != nil {
		return err
	}
	chat, err := t.Tx.Chat(ctx, s.Chat)
	if err != nil {
		return err
	}
	purpose := bot.UseClosed
	if bound.kind == "" {
		purpose = bot.UseDelivery
	}
	return t.Inspect(ctx, followedErrand, strconv.FormatInt(s.ID, 10), chat, purpose)
}

// afterFollowing tells the coordinators what is wrong with the new room, if it is grave.
func afterFollowing(ctx context.Context, t *bot.Turn, found bot.Inspected) error {
	if !found.Grave() {
		return nil
	}
	_, bound, err := successionOf(ctx, t, found.Ref)
	if err != nil {
		return err
	}
	room, err := t.Tx.Chat(ctx, found.Chat)
	if err != nil {
		return err
	}
	return tellDesk(ctx, t, bound.network, 0, func(lang string) string {
		return findingLines(t, lang, found, []any{"what", bound.label(t, lang), "title", room.Ref.Title})
	})
}
