package matrix

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/buurtbot/buurtbot/bot"
)

// errNoKey is a message whose key may still come.
var errNoKey = errors.New("the key of this message has not come")

// event reads one event of a room: the room's state is brought up to date, and what is worth storing becomes a row.
func (b *batch) event(ctx context.Context, roomID string, e *happening) error {
	if e.Sender == string(b.link.UserID) && e.StateKey == nil {
		b.m.steps.own(e.ID)
	}
	if e.At < b.cut || !interesting(e, string(b.link.UserID)) {
		b.state(ctx, roomID, e)
		return nil
	}
	before, err := b.m.look(ctx, b.link, roomID)
	if err != nil {
		return b.unseen(ctx, err)
	}
	if b.past && e.isPast(before) {
		return nil
	}
	b.state(ctx, roomID, e)
	if after, known := b.m.rooms.glance(roomID, string(b.link.UserID)); known && e.Type != typeMember {
		before = after
	}
	w := envelope(roomID, before, e)
	switch e.Type {
	case typeMember:
		if e.comes(string(b.link.UserID)) && b.m.rooms.wasEntered(roomID) {
			return nil // we were told to go there, and nobody brought us
		}
		b.met(e, before, &w)
	case typeEncrypted:
		return b.sealed(ctx, e, w)
	case typeReaction:
		w.Ours = before.kind != kindPrivate && b.aimed(ctx, roomID, e)
	case typeRedaction:
		b.undone(e, &w)
	case typeTombstone:
		if before.kind == kindPrivate {
			b.closed(roomID, e)
			return nil
		}
	}
	return b.store(w)
}

// unseen leaves out the event of a room that we may not look into; any other failure ends the poll, and it comes again.
func (b *batch) unseen(ctx context.Context, err error) error {
	if lasting(err) {
		b.m.log.WarnContext(ctx, "a room that cannot be seen", "error", redact(err))
		return nil
	}
	return err
}

// envelope puts an event beside what its room tells.
func envelope(roomID string, g glance, e *happening) wire {
	return wire{
		Room: wireRoom{ID: roomID, Kind: g.kind, Title: g.title, Made: g.made, Space: g.space},
		From: wireUser{ID: e.Sender, Name: g.names[e.Sender]},
		ID:   e.ID, Type: e.Type, Key: e.StateKey, Content: e.Content, At: e.At,
	}
}

// interesting leaves out our own words, and events of kinds that we never store.
func interesting(e *happening, me string) bool {
	switch e.Type {
	case typeMember:
		return e.StateKey != nil
	case typeMessage, typeEncrypted, typeReaction, typeRedaction, typeSticker, "m.poll.start", "org.matrix.msc3381.poll.start":
		return e.Sender != me && len(e.Unsigned.Because) == 0
	case typeTombstone:
		return e.StateKey != nil
	case typePowers:
		return e.StateKey != nil && e.Sender != me
	}
	return false
}

// store keeps an envelope if it is worth it.
func (b *batch) store(w wire) error {
	if !b.m.wants(w) {
		return nil
	}
	if w.Type == typeReaction {
		b.press(w)
	}
	raw, err := json.Marshal(w)
	if err != nil {
		return fmt.Errorf("envelope: %w", err)
	}
	b.rows = append(b.rows, bot.Raw{External: w.external(), Body: raw})
	return nil
}

// external is the key under which repeats are dropped: the event's id, whatever bytes it comes with.
func (w wire) external() string {
	switch {
	case w.Sealed:
		return w.ID + ":sealed"
	case w.Moved != "":
		return "moved:" + w.Room.ID + ":" + w.Moved
	}
	return w.ID
}

// wants reports whether an envelope is worth storing. What people say among themselves in a room is not: only commands,
// numbers as reactions, answers to us, texts that name us, and what happens to us there. It is pure, and says yes when
// it does not know the form.
func (m *Matrix) wants(w wire) bool {
	me := m.me()
	switch {
	case w.Moved != "":
		return true
	case w.Type == typeMember:
		return wantsMember(w, me)
	case w.From.ID == me || w.ID == "":
		return false
	case w.Type == typeRedaction:
		return w.Undo != nil || w.Gone != "" && w.Room.Kind == kindPrivate
	case w.Type == typeReaction:
		event, err := decodeReaction(w)
		return event != nil || err != nil
	case w.Type == typeTombstone:
		return w.Room.Kind != kindPrivate
	case w.Type == typePowers:
		return true
	case w.Room.Kind == kindPrivate:
		return true
	case w.Sealed:
		return false
	}
	return m.wantsInRoom(w, me)
}

