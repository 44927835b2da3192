package matrix

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"slices"

	"maunium.net/go/mautrix/id"

	"github.com/buurtbot/buurtbot/bot"
)

// overlap is how far before the last batch events are read again when the server lost its stream: senders' clocks
// differ, and what was read before is dropped by the inbox, as long as that knows it for certain.
const overlap = 15 * 60 * 1000 // milliseconds

// everything is later than every event.
const everything = math.MaxInt64

// lost reports whether the server does not know the place where the last batch ended, as after its database was put
// back from a copy.
func (b *batch) lost(err error) bool {
	return b.mark.Batch != "" && refusedWith(err, http.StatusBadRequest) && lasting(err)
}

// over reads from the beginning of the server's stream, but of what was said only what came after the last batch.
func (b *batch) over(ctx context.Context) {
	b.m.log.WarnContext(ctx, "the homeserver has lost the place in its stream; what came since is read again")
	b.cut = everything
	since := b.mark.At
	for _, g := range b.mark.Gaps { // what was not read yet is read with the rest
		since = min(since, g.Since)
	}
	b.mark.Gaps = nil
	switch {
	case since > overlap && b.knows(since):
		b.cut = since - overlap
	case since > 0:
		b.cut = since
	}
	b.first = b.cut == everything
	b.mark.Batch = ""
}

// complete reports whether a page that was read backwards reaches what needs not be read any more.
func (b *batch) complete(page []json.RawMessage) bool {
	if b.cut == 0 || len(page) == 0 {
		return false
	}
	e, err := parse(page[len(page)-1])
	return err == nil && e.At < b.cut
}

// fills reports whether what came before the events of a sync has to be fetched.
func (b *batch) fills(s stay) bool {
	if !s.Timeline.Limited || b.first {
		return false
	}
	return len(s.Timeline.Events) == 0 || !b.complete(s.Timeline.Events[:1])
}

// roll tells who is in a room that we made, and who is not any more, out of its state, where the events that say so may
// be missing. What is known already is dropped by the inbox.
func (b *batch) roll(ctx context.Context, roomID string, s stay) error {
	if b.cut == 0 && !s.Timeline.Limited {
		return nil
	}
	list := s.State.Events
	if b.cut != 0 {
		list = slices.Concat(list, s.Timeline.Events)
	}
	me := string(b.link.UserID)
	var people []*happening
	made := b.cut == 0 // the state is only what changed
	for _, raw := range list {
		e, err := parse(raw)
		switch {
		case err != nil || e.StateKey == nil:
		case e.Type == placeType && e.Sender == me:
			made = true
		case e.Type == typeMember && *e.StateKey != me:
			people = append(people, e)
		}
	}
	if !made || len(people) == 0 {
		return nil
	}
	g, err := b.m.look(ctx, b.link, roomID)
	if err != nil {
		return b.unseen(ctx, err)
	}
	for _, e := range people {
		if !g.made {
			break
		}
		if err := b.store(envelope(roomID, g, e)); err != nil {
			return err
		}
	}
	return nil
}

// census holds the rooms in which people are told things against those that we are in, after a start and when the stream
// began anew: a room that we were put out of meanwhile, and a person who went, are told as if we had seen it, and so is a
// room into which we came back.
func (b *batch) census(ctx context.Context, in bot.Inbox) error {
	if b.cut == 0 && b.m.heard.Load() != 0 {
		return nil
	}
	held, err := in.Held(ctx, Name)
	if err != nil || len(held) == 0 {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, pollDeadline)
	defer cancel()
	got, err := b.link.JoinedRooms(ctx)
	if err != nil {
		return fmt.Errorf("rooms that we are in: %w", err)
	}
	joined := map[id.RoomID]bool{}
	for _, roomID := range got.JoinedRooms {
		joined[roomID] = true
	}
	for _, chat := range held {
		if err := b.count(ctx, chat, joined[id.RoomID(chat.Ref.ID)]); err != nil {
			return err
		}
	}
	return nil
}

// count looks at one room.
func (b *batch) count(ctx context.Context, chat bot.Chat, in bool) error {
	kind := kindGroup
	if chat.Ref.Kind == bot.Private {
		kind = kindPrivate
	}
	switch {
	case chat.Reachable && !in:
		return b.found(wire{Room: wireRoom{ID: chat.Ref.ID, Kind: kind, Title: chat.Ref.Title}}, "leave")
	case !in || chat.Reachable && (kind == kindGroup || b.cut == 0):
		return nil
	}
	g, err := b.m.look(ctx, b.link, chat.Ref.ID)
	if err != nil {
		return b.unseen(ctx, err)
	}
	w := envelope(chat.Ref.ID, g, &happening{Type: typeMember})
	w.Room.Kind = kind
	switch {
	case kind == kindPrivate && g.crowd <= 2 && g.alone && chat.Reachable:
		b.mark.Doors = append(slices.Clip(b.mark.Doors), door{Room: chat.Ref.ID, Away: true})
		return b.found(w, "leave")
	case chat.Reachable || g.kind != kind || g.alone && kind == kindPrivate:
		return nil
	}
	for _, user := range g.people {
		if user != b.link.UserID && kind == kindPrivate {
			w.From = wireUser{ID: string(user), Name: g.names[string(user)]}
		}
	}
	w.Room.Made = false // it is told although nobody brought us
	return b.found(w, "join")
}

// found stores our own coming or going that no event told of.
func (b *batch) found(w wire, is string) error {
	me := string(b.link.UserID)
	w.Type, w.Key = typeMember, &me
	w.ID = "census:" + is + ":" + w.Room.ID + ":" + b.mark.Batch
	w.Content = json.RawMessage(`{"membership":"` + is + `"}`)
	return b.store(w)
}
