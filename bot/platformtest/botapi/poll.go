package botapi

import (
	"time"
)

const (
	longestPoll    = 50 // seconds
	largestBatch   = 100
	conflictPause  = 3 * time.Second
	terminatedPoll = "terminated by other getUpdates request; make sure that only one bot instance is running"
	terminatedHook = "terminated by setWebhook request"
	hookActive     = "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
)

// poll is a getUpdates that waits.
type poll struct {
	limit int
	bell  chan struct{}
	ended chan *refusal
}

// ring wakes the poll that waits.
func (q *queue) ring() {
	if q.poll == nil {
		return
	}
	select {
	case q.poll.bell <- struct{}{}:
	default:
	}
}

// end refuses the poll that waits.
func (q *queue) end(why *refusal) {
	if q.poll != nil {
		q.poll.ended <- why
		q.poll = nil
	}
}

// getUpdates confirms everything below the offset, and waits for what comes next.
func (s *Server) getUpdates(c *call) ([]byte, *refusal) {
	s.mu.Lock()
	if s.hook.url != "" {
		s.mu.Unlock()
		return nil, s.clash(c, conflict(hookActive))
	}
	now := s.now()
	s.allow(c)
	q := &s.queue
	q.end(conflict(terminatedPoll))
	offset := c.number("offset", 0, -queueLimit, 1<<62)
	limit := int(c.number("limit", largestBatch, 1, largestBatch))
	timeout := time.Duration(c.number("timeout", 0, 0, longestPoll)) * time.Second
	limit, timeout = q.slow(offset, limit, timeout, now)
	q.expire(now)
	q.confirm(offset)
	batch := q.take(limit)
	if len(batch) > 0 || timeout == 0 || s.impatient {
		raw := encodeBatch(batch)
		s.mu.Unlock()
		return raw, nil
	}
	p := &poll{limit: limit, bell: make(chan struct{}, 1), ended: make(chan *refusal, 1)}
	q.poll = p
	s.mu.Unlock()
	return s.wait(c, p, timeout)
}

// slow brakes a bot that repeats an offset.
func (q *queue) slow(offset int64, limit int, timeout time.Duration, now time.Time) (int, time.Duration) {
	if offset == q.last {
		since := now.Sub(q.lastAt)
		if since < 3*time.Second {
			timeout = max(timeout, 3*time.Second)
		}
		if since < 500*time.Millisecond {
			limit = 1
		}
	}
	q.last, q.lastAt = offset, now
	return limit, timeout
}

// wait keeps a poll until there is something to say.
func (s *Server) wait(c *call, p *poll, timeout time.Duration) ([]byte, *refusal) {
	timer := time.NewTimer(timeout)
	defer timer.Stop()
	for {
		select {
		case <-p.bell:
			if raw, found := s.wake(p); found {
				return raw, nil
			}
		case <-timer.C:
			s.leave(p)
			return []byte("[]"), nil
		case why := <-p.ended:
			if why.code != conflictCode {
				return nil, why
			}
			return nil, s.clash(c, why)
		case <-c.ctx.Done():
			s.leave(p)
			return nil, &refusal{lost: c.ctx.Err()}
		}
	}
}

const conflictCode = 409

// clash refuses at once the first time, and after 3 s when conflicts are repeated.
func (s *Server) clash(c *call, why *refusal) *refusal {
	s.mu.Lock()
	now := s.now()
	again := now.Before(s.queue.conflict)
	if !again {
		s.queue.conflict = now.Add(conflictPause)
	}
	s.mu.Unlock()
	if again {
		if lost := pause(c.ctx, conflictPause); lost != nil {
			return &refusal{lost: lost}
		}
	}
	return why
}

func (s *Server) wake(p *poll) (raw []byte, found bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.queue.poll != p {
		return nil, false
	}
	s.queue.expire(s.now())
	batch := s.queue.take(p.limit)
	if len(batch) == 0 {
		return nil, false
	}
	s.queue.poll = nil
	return encodeBatch(batch), true
}

func (s *Server) leave(p *poll) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.queue.poll == p {
		s.queue.poll = nil
	}
}

func encodeBatch(batch []update) []byte {
	size := 2
	for _, u := range batch {
		size += len(u.raw) + 1
	}
	b := append(make([]byte, 0, size), '[')
	for i, u := range batch {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, u.raw...)
	}
	return append(b, ']')
}

// Restart ends the poll that waits and the links to files, as a restart of the server does. The queue is kept.
func (s *Server) Restart() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.queue.end(&refusal{code: 500, text: "Internal Server Error: restart"})
	s.queue.handed, s.queue.last = 0, -1
	clear(s.paths)
}