func (m *Matrix) wantsInRoom(w wire, me string) bool {
	if w.Type != typeMessage {
		return false
	}
	var c message
	if json.Unmarshal(w.Content, &c) != nil {
		return true
	}
	if c.Type == "m.notice" || c.Puppet != "" {
		return false
	}
	words := c.words()
	if c.New != nil {
		words = c.New.words()
	}
	_, named := addressed(words, me)
	_, _, is := parseCommand(words)
	return is || named || c.counts(words) || slices.Contains(c.Mentions.Users, me) || m.steps.ours(string(c.replyTo())) ||
		strings.HasPrefix(c.Body, "> <"+me+">")
}

// counts reports whether a message is a number in a thread, which chooses on the card that opened it.
func (c message) counts(words string) bool {
	digits := strings.Trim(strings.TrimSpace(words), "#.)")
	n, err := strconv.Atoi(digits)
	return c.thread() != "" && err == nil && n > 0 && len(digits) <= 2
}

// wantsMember keeps our own coming and going, and in a private room everybody's.
func wantsMember(w wire, me string) bool {
	var c membership
	if w.Key == nil || json.Unmarshal(w.Content, &c) != nil {
		return false
	}
	switch {
	case *w.Key == me:
		return c.Is != "invite" && c.Is != "knock"
	case w.Room.Made:
		return c.Is != "invite" && (c.Is != "knock" || w.Room.Space) // nobody has to ask at another door of ours
	case w.Room.Kind != kindPrivate:
		return false
	case c.Is == "leave" || c.Is == "ban":
		return true
	}
	return w.Stranger
}

// press remembers a reaction, so that its taking back can be understood: the server blanks what is taken back.
func (b *batch) press(w wire) {
	event, err := decodeReaction(w)
	p, is := event.(bot.Press)
	if err != nil || !is {
		return
	}
	b.mark.Pressed = append(b.mark.Pressed, pressed{ID: w.ID, On: string(p.On), Key: p.Key})
	if n := len(b.mark.Pressed); n > maxPressed {
		b.mark.Pressed = b.mark.Pressed[n-maxPressed:]
	}
}

// undone looks up what a redaction takes back. The id stands in the event or, in new rooms, in its content.
func (b *batch) undone(e *happening, w *wire) {
	var c struct {
		Redacts string `json:"redacts"`
	}
	_ = json.Unmarshal(e.Content, &c) // of another form: then it stands in the event
	if w.Gone = c.Redacts; w.Gone == "" {
		w.Gone = e.Redacts
	}
	for i, p := range b.mark.Pressed {
		if p.ID == e.Redacts || p.ID == c.Redacts {
			w.Undo = &p
			b.mark.Pressed = slices.Delete(slices.Clone(b.mark.Pressed), i, i+1)
			return
		}
	}
}

// outside reads how a stay in a room ended.
func (b *batch) outside(roomID string, s stay) {
	defer b.m.rooms.forget(roomID)
	b.mark.Doors = slices.DeleteFunc(slices.Clone(b.mark.Doors), func(d door) bool { return d.Room == roomID && !d.Away })
	b.mark.Gaps = slices.DeleteFunc(b.mark.Gaps, func(g gap) bool { return g.Room == roomID }) // nobody could be answered there
	if b.first {
		return
	}
	kind := kindGroup
	if g, known := b.m.rooms.glance(roomID, string(b.link.UserID)); known {
		kind = g.kind
	} else if b.m.rooms.isDirect(roomID) {
		kind = kindPrivate
	}
	me := string(b.link.UserID)
	for _, raw := range slices.Concat(s.State.Events, s.Timeline.Events) {
		e, err := parse(raw)
		if err != nil || e.Type != typeMember || e.StateKey == nil || *e.StateKey != me || e.Sender == me {
			continue // we went away by ourselves, for a reason that was told before
		}
		if e.Unsigned.Previous != nil && e.Unsigned.Previous.Is == "invite" {
			continue // the invitation was taken back
		}
		w := envelope(roomID, glance{kind: kind}, e)
		if err := b.store(w); err != nil {
			b.m.log.Warn("an event that cannot be kept", "error", err)
		}
	}
}
