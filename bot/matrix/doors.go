package matrix

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"maunium.net/go/mautrix"
	"maunium.net/go/mautrix/id"

	"github.com/buurtbot/buurtbot/bot"
)

// How many invitations are dealt with: at one poll, from one person in an hour, and how often each is tried.
const (
	doorsPerPoll   = 5
	doorsPerPerson = 5
	doorsSpan      = time.Hour
	doorTries      = 30
	maxVisits      = 500 // of all people, that are remembered; the oldest are forgotten first
)

// door is a room that we are asked into, until we are in it or have turned away. It is stored with the checkpoint, so a
// crash loses no invitation.
type door struct {
	Room   string   `json:"room"`
	By     string   `json:"by,omitempty"`     // who invited us
	Direct bool     `json:"direct,omitempty"` // it was made for one person and us
	Away   bool     `json:"away,omitempty"`   // we do not go in, or go out
	Why    string   `json:"why,omitempty"`    // told when we turn away
	In     bool     `json:"in,omitempty"`     // we went in; the stream has not said so yet
	Old    string   `json:"old,omitempty"`    // the room that goes on in this one
	Via    []string `json:"via,omitempty"`    // servers that know the room
	Tries  int      `json:"tries,omitempty"`
}

// visit is a room that we went into because somebody asked. It is stored with the checkpoint, so that a storm of invitations
// that lasts longer than a poll, or than the program, is still one.
type visit struct {
	By string `json:"by"`
	At int64  `json:"at"` // Unix milliseconds
}

// gate keeps us from asking again before the server wants it; it belongs to the caller of PollOnce.
type gate struct{ before time.Time }

// invited reads an invitation. Spaces hold nothing to say anything in: the invitation stands until one is to be taken
// over, see Adopt. An encrypted room is no use without keys, and somebody who sends many invitations gets few answers.
func (b *batch) invited(roomID string, state []json.RawMessage) {
	d := door{Room: roomID}
	me := string(b.link.UserID)
	for _, raw := range state {
		e, err := parse(raw)
		if err != nil || e.StateKey == nil {
			continue
		}
		var c struct {
			Type string `json:"type"`
			membership
		}
		_ = json.Unmarshal(e.Content, &c) // of another form: nothing known
		switch {
		case e.Type == typeMember && *e.StateKey == me:
			d.By, d.Direct = e.Sender, c.Direct
		case e.Type == "m.room.create" && c.Type == "m.space":
			return
		case e.Type == "m.room.encryption" && b.link.vault == nil:
			d.Away, d.Why = true, b.m.text("turned.keyless")
		}
	}
	if !d.Away && b.asked(d.By) >= doorsPerPerson {
		d.Away, d.Why = true, b.m.text("turned.crowded", "n", doorsPerPerson)
	}
	b.mark.Doors = slices.DeleteFunc(slices.Clone(b.mark.Doors), func(o door) bool {
		if o.Room == roomID {
			d.Old, d.Via = o.Old, o.Via
		}
		return o.Room == roomID
	})
	b.mark.Doors = append(b.mark.Doors, d)
}

// asked counts the rooms that somebody asked us into within the last hour, as far as we go in or went.
func (b *batch) asked(by string) int {
	n := 0
	for _, d := range b.mark.Doors {
		if d.By == by && !d.In && !d.Away {
			n++
		}
	}
	for _, v := range b.mark.Visits {
		if v.By == by && b.m.now().Sub(time.UnixMilli(v.At)) < doorsSpan {
			n++
		}
	}
	return n
}

// visits notes that we went into a room because somebody asked.
func (b *batch) visits(by string) {
	now := b.m.now()
	b.mark.Visits = slices.DeleteFunc(slices.Clone(b.mark.Visits), func(v visit) bool {
		return now.Sub(time.UnixMilli(v.At)) >= doorsSpan
	})
	b.mark.Visits = append(b.mark.Visits, visit{By: by, At: now.UnixMilli()})
	b.mark.Visits = b.mark.Visits[max(0, len(b.mark.Visits)-maxVisits):]
}

// closed reads that a private room goes on in another, which is entered before anything moves there. Other rooms are
// followed only when somebody who may says so.
func (b *batch) closed(roomID string, e *happening) {
	var c struct {
		Replacement string `json:"replacement_room"`
	}
	if json.Unmarshal(e.Content, &c) != nil || c.Replacement == "" {
		return
	}
	b.mark.Doors = slices.Clone(b.mark.Doors)
	for i, d := range b.mark.Doors {
		if d.Room == c.Replacement && !d.In && !d.Away {
			b.mark.Doors[i].Old = roomID
			return
		}
	}
	via := id.UserID(e.Sender).Homeserver()
	b.mark.Doors = append(b.mark.Doors, door{Room: c.Replacement, Old: roomID, Via: []string{via}})
}

