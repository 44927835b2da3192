package matrix

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"

	"maunium.net/go/mautrix"
	"maunium.net/go/mautrix/id"

	"github.com/buurtbot/buurtbot/bot"
)

var _ bot.Unmarker = (*Matrix)(nil)

// aimed reports whether a reaction is to a message of ours. What was sent before the start is asked of the server; where
// that cannot be told the reaction is nothing to us.
func (b *batch) aimed(ctx context.Context, roomID string, e *happening) bool {
	var c struct {
		Relates relation `json:"m.relates_to"`
	}
	if json.Unmarshal(e.Content, &c) != nil || c.Relates.Event == "" {
		return false
	}
	if b.m.steps.ours(c.Relates.Event) {
		return true
	}
	if _, counts := numberOf(c.Relates.Key); counts {
		return false // it is stored in any case
	}
	ctx, cancel := context.WithTimeout(ctx, callDeadline)
	defer cancel()
	var on struct {
		Sender id.UserID `json:"sender"`
	}
	path := mautrix.ClientURLPath{"v3", "rooms", roomID, "event", c.Relates.Event}
	_, err := b.link.MakeRequest(ctx, http.MethodGet, b.link.BuildURLWithQuery(path, nil), nil, &on)
	if err != nil || on.Sender != b.link.UserID {
		return false
	}
	b.m.steps.own(c.Relates.Event)
	return true
}

// Unmark implements [bot.Unmarker].
func (m *Matrix) Unmark(ctx context.Context, chat bot.ChatRef, mark bot.MessageRef, why string) error {
	l, err := m.session(ctx)
	if err != nil {
		return fmt.Errorf("unmark: %w", m.classify(err))
	}
	ctx, cancel := context.WithTimeout(ctx, callDeadline)
	defer cancel()
	again := mautrix.ReqRedact{TxnID: "bb.unmark." + digest([]byte(mark)), Reason: clean(why)}
	_, err = l.RedactEvent(ctx, id.RoomID(chat.ID), id.EventID(mark), again)
	switch {
	case err == nil, refusedWith(err, http.StatusNotFound):
		return nil
	case lasting(err):
		return &bot.FinalError{Err: fmt.Errorf("unmark: %w", redact(err))}
	}
	m.revoked(ctx, err)
	return fmt.Errorf("unmark: %w", m.classify(err))
}
