package matrix

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"maunium.net/go/mautrix/event"
	"maunium.net/go/mautrix/id"

	"github.com/buurtbot/buurtbot/bot"
)

var _ bot.Adopter = (*Matrix)(nil)

// Adopt implements [bot.Adopter]. Where only the rights are missing we stay, so that they can be given.
func (m *Matrix) Adopt(ctx context.Context, s bot.Site, address string) (bot.ChatRef, error) {
	l, err := m.session(ctx)
	if err != nil {
		return bot.ChatRef{}, fmt.Errorf("adopt: %w", err)
	}
	ref, err := m.adopt(ctx, l, s, address)
	if err != nil {
		m.revoked(ctx, err)
		return bot.ChatRef{}, fmt.Errorf("adopt: %w", m.classify(err))
	}
	return ref, nil
}

func (m *Matrix) adopt(ctx context.Context, l *link, s bot.Site, address string) (bot.ChatRef, error) {
	there, err := m.spaceAt(ctx, l, address)
	if err != nil {
		return bot.ChatRef{}, err
	}
	came, err := m.enterRoom(ctx, l, there)
	if err != nil {
		return bot.ChatRef{}, err
	}
	state, err := m.readState(ctx, l, there.ID)
	if err != nil {
		return bot.ChatRef{}, err
	}
	if err := lawOf(state, there.ID).adoptable(l.UserID, state, s.Key); err != nil {
		if came && !errors.Is(err, bot.ErrPower) {
			if _, err := l.LeaveRoom(ctx, id.RoomID(there.ID)); err != nil {
				m.log.WarnContext(ctx, "a space that is not ours is not left", "error", redact(err))
			}
		}
		return bot.ChatRef{}, &bot.FinalError{Err: err}
	}
	if err := m.put(ctx, l, there.ID, plot{Site: s}.mark()); err != nil {
		return bot.ChatRef{}, err
	}
	m.rooms.forget(there.ID) // it is ours from now on
	return bot.ChatRef{Platform: Name, ID: there.ID, Kind: bot.Group, Title: titleOf(state)}, nil
}

// spaceAt finds the room behind an address, a link to it, or its id.
func (m *Matrix) spaceAt(ctx context.Context, l *link, address string) (bot.Successor, error) {
	nowhere := &bot.FinalError{Err: bot.ErrForeign}
	address = strings.TrimSpace(address)
	via := ""
	if uri, err := id.ParseMatrixURIOrMatrixToURL(address); err == nil {
		if address = uri.PrimaryIdentifier(); len(uri.Via) > 0 {
			via = uri.Via[0]
		}
	}
	switch {
	case strings.HasPrefix(address, "!"):
		return bot.Successor{ID: address, Via: via}, nil
	case !strings.HasPrefix(address, "#") || !strings.Contains(address, ":"):
		return bot.Successor{}, nowhere
	}
	call, cancel := context.WithTimeout(ctx, callDeadline)
	defer cancel()
	got, err := l.ResolveAlias(call, id.RoomAlias(address))
	if lasting(err) {
		return bot.Successor{}, nowhere
	}
	if err != nil {
		return bot.Successor{}, fmt.Errorf("address of a space: %w", err)
	}
	if len(got.Servers) > 0 {
		via = got.Servers[0]
	}
	return bot.Successor{ID: got.RoomID.String(), Via: via}, nil
}

// adoptable reports why a room cannot become the space of a key; nil when it can.
func (l law) adoptable(me id.UserID, state []*happening, key string) error {
	taken := slices.ContainsFunc(state, func(e *happening) bool {
		var c struct {
			Key string `json:"key"`
		}
		return e.Type == placeType && json.Unmarshal(e.Content, &c) == nil && c.Key != "" && c.Key != key
	})
	needs := []int{
		l.powers.Invite(), l.powers.Kick(), l.powers.GetEventLevel(event.StateSpaceChild),
		l.powers.GetEventLevel(event.Type{Type: placeType, Class: event.StateEventType}),
	}
	switch {
	case !l.space || taken || l.next != "":
		return bot.ErrForeign
	case l.join == "public":
		return bot.ErrOpen
	case slices.ContainsFunc(needs, func(level int) bool { return !l.may(me, level) }):
		return bot.ErrPower
	}
	return nil
}

func titleOf(state []*happening) string {
	r := &room{people: map[string]occupant{}}
	for _, e := range state {
		r.apply(e)
	}
	return clean(r.title)
}
