package matrix

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"

	"maunium.net/go/mautrix/event"
	"maunium.net/go/mautrix/id"

	"github.com/buurtbot/buurtbot/bot"
)

var _ bot.Pinner = (*Matrix)(nil)

// Pin adds a message to those that the room shows first; the others stay.
func (m *Matrix) Pin(ctx context.Context, chat bot.ChatRef, on bot.MessageRef) error {
	return m.repin(ctx, chat, func(list []id.EventID) []id.EventID {
		if slices.Contains(list, id.EventID(on)) {
			return list
		}
		return append(list, id.EventID(on))
	})
}

// Unpin takes a message away from those that the room shows first.
func (m *Matrix) Unpin(ctx context.Context, chat bot.ChatRef, on bot.MessageRef) error {
	return m.repin(ctx, chat, func(list []id.EventID) []id.EventID {
		return slices.DeleteFunc(slices.Clone(list), func(e id.EventID) bool { return e == id.EventID(on) })
	})
}

// repin changes the list of pinned messages. It is read just before: others pin, too.
func (m *Matrix) repin(ctx context.Context, chat bot.ChatRef, change func([]id.EventID) []id.EventID) error {
	l, err := m.session(ctx)
	if err != nil {
		return fmt.Errorf("pin: %w", m.classify(err))
	}
	ctx, cancel := context.WithTimeout(ctx, callDeadline)
	defer cancel()
	room := id.RoomID(chat.ID)
	var now event.PinnedEventsEventContent
	if err := l.StateEvent(ctx, room, event.StatePinnedEvents, "", &now); err != nil && !refusedWith(err, http.StatusNotFound) {
		return m.pinError(err)
	}
	list := change(now.Pinned)
	if slices.Equal(list, now.Pinned) {
		return nil
	}
	if list == nil {
		list = []id.EventID{}
	}
	_, err = l.SendStateEvent(ctx, room, event.StatePinnedEvents, "", &event.PinnedEventsEventContent{Pinned: list})
	return m.pinError(err)
}

// pinError tells what trying again does not mend: the right that is missing.
func (m *Matrix) pinError(err error) error {
	switch {
	case err == nil:
		return nil
	case lasting(err):
		return &bot.FinalError{Err: fmt.Errorf("pin: %w", redact(err))}
	}
	return fmt.Errorf("pin: %w", errors.Join(m.classify(err)))
}
