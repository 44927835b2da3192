package matrix

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"

	"maunium.net/go/mautrix"
)

// idleReads is how often in a row nothing new comes until all counts as read that there is.
const idleReads = 3

// gap is a part of a room's past that is too large for one poll. It is read from its beginning at the polls after that, and
// what happens in the room meanwhile waits behind it: what was said first is heard first. It is stored with the checkpoint,
// so a stop loses nothing of it.
type gap struct {
	Room  string `json:"room"`
	From  string `json:"from"`            // where it is read on; empty = at the beginning of the room
	Seen  string `json:"seen,omitempty"`  // the last event that was read, which a server may give once more
	Until string `json:"until,omitempty"` // the last event that the stream told of
	Cut   int64  `json:"cut,omitempty"`   // Unix milliseconds: what is older is not read
	Since int64  `json:"since,omitempty"` // Unix milliseconds of the batch before it
	Idle  int    `json:"idle,omitempty"`  // how often nothing new came, in a row
}

// opens begins a gap in a room of which a poll read no more than a part. Where its beginning cannot be told it begins with
// that part.
func (b *batch) opens(ctx context.Context, roomID string, was missed, list []json.RawMessage) error {
	g := gap{Room: roomID, From: was.start, Seen: was.seen, Cut: b.cut, Since: b.mark.At}
	if b.mark.Batch == "" {
		var err error
		if g.From, err = b.beginning(ctx, roomID, was.at); err != nil && !lasting(err) {
			return fmt.Errorf("beginning of a gap: %w", err)
		}
	}
	b.m.log.WarnContext(ctx, "a gap is too large for one poll; it is read on at the next ones", "room", roomID)
	b.passes(ctx, &g, list)
	b.mark.Gaps = append(b.mark.Gaps, g)
	return nil
}

// beginning goes back to what was read before the server lost its stream, and keeps nothing of what is on the way.
func (b *batch) beginning(ctx context.Context, roomID, at string) (string, error) {
	for {
		got, err := b.m.messages(ctx, b.link, roomID, span{from: at, limit: pageSize})
		if err != nil || len(got.Chunk) == 0 || got.End == at {
			return at, err
		}
		if at = got.End; at == "" || b.complete(got.Chunk) {
			return at, nil
		}
	}
}

// behind gives the open gap of a room; nil when there is none.
func (b *batch) behind(roomID string) *gap {
	i := slices.IndexFunc(b.mark.Gaps, func(g gap) bool { return g.Room == roomID })
	if i < 0 {
		return nil
	}
	return &b.mark.Gaps[i]
}

// passes takes over what the stream tells of a room with an open gap. Its state counts at once, so that nothing plain goes
// into a room that is encrypted by now; what was said is read when the gap has come so far.
func (b *batch) passes(ctx context.Context, g *gap, list []json.RawMessage) {
	for _, raw := range list {
		if e, err := parse(raw); err == nil {
			b.state(ctx, g.Room, e)
			g.Until = e.ID
		}
	}
}

// gaps reads on in every open gap. A gap that cannot be read now stays open, and the other rooms go on.
func (b *batch) gaps(ctx context.Context) error {
	open := b.mark.Gaps
	b.mark.Gaps, b.m.poll.stuck = nil, false
	for _, g := range open {
		closed, err := b.readOn(ctx, &g)
		switch {
		case ctx.Err() != nil, errors.Is(err, mautrix.MUnknownToken), refusedWith(err, http.StatusTooManyRequests):
			return fmt.Errorf("read on: %w", errors.Join(err, ctx.Err()))
		case lasting(err):
			b.forgoes(ctx, g.Room, g.Since, err)
			continue
		case err != nil:
			b.m.log.WarnContext(ctx, "a gap cannot be read now", "room", g.Room, "error", redact(err))
			b.m.poll.stuck = true
		}
		if !closed {
			b.mark.Gaps = append(b.mark.Gaps, g)
		}
	}
	return nil
}

// readOn reads a gap for as many pages as a poll may, and reports whether it is closed. The room is known by then as it is
// now, so what changed it before changes nothing.
func (b *batch) readOn(ctx context.Context, g *gap) (closed bool, err error) {
	b.past = true
	defer func() { b.past = false }()
	for range b.m.pages {
		got, err := b.m.messages(ctx, b.link, g.Room, span{from: g.From, limit: pageSize, forwards: true})
		if err != nil {
			return false, err
		}
		fresh := got.Chunk[slices.IndexFunc(got.Chunk, isEvent(g.Seen))+1:]
		if len(fresh) == 0 {
			g.Idle++
			b.m.poll.stuck = true
			return g.Idle >= idleReads, nil
		}
		if closed, err = b.hears(ctx, g, fresh); err != nil || closed {
			return closed, err
		}
		g.Seen, g.Idle = idOf(fresh[len(fresh)-1]), 0
		if got.End != "" {
			g.From = got.End
		}
	}
	return false, nil
}

// isPast reports whether an event of a gap says nothing any more: who came and went, which the room's state tells, and what
// somebody said in a private room who is not in it now, because it was not private then.
func (e *happening) isPast(now glance) bool {
	_, in := now.names[e.Sender]
	return e.Type == typeMember || now.kind == kindPrivate && !in
}

// hears reads events of a gap, the oldest first, up to the last that the stream told of: what comes after it the stream
// still tells.
func (b *batch) hears(ctx context.Context, g *gap, list []json.RawMessage) (closed bool, err error) {
	for _, raw := range list {
		e, err := parse(raw)
		if err != nil {
			b.m.log.WarnContext(ctx, "an event that cannot be read", "error", err)
			continue
		}
		if e.At >= g.Cut {
			if err := b.event(ctx, g.Room, e); err != nil {
				return false, err
			}
		}
		if e.ID == g.Until {
			return true, nil
		}
	}
	return false, nil
}
