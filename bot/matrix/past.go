package matrix

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"

	"maunium.net/go/mautrix"
)

// How much of a room's past is read at one poll: so many pages of so many events.
const (
	pagesPerPoll = 50
	pageSize     = 100
)

// span is a part of a room's past, read backwards unless it says otherwise.
type span struct {
	from, to string
	limit    int
	forwards bool
}

type past struct {
	Chunk []json.RawMessage `json:"chunk"`
	End   string            `json:"end"`
}

func (m *Matrix) messages(ctx context.Context, l *link, roomID string, s span) (past, error) {
	ctx, cancel := context.WithTimeout(ctx, callDeadline)
	defer cancel()
	query := map[string]string{"dir": "b", "limit": strconv.Itoa(s.limit)}
	if s.forwards {
		query["dir"] = "f"
	}
	if s.from != "" {
		query["from"] = s.from
	}
	if s.to != "" {
		query["to"] = s.to
	}
	var got past
	_, err := l.MakeRequest(ctx, http.MethodGet,
		l.BuildURLWithQuery(mautrix.ClientURLPath{"v3", "rooms", roomID, "messages"}, query), nil, &got)
	return got, err
}

// missed is what happened in a room between two batches, as far as it was read.
type missed struct {
	list  []json.RawMessage // the newest first
	at    string            // how far back it was read
	whole bool
	seen  string            // an event of the batch before, or of one before that; empty = not known
	start string            // a place before that
	young []json.RawMessage // what stands behind seen up to the batch before, the newest first, and may be new all the same
}

// backfill fetches what happened in a room between the last batch and this one, as far as a poll may. What
// the server refuses to tell is left, and told of.
func (b *batch) backfill(ctx context.Context, roomID, from string) (missed, error) {
	was := missed{at: from}
	err := b.lastSeen(ctx, roomID, &was)
	for n := 0; err == nil && !was.whole && n < b.m.pages; n++ {
		err = b.page(ctx, roomID, &was)
	}
	if lasting(err) {
		b.forgoes(ctx, roomID, b.mark.At, err)
		was.whole = true
		return was, nil
	}
	if err != nil {
		return was, fmt.Errorf("fill a gap: %w", err)
	}
	was.besides()
	return was, nil
}

// besides adds what the pages passed over.
func (was *missed) besides() {
	for _, raw := range was.young {
		if !slices.ContainsFunc(was.list, isEvent(idOf(raw))) {
			was.list = append(was.list, raw)
		}
	}
}

// How much is read once more of what was heard before a gap, for the inbox to drop: so many events at most, while the inbox
// knows them for certain. Where two events stand beside each other, such as a message and the answer to one before it, a
// server takes the place of a batch for a place behind either (Dendrite does), and the other would be lost.
const (
	readTwice = 20
	longGone  = 48 * time.Hour
)

// lastSeen finds an event of a room that was told of before this batch, behind which nothing was.
func (b *batch) lastSeen(ctx context.Context, roomID string, was *missed) error {
	if b.mark.Batch == "" {
		return nil // times tell what is old
	}
	got, err := b.m.messages(ctx, b.link, roomID, span{from: b.mark.Batch, limit: readTwice})
	if was.start = b.mark.Batch; err == nil && len(got.Chunk) > 0 {
		heard := b.heardFor(got.Chunk)
		was.seen, was.young, was.start = idOf(got.Chunk[heard]), got.Chunk[:heard], got.End
	}
	return err
}

// knows reports whether the inbox still knows for certain what was heard at a time, in Unix milliseconds.
func (b *batch) knows(at int64) bool { return b.m.now().Sub(time.UnixMilli(at)) <= longGone }

// heardFor is the place of the first event, the newest first, that was heard so long before the last batch that nothing beside
// it can be new. After a long silence it is the newest.
func (b *batch) heardFor(list []json.RawMessage) int {
	if !b.knows(b.mark.At) {
		return 0
	}
	old := slices.IndexFunc(list, func(raw json.RawMessage) bool {
		e, err := parse(raw)
		return err == nil && e.At < b.mark.At-overlap
	})
	if old < 0 {
		return len(list) - 1
	}
	return old
}

// page reads one more page backwards. It ends at what was heard, because not every server ends at the place
// that it is told: Dendrite goes on to the beginning of the room, where commands stand that were obeyed long ago.
func (b *batch) page(ctx context.Context, roomID string, was *missed) error {
	got, err := b.m.messages(ctx, b.link, roomID, span{from: was.at, to: b.mark.Batch, limit: pageSize})
	if err != nil {
		return err
	}
	end := slices.IndexFunc(got.Chunk, isEvent(was.seen))
	was.whole = end >= 0 || len(got.Chunk) == 0 || got.End == "" || got.End == was.at || b.complete(got.Chunk)
	if end < 0 {
		end = len(got.Chunk)
	}
	was.list, was.at = append(was.list, got.Chunk[:end]...), got.End
	return nil
}

// idOf is the id of an event; empty when it has none.
func idOf(raw json.RawMessage) string {
	e, err := parse(raw)
	if err != nil {
		return ""
	}
	return e.ID
}

// isEvent finds an event by its id.
func isEvent(id string) func(json.RawMessage) bool {
	return func(raw json.RawMessage) bool { return id != "" && idOf(raw) == id }
}
