package matrix

import (
	"context"
	"sync"
	"time"
)

// unread is the time of which something was said in a room that could not be read and will not be.
type unread struct {
	mu          sync.Mutex
	from, until time.Time
}

// Unread tells from when until when something may have been said in this run that the homeserver refuses to tell any more;
// zero times when there is no such thing.
func (m *Matrix) Unread() (from, until time.Time) {
	m.unread.mu.Lock()
	defer m.unread.mu.Unlock()
	return m.unread.from, m.unread.until
}

// forgoes what was said in a room since a time, in Unix milliseconds: the server refuses to tell it for good.
func (b *batch) forgoes(ctx context.Context, roomID string, since int64, err error) {
	b.m.log.WarnContext(ctx, "a gap stays unread", "room", roomID, "error", redact(err))
	from, u := b.m.now(), &b.m.unread
	if since > 0 {
		from = time.UnixMilli(since)
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.until = b.m.now(); u.from.IsZero() || from.Before(u.from) {
		u.from = from
	}
}
