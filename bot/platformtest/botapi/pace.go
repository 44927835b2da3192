package botapi

import "time"

// Telegram publishes no limits; these are those of its FAQ and of what bots report.
const (
	burst        = 5           // messages to one private chat at once, then one a second
	groupWrites  = 20          // writes to one group
	groupWindow  = time.Minute // in which they are counted
	totalWrites  = 30          // writes to all chats
	totalWindow  = time.Second // in which they are counted
	sameUploads  = 5           // uploads of one size
	uploadWindow = time.Minute // in which they are counted
	largeUpload  = 100 << 10   // bytes; smaller uploads are not counted
	uploadBan    = 60          // seconds
	privateRate  = time.Second // in which a private chat bears one more message
)

// pace is what is written to all chats, and what came of writing too fast.
type pace struct {
	all       window
	closed    map[place]ban
	throttled int
	doubled   int
}

// place is what can be closed: a chat, or a method without one.
type place struct {
	chat   int64
	method string
}

// ban is a time in which a chat is to be left alone.
type ban struct {
	until time.Time
	span  time.Duration
}

// window holds the times of the last writes.
type window struct{ times []time.Time }

// room reports whether n more fit, and if not, when they will.
func (w *window) room(n, most int, span time.Duration, now time.Time) (wait time.Duration, fits bool) {
	old := 0
	for old < len(w.times) && now.Sub(w.times[old]) >= span {
		old++
	}
	w.times = append(w.times[:0], w.times[old:]...)
	if len(w.times)+n <= most {
		return 0, true
	}
	i := min(len(w.times)+n-most, len(w.times)) - 1
	if i < 0 {
		return span, false
	}
	return span - now.Sub(w.times[i]), false
}

func (w *window) note(n int, now time.Time) {
	for range n {
		w.times = append(w.times, now)
	}
}

// gauge is how much a private chat bears.
type gauge struct {
	spent float64
	at    time.Time
}

func (g *gauge) room(n int, now time.Time) (wait time.Duration, fits bool) {
	g.spent = max(0, g.spent-now.Sub(g.at).Seconds()/privateRate.Seconds())
	g.at = now
	if over := g.spent + float64(n) - burst; over > 0 && g.spent > 0 {
		return time.Duration(over * float64(privateRate)), false
	}
	return 0, true
}

// Throttled is how many calls were refused because they came too fast.
func (s *Server) Throttled() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.pace.throttled
}

// Doubled is how many calls came while their chat was closed; each doubled the time.
func (s *Server) Doubled() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.pace.doubled
}

// write asks whether a chat bears n more writes, and notes them.
func (s *Server) write(ch *chat, n int) *refusal {
	if !s.limits && s.pace.closed == nil {
		return nil
	}
	now := s.now()
	if refused := s.banned(place{chat: ch.id}, now); refused != nil || !s.limits {
		return refused
	}
	if wait, fits := s.pace.all.room(n, totalWrites, totalWindow, now); !fits {
		return s.ban(place{chat: ch.id}, wait, now)
	}
	if ch.id < 0 {
		if wait, fits := ch.written.room(n, groupWrites, groupWindow, now); !fits {
			return s.ban(place{chat: ch.id}, wait, now)
		}
		ch.written.note(n, now)
	} else {
		if wait, fits := ch.gauge.room(n, now); !fits {
			return s.ban(place{chat: ch.id}, wait, now)
		}
		ch.gauge.spent += float64(n)
	}
	s.pace.all.note(n, now)
	return nil
}

func (s *Server) ban(at place, wait time.Duration, now time.Time) *refusal {
	seconds := int((wait + time.Second - 1) / time.Second)
	span := time.Duration(max(seconds, 1)) * time.Second
	if s.pace.closed == nil {
		s.pace.closed = map[place]ban{}
	}
	s.pace.closed[at] = ban{until: now.Add(span), span: span}
	s.pace.throttled++
	return tooMany(int(span / time.Second))
}

// banned refuses a call to a closed place, and closes it for twice as long. Telegram only says that the time grows.
func (s *Server) banned(at place, now time.Time) *refusal {
	b, closed := s.pace.closed[at]
	if !closed {
		return nil
	}
	if !now.Before(b.until) {
		delete(s.pace.closed, at)
		return nil
	}
	b.span *= 2
	b.until = now.Add(b.span)
	s.pace.closed[at] = b
	s.pace.throttled++
	s.pace.doubled++
	return tooMany(int(b.span / time.Second))
}

// shut refuses a call of a method without a chat while it is closed.
func (s *Server) shut(c *call) *refusal {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.pace.closed == nil || c.has("chat_id") {
		return nil
	}
	return s.banned(place{method: c.method.name}, s.now())
}

// close closes the place of a call because a test says so.
func (s *Server) close(c *call, seconds int) *refusal {
	s.mu.Lock()
	defer s.mu.Unlock()
	now, at := s.now(), place{chat: c.id("chat_id")}
	if at.chat == 0 {
		at.method = c.method.name
	}
	if refused := s.banned(at, now); refused != nil {
		return refused
	}
	return s.ban(at, time.Duration(seconds)*time.Second, now)
}
