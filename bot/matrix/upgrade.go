package matrix

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"

	"maunium.net/go/mautrix"
	"maunium.net/go/mautrix/id"

	"github.com/buurtbot/buurtbot/bot"
)

var _ bot.Follower = (*Matrix)(nil)

// tombstone is the content of m.room.tombstone.
type tombstone struct {
	Next string `json:"replacement_room"`
}

// decodeTombstone reads that a room was closed. Who closed it had the power to, and their server knows where it goes on.
func decodeTombstone(w wire) (bot.Event, error) {
	var c tombstone
	if err := json.Unmarshal(w.Content, &c); err != nil {
		return nil, err
	}
	return bot.Replaced{By: bot.Successor{ID: c.Next, Via: id.UserID(w.From.ID).Homeserver()}}, nil
}

// Follow implements [bot.Follower]. The old room has to name the new one still, and the new one has to name the old one,
// so that nobody can draw a street into a room of their own, and an upgrade that was taken back is not followed. What
// does not belong together is left again.
func (m *Matrix) Follow(ctx context.Context, old bot.ChatRef, next bot.Successor) error {
	l, err := m.session(ctx)
	if err != nil {
		return fmt.Errorf("follow: %w", err)
	}
	if err := m.follow(ctx, l, old.ID, next); err != nil {
		m.revoked(ctx, err)
		return fmt.Errorf("follow: %w", m.classify(err))
	}
	return nil
}

func (m *Matrix) follow(ctx context.Context, l *link, old string, next bot.Successor) error {
	before, err := m.law(ctx, l, old)
	if err != nil && !lasting(err) { // a room we are out of by now cannot be asked any more
		return err
	}
	if next.ID == "" || err == nil && before.next != next.ID {
		return &bot.FinalError{Err: bot.ErrForeign}
	}
	came, err := m.enterRoom(ctx, l, next)
	if err != nil {
		return err
	}
	after, err := m.law(ctx, l, next.ID)
	switch {
	case err != nil && !lasting(err):
		return err
	case err == nil && after.before == old:
		m.rooms.forget(next.ID) // it is read anew with its members
		return nil
	}
	if came {
		if _, err := l.LeaveRoom(ctx, id.RoomID(next.ID)); err != nil {
			m.log.WarnContext(ctx, "a room that does not belong to us is not left", "error", redact(err))
		}
	}
	return &bot.FinalError{Err: bot.ErrForeign}
}

// enterRoom joins a room and reports whether we were not in it before.
func (m *Matrix) enterRoom(ctx context.Context, l *link, next bot.Successor) (came bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, callDeadline)
	defer cancel()
	in, err := l.JoinedRooms(ctx)
	if err != nil {
		return false, fmt.Errorf("rooms: %w", err)
	}
	if slices.Contains(in.JoinedRooms, id.RoomID(next.ID)) {
		return false, nil
	}
	via := []string{l.UserID.Homeserver()}
	if next.Via != "" && next.Via != via[0] {
		via = append([]string{next.Via}, via...)
	}
	m.rooms.enters(next.ID)
	_, err = l.JoinRoom(ctx, next.ID, &mautrix.ReqJoinRoom{Via: via})
	if lasting(err) || refusedWith(err, http.StatusInternalServerError) { // which is how one server refuses
		return false, &bot.FinalError{Err: fmt.Errorf("%w: %w", bot.ErrShut, redact(err))}
	}
	return true, err
}

// law reads how a room is set up, from the server.
func (m *Matrix) law(ctx context.Context, l *link, roomID string) (law, error) {
	state, err := m.readState(ctx, l, roomID)
	if err != nil {
		return law{}, err
	}
	return lawOf(state, roomID), nil
}
