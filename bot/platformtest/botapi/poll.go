package botapi

import (
	"context"
	"strconv"
	"time"
)

// The server's own numbers for long polls.
const (
	maxPoll      = 50
	maxBatch     = 100
	conflictGap  = 3 * time.Second // between two 409 answers
	hastyTimeout = 3               // seconds, for who asks the same again at once
)

// The server's words for a poll that cannot be.
const (
	secondPoller = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
	hookIsSet    = "Conflict: terminated by setWebhook request"
	hookActive   = "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
)

// pollState is what one poll leaves for the next.
type pollState struct {
	waiting      *poller
	asked        bool
	offset       int64
	at           time.Time
	nextConflict time.Time
}

// poller is a poll that is held open.
type poller struct {
	ended chan struct{}
	why   string
}

func (s *Server) getUpdates(ctx context.Context, c *call) (answer, error) {
	s.mu.Lock()
	if s.hook.url != "" {
		return s.conflict(ctx, hookActive)
	}
	s.poll.end(secondPoller)
	offset := c.clamped("offset", 0, -1<<31, 1<<31-1)
	limit := int(c.clamped("limit", maxBatch, 1, maxBatch))
	wait := c.clamped("timeout", 0, 0, maxPoll)
	s.queue.allow(c.get("allowed_updates"))
	limit, wait = s.calm(offset, limit, wait)
	if items := s.queue.seek(offset, s.now()); len(items) > 0 || wait == 0 {
		defer s.mu.Unlock()
		return batch(items, limit), nil
	}
	return s.hold(ctx, offset, limit, time.Duration(wait)*time.Second)
}

// calm slows down who asks for the same offset again at once: a longer wait, and single updates.
func (s *Server) calm(offset int64, limit int, wait int64) (int, int64) {
	now := s.now()
	if s.limits.on && s.poll.asked && offset == s.poll.offset {
		if since := now.Sub(s.poll.at); since < 500*time.Millisecond {
			limit, wait = 1, max(wait, hastyTimeout)
		} else if since < 3*time.Second {
			wait = max(wait, hastyTimeout)
		}
	}
	s.poll.asked, s.poll.offset, s.poll.at = true, offset, now
	return limit, wait
}

// hold keeps a poll open until something comes. It is called under the lock and gives it back.
func (s *Server) hold(ctx context.Context, offset int64, limit int, wait time.Duration) (answer, error) {
	p := &poller{ended: make(chan struct{})}
	s.poll.waiting = p
	timer := time.NewTimer(wait)
	defer timer.Stop()
	for timeout := false; ; {
		if s.queue.wake == nil {
			s.queue.wake = make(chan struct{})
		}
		wake := s.queue.wake
		s.mu.Unlock()
		var err error
		select {
		case <-wake:
		case <-p.ended:
		case <-timer.C:
			timeout = true
		case <-ctx.Done():
			err = ctx.Err()
		}
		s.mu.Lock()
		if p.why != "" {
			return s.conflict(ctx, p.why)
		}
		items := s.queue.seek(offset, s.now())
		if err != nil || timeout || len(items) > 0 {
			s.poll.waiting = nil
			defer s.mu.Unlock()
			return batch(items, limit), err
		}
	}
}

// end makes a held poll answer with 409.
func (p *pollState) end(why string) {
	if p.waiting != nil {
		p.waiting.why = why
		close(p.waiting.ended)
		p.waiting = nil
	}
}

// conflict answers 409, the first time at once, soon after that 3 s later. It is called under the lock and gives it back.
func (s *Server) conflict(ctx context.Context, why string) (answer, error) {
	var delay time.Duration
	if now := s.now(); now.Before(s.poll.nextConflict) {
		delay = conflictGap
	} else {
		s.poll.nextConflict = now.Add(conflictGap)
	}
	s.mu.Unlock()
	if err := pause(ctx, delay); err != nil {
		return answer{}, err
	}
	return answer{refused: refuse(409, why)}, nil
}

// batch is the whole body of an answer to getUpdates.
func batch(items []item, limit int) answer {
	items = items[:min(limit, len(items))]
	size := 32
	for i := range items {
		size += len(items[i].raw) + 1
	}
	b := append(make([]byte, 0, size), `{"ok":true,"result":[`...)
	for i := range items {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, items[i].raw...)
	}
	return answer{result: append(b, ']', '}'), whole: true, note: strconv.Itoa(len(items)) + " updates"}
}
