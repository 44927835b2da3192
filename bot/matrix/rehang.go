package matrix

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/buurtbot/buurtbot/bot"
)

var _ bot.Rehanger = (*Matrix)(nil)

// Rehang implements [bot.Rehanger]. Who upgrades a room makes another of their own, and servers copy neither our mark nor
// what ties a space to its rooms. The powers and, in a space, the rule of coming in are left as they set them.
func (m *Matrix) Rehang(ctx context.Context, s bot.Site, room bot.ChatRef, inside ...bot.ChatRef) error {
	l, err := m.session(ctx)
	if err != nil {
		return fmt.Errorf("rehang: %w", err)
	}
	err = m.rehang(ctx, l, s, room.ID, inside)
	m.rooms.forget(room.ID) // it is ours from now on
	switch {
	case err == nil:
		return nil
	case lasting(err):
		return &bot.FinalError{Err: fmt.Errorf("rehang: %w: %w", bot.ErrPower, redact(err))}
	}
	m.revoked(ctx, err)
	return fmt.Errorf("rehang: %w", m.classify(err))
}

func (m *Matrix) rehang(ctx context.Context, l *link, s bot.Site, roomID string, inside []bot.ChatRef) error {
	state, err := m.readState(ctx, l, roomID)
	if err != nil {
		return err
	}
	there, p := lawOf(state, roomID), plot{Site: s, me: l.UserID}
	// Some servers copy the mark, in the name of who upgraded the room, and take the same words from another hand for a repeat.
	// Only one of our own hand counts, so it says what the room goes on for.
	ours := slices.DeleteFunc(slices.Clone(state), func(e *happening) bool {
		return e.Type == placeType && e.Sender != string(l.UserID)
	})
	mark := p.mark()
	mark.Content["after"] = there.before
	if err := m.putMissing(ctx, l, roomID, ours, []piece{mark}); err != nil {
		return err
	}
	if s.Within != "" {
		if err := m.tie(ctx, l, roomID, p, there.before); err != nil {
			return err
		}
	}
	for _, child := range inside {
		within := plot{Site: bot.Site{Kind: bot.SiteStreet, Within: roomID}, me: l.UserID}
		if err := m.tie(ctx, l, child.ID, within, ""); err != nil {
			return err
		}
		if err := m.untie(ctx, l, child.ID, "m.space.parent", there.before); err != nil {
			return err
		}
		m.rooms.forget(child.ID)
	}
	return nil
}

// tie puts a room into its space: each names the other, and who is in the space may come in. The room that it goes on for
// hangs there no more.
func (m *Matrix) tie(ctx context.Context, l *link, roomID string, p plot, before string) error {
	if err := m.settle(ctx, l, roomID, append(p.parent(), piece{"m.room.join_rules", "", p.joining()})...); err != nil {
		return err
	}
	if err := m.hang(ctx, l, roomID, p); err != nil {
		return err
	}
	return m.untie(ctx, l, p.Within, "m.space.child", before)
}

// untie takes a room out of a space's list, or a space out of a room's.
func (m *Matrix) untie(ctx context.Context, l *link, roomID, kind, other string) error {
	if other == "" {
		return nil
	}
	state, err := m.readState(ctx, l, roomID)
	if err != nil {
		return err
	}
	for _, e := range state {
		var content map[string]any
		if e.Type == kind && *e.StateKey == other && json.Unmarshal(e.Content, &content) == nil && len(content) > 0 {
			return m.put(ctx, l, roomID, piece{kind, other, map[string]any{}})
		}
	}
	return nil
}

// settle puts pieces of state where they are not yet.
func (m *Matrix) settle(ctx context.Context, l *link, roomID string, pieces ...piece) error {
	state, err := m.readState(ctx, l, roomID)
	if err != nil {
		return err
	}
	return m.putMissing(ctx, l, roomID, state, pieces)
}