// met reads a change of membership: our own coming in is the doing of whoever invited us; a person who leaves us alone
// in a private room is followed out; a third person ends the privacy.
func (b *batch) met(e *happening, before glance, w *wire) {
	if e.StateKey == nil {
		return
	}
	me := string(b.link.UserID)
	if *e.StateKey == me {
		for i, d := range b.mark.Doors {
			if d.Room == w.Room.ID && e.is("join") {
				w.From = wireUser{ID: d.By, Name: before.names[d.By]}
				b.mark.Doors = slices.Delete(slices.Clone(b.mark.Doors), i, i+1)
				return
			}
		}
		return
	}
	_, known := before.names[*e.StateKey]
	comes := e.is("join") || e.is("invite")
	w.Stranger = before.kind == kindPrivate && comes && !known && before.crowd >= 2
	if before.kind == kindPrivate && !comes {
		b.mark.Doors = append(slices.Clone(b.mark.Doors), door{Room: w.Room.ID, Away: true})
	}
}

// doors enters rooms and turns away from others, a few at a time.
func (b *batch) doors(ctx context.Context) error {
	if b.m.now().Before(b.m.joining.before) {
		return nil
	}
	var left []door
	tried := 0
	for _, d := range b.mark.Doors {
		if d.In {
			if d.Tries++; d.Tries > doorTries { // we were in it before, so nothing will come
				continue
			}
		}
		if d.In || tried >= doorsPerPoll || b.m.now().Before(b.m.joining.before) {
			left = append(left, d)
			continue
		}
		tried++
		stays, err := b.door(ctx, &d)
		if err != nil {
			return err
		}
		if stays {
			left = append(left, d)
		}
	}
	b.mark.Doors = left
	return nil
}

// door deals with one room and reports whether it has to be remembered.
func (b *batch) door(ctx context.Context, d *door) (stays bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, callDeadline)
	defer cancel()
	if d.Away {
		_, err = b.link.LeaveRoom(ctx, id.RoomID(d.Room), &mautrix.ReqLeave{Reason: d.Why})
	} else {
		_, err = b.link.JoinRoom(ctx, d.Room, &mautrix.ReqJoinRoom{Via: d.Via})
	}
	switch {
	case errors.Is(err, mautrix.MUnknownToken):
		return true, err
	case err != nil:
		return b.shut(ctx, d, err), nil
	case d.Away:
		return false, nil
	}
	return b.enter(ctx, d)
}

// shut decides whether a door that did not open is tried again.
func (b *batch) shut(ctx context.Context, d *door, err error) bool {
	var said *bot.SendError
	if errors.As(b.m.classify(err), &said) && said.After > 0 && said.Global {
		b.m.joining.before = b.m.now().Add(said.After)
	}
	d.Tries++
	if lasting(err) || d.Tries >= doorTries {
		b.m.log.InfoContext(ctx, "a room is not entered", "away", d.Away, "error", redact(err))
		return false
	}
	return true
}

// enter does what comes after going in. A room says itself which room it goes on for, so that nobody can draw a
// conversation into a room of their own.
func (b *batch) enter(ctx context.Context, d *door) (stays bool, err error) {
	d.In = true
	if d.By != "" {
		b.visits(d.By)
	}
	if d.Direct {
		if err := b.m.markDirect(ctx, b.link, d.By, d.Room); err != nil {
			return true, err
		}
	}
	if d.Old == "" {
		return true, nil
	}
	g, err := b.m.look(ctx, b.link, d.Room)
	if err != nil {
		return true, b.unseen(ctx, err)
	}
	if g.before != d.Old {
		b.m.log.WarnContext(ctx, "a room that does not go on for the one that named it")
		return false, nil
	}
	raw, err := json.Marshal(wire{Room: wireRoom{ID: d.Old, Kind: g.kind}, Type: typeTombstone, Moved: d.Room})
	if err != nil {
		return true, fmt.Errorf("envelope: %w", err)
	}
	w := wire{Room: wireRoom{ID: d.Old}, Moved: d.Room}
	b.rows = append(b.rows, bot.Raw{External: w.external(), Body: raw})
	return true, nil
}
