package matrix

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"slices"

	"maunium.net/go/mautrix"
	"maunium.net/go/mautrix/event"
	"maunium.net/go/mautrix/id"

	"github.com/buurtbot/buurtbot/bot"
)

var (
	_ bot.Builder    = (*Matrix)(nil)
	_ bot.Doorkeeper = (*Matrix)(nil)
	_ bot.Explainer  = (*Matrix)(nil)
)

// DefaultRoomVersion is the version of the rooms that we make: the one that servers make by themselves at present
// (client-server API v1.11 and later).
const DefaultRoomVersion = "11"

// placeType marks a room as one of ours, with the key under which it was made.
const placeType = "org.buurtbot.place"

// aliasOf is the local part of the address that keeps a room from being made twice: a server gives an address once.
// Being known by it lets nobody in.
func aliasOf(key string) string { return "buurtbot-" + key }

// Build implements [bot.Builder]. The address is taken in the same request that makes the room, so a request whose answer
// was lost, or a crash before the room was stored, finds it again; its state says whether it is ours.
func (m *Matrix) Build(ctx context.Context, s bot.Site) (bot.ChatRef, error) {
	l, err := m.session(ctx)
	if err != nil {
		return bot.ChatRef{}, fmt.Errorf("build: %w", err)
	}
	roomID, err := m.build(ctx, l, s)
	if err != nil {
		m.revoked(ctx, err)
		if lasting(err) {
			return bot.ChatRef{}, &bot.FinalError{Err: fmt.Errorf("build: %w", redact(err))}
		}
		return bot.ChatRef{}, fmt.Errorf("build: %w", m.classify(err))
	}
	return bot.ChatRef{Platform: Name, ID: roomID, Kind: bot.Group, Title: s.Title}, nil
}

func (m *Matrix) build(ctx context.Context, l *link, s bot.Site) (string, error) {
	p := plot{Site: s, me: l.UserID, sealed: l.vault != nil, version: m.roomVersion()}
	if s.Kind == bot.SiteSpace {
		p.knocks = m.knocks(ctx, l)
	}
	var made struct {
		Room string `json:"room_id"`
	}
	call, cancel := context.WithTimeout(ctx, callDeadline)
	defer cancel()
	_, err := l.MakeRequest(call, http.MethodPost, l.BuildClientURL("v3", "createRoom"), p.request(), &made)
	if errors.Is(err, mautrix.MRoomInUse) {
		if made.Room, err = m.madeBefore(ctx, l, p); err == nil {
			err = m.finish(ctx, l, made.Room, p)
		}
	}
	if err != nil {
		return "", err
	}
	return made.Room, m.hang(ctx, l, made.Room, p)
}

func (m *Matrix) roomVersion() string {
	if m.config.RoomVersion != "" {
		return m.config.RoomVersion
	}
	return DefaultRoomVersion
}

// madeBefore finds the room that was made with the key.
func (m *Matrix) madeBefore(ctx context.Context, l *link, p plot) (string, error) {
	alias := id.NewRoomAlias(aliasOf(p.Key), l.UserID.Homeserver())
	got, err := l.ResolveAlias(ctx, alias)
	if err != nil {
		return "", fmt.Errorf("address of a room: %w", err)
	}
	return got.RoomID.String(), nil
}

// finish puts right what a server left undone that stopped while it made the room. A room that does not carry our mark by
// our own hand is somebody else's.
func (m *Matrix) finish(ctx context.Context, l *link, roomID string, p plot) error {
	state, err := m.readState(ctx, l, roomID)
	if err != nil {
		return err
	}
	ours := func(e *happening) bool { return e.Type == "m.room.create" && e.Sender == string(l.UserID) }
	if !slices.ContainsFunc(state, ours) {
		return &bot.FinalError{Err: errors.New("somebody else has a room at this address")}
	}
	return m.putMissing(ctx, l, roomID, state, p.state())
}

// putMissing puts those pieces of state that are not there as they should be.
func (m *Matrix) putMissing(ctx context.Context, l *link, roomID string, state []*happening, pieces []piece) error {
	there := map[string]*happening{}
	for _, e := range state {
		there[e.Type+"\x00"+*e.StateKey] = e
	}
	for _, piece := range pieces {
		if e := there[piece.Type+"\x00"+piece.Key]; e != nil && same(e.Content, piece.Content) {
			continue
		}
		if err := m.put(ctx, l, roomID, piece); err != nil {
			return err
		}
	}
	return nil
}

// same reports whether a content says at least what is wanted.
func same(raw json.RawMessage, want map[string]any) bool {
	var is, wanted map[string]any
	text, err := json.Marshal(want)
	if err != nil || json.Unmarshal(text, &wanted) != nil || json.Unmarshal(raw, &is) != nil {
		return false
	}
	for key, value := range wanted {
		if key != "users" && !reflect.DeepEqual(is[key], value) { // the server adds who made the room
			return false
		}
	}
	return true
}

// put sets a piece of state.
func (m *Matrix) put(ctx context.Context, l *link, roomID string, s piece) error {
	ctx, cancel := context.WithTimeout(ctx, callDeadline)
	defer cancel()
	kind := event.Type{Type: s.Type, Class: event.StateEventType}
	if _, err := l.SendStateEvent(ctx, id.RoomID(roomID), kind, s.Key, s.Content); err != nil {
		return fmt.Errorf("set %s: %w", s.Type, err)
	}
	return nil
}

// hang puts a street's room into its space, which is what shows it to the members.
func (m *Matrix) hang(ctx context.Context, l *link, roomID string, p plot) error {
	if p.Within == "" {
		return nil
	}
	return m.put(ctx, l, p.Within, piece{"m.space.child", roomID, map[string]any{"via": p.via(), "suggested": true}})
}

// knocks asks whether the server lets people knock. Who does not know the call says so in one way only.
func (m *Matrix) knocks(ctx context.Context, l *link) bool {
	ctx, cancel := context.WithTimeout(ctx, callDeadline)
	defer cancel()
	nowhere := "!buurtbot-knock:" + l.UserID.Homeserver()
	_, err := l.MakeRequest(ctx, http.MethodPost, l.BuildClientURL("v3", "knock", nowhere), map[string]any{}, nil)
	var he mautrix.HTTPError
	known := errors.As(err, &he) && he.RespError != nil && he.RespError.ErrCode != ""
	return err == nil || known && !errors.Is(err, mautrix.MUnrecognized)
}

// Admit implements [bot.Builder].
func (m *Matrix) Admit(ctx context.Context, chat bot.ChatRef, account string) error {
	return m.door(ctx, chat, account, func(ctx context.Context, l *link, room id.RoomID, user id.UserID) error {
		_, err := l.InviteUser(ctx, room, &mautrix.ReqInviteUser{UserID: user})
		return err
	}, "join", "invite")
}

// Doors implements [bot.Doorkeeper]. Who did not ask is not let in by it: that takes an invitation, see Admit.
func (m *Matrix) Doors(ctx context.Context, order bot.DoorOrder, chat bot.ChatRef, who bot.UserRef) error {
	invite := func(ctx context.Context, l *link, room id.RoomID, user id.UserID) error {
		_, err := l.InviteUser(ctx, room, &mautrix.ReqInviteUser{UserID: user})
		return err
	}
	switch order {
	case bot.DoorAdmit:
		was, err := m.pass(ctx, chat, who.ID, invite, "join", "invite", "leave", "ban", "")
		if err == nil && slices.Contains([]string{"leave", "ban", ""}, was) {
			return &bot.FinalError{Err: bot.ErrUnasked}
		}
		return err
	case bot.DoorTurnAway:
		return m.TurnAway(ctx, chat, who, "")
	case bot.DoorPutOut:
		return m.door(ctx, chat, who.ID, kick(""), "leave", "ban", "")
	case bot.DoorLeave:
		return m.goAway(ctx, chat)
	}
	return &bot.FinalError{Err: fmt.Errorf("door: unknown order %q", order)}
}

// goAway leaves a room; one that we are not in is left already.
func (m *Matrix) goAway(ctx context.Context, chat bot.ChatRef) error {
	l, err := m.session(ctx)
	if err != nil {
		return fmt.Errorf("leave: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, callDeadline)
	defer cancel()
	_, err = l.LeaveRoom(ctx, id.RoomID(chat.ID))
	if errors.Is(err, mautrix.MForbidden) || errors.Is(err, mautrix.MNotFound) {
		return nil
	}
	return err
}

// TurnAway implements [bot.Explainer]: clients show the reason to who knocked.
func (m *Matrix) TurnAway(ctx context.Context, chat bot.ChatRef, who bot.UserRef, why string) error {
	return m.door(ctx, chat, who.ID, kick(why), "join", "invite", "leave", "ban", "")
}

// kick ends a membership, or the wish for one.
func kick(why string) func(context.Context, *link, id.RoomID, id.UserID) error {
	return func(ctx context.Context, l *link, room id.RoomID, user id.UserID) error {
		_, err := l.KickUser(ctx, room, &mautrix.ReqKickUser{UserID: user, Reason: clean(why)})
		return err
	}
}

// door changes the membership of an account unless it is one of those that are meant.
func (m *Matrix) door(ctx context.Context, chat bot.ChatRef, account string,
	change func(context.Context, *link, id.RoomID, id.UserID) error, meant ...string,
) error {
	_, err := m.pass(ctx, chat, account, change, meant...)
	return err
}

// pass does what door does, and tells what the membership was.
func (m *Matrix) pass(ctx context.Context, chat bot.ChatRef, account string,
	change func(context.Context, *link, id.RoomID, id.UserID) error, meant ...string,
) (was string, err error) {
	l, err := m.session(ctx)
	if err != nil {
		return "", fmt.Errorf("door: %w", err)
	}
	room, err := m.law(ctx, l, chat.ID)
	if err == nil {
		if was = room.people[account]; slices.Contains(meant, was) {
			return was, nil
		}
		ctx, cancel := context.WithTimeout(ctx, callDeadline)
		defer cancel()
		err = change(ctx, l, id.RoomID(chat.ID), id.UserID(account))
	}
	switch {
	case err == nil:
		return was, nil
	case lasting(err):
		return was, &bot.FinalError{Err: fmt.Errorf("door: %w", redact(err))}
	}
	m.revoked(ctx, err)
	return was, fmt.Errorf("door: %w", m.classify(err))
}
