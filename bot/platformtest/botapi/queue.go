package botapi

import (
	"bytes"
	"encoding/json"
	"strconv"
	"time"
)

// What Telegram keeps, and for how long (telegram-bot-api, Client.cpp; td, TQueue.cpp).
const (
	queueLimit  = 100_000
	updateLife  = 24 * time.Hour
	pressLife   = 150 * time.Second
	offsetSlack = 10 // an offset this far beyond the tail is not believed
	// queryLife is how long a press can be answered; Telegram does not say how long, and an answer that comes later than
	// the press would have lived is of no use.
	queryLife = pressLife
)

// update is one that waits to be confirmed.
type update struct {
	id      int64
	expires int64 // Unix seconds
	raw     []byte
	lane    int64 // deliveries to a webhook keep the order within a lane
}

// queue holds updates in the order in which they came. It is in the server's lock.
type queue struct {
	waiting  []update
	handed   int   // how many from the head were given out
	next     int64 // the id of the next update
	soonest  int64 // no update expires before; 0 = not known
	allowed  map[string]bool
	last     int64 // the offset of the last poll
	lastAt   time.Time
	poll     *poll
	conflict time.Time // no 409 is given at once before
}

func newQueue(first int64) queue { return queue{next: first, last: -1, allowed: defaultKinds()} }

// kinds are all kinds of updates that can be asked for.
func kinds() []string {
	return []string{
		"message", "edited_message", "channel_post", "edited_channel_post", "business_connection", "business_message",
		"edited_business_message", "deleted_business_messages", "message_reaction", "message_reaction_count", "inline_query",
		"chosen_inline_result", "callback_query", "shipping_query", "pre_checkout_query", "purchased_paid_media", "poll",
		"poll_answer", "my_chat_member", "chat_member", "chat_join_request", "chat_boost", "removed_chat_boost",
	}
}

// defaultKinds are those that come to a bot that names none.
func defaultKinds() map[string]bool {
	allowed := map[string]bool{}
	for _, kind := range kinds() {
		allowed[kind] = kind != "chat_member" && kind != "message_reaction" && kind != "message_reaction_count"
	}
	return allowed
}

// allow reads allowed_updates. What is missing, null or no list leaves things as they are; names that are not known count
// for nothing.
func (s *Server) allow(c *call) {
	var names []string
	raw := c.text("allowed_updates")
	if raw == "" || json.Unmarshal([]byte(raw), &names) != nil || names == nil {
		return
	}
	if len(names) == 0 {
		s.queue.allowed = defaultKinds()
		return
	}
	s.queue.allowed = make(map[string]bool, len(names))
	for _, name := range names {
		s.queue.allowed[name] = true
	}
}

// push queues an update of a kind, unless the bot did not ask for it. What it is about is written by the caller.
func (s *Server) push(kind string, lane int64, life time.Duration, about []byte) {
	if !s.queue.allowed[kind] {
		return
	}
	b := make([]byte, 0, len(about)+len(kind)+40)
	b = append(b, `{"update_id":`...)
	b = strconv.AppendInt(b, s.queue.next, 10)
	b = append(append(append(b, ',', '"'), kind...), '"', ':')
	b = append(append(b, about...), '}')
	s.enqueue(update{id: s.queue.next, raw: b, lane: lane}, life)
	s.queue.next++
}

func (s *Server) enqueue(u update, life time.Duration) {
	q := &s.queue
	if len(q.waiting) >= queueLimit {
		return
	}
	u.expires = s.now().Add(life).Unix()
	if q.soonest == 0 || u.expires < q.soonest {
		q.soonest = u.expires
	}
	q.waiting = append(q.waiting, u)
	q.ring()
}

// expire drops what nobody fetched in time.
func (q *queue) expire(now time.Time) {
	at := now.Unix()
	if q.soonest == 0 || at < q.soonest {
		return
	}
	kept, handed := q.waiting[:0], 0
	q.soonest = 0
	for i, u := range q.waiting {
		if u.expires <= at {
			continue
		}
		if i < q.handed {
			handed++
		}
		if q.soonest == 0 || u.expires < q.soonest {
			q.soonest = u.expires
		}
		kept = append(kept, u)
	}
	clear(q.waiting[len(kept):])
	q.waiting, q.handed = kept, handed
}

// confirm forgets all updates below an offset, for ever. An offset far beyond the tail says nothing, a negative one keeps
// only that many of the last. Ids go up, so the last one below the offset that was given out ends what is confirmed; when
// a test has set the ids back, those before it are older still.
func (q *queue) confirm(offset int64) {
	if offset < 0 {
		q.drop(max(0, len(q.waiting)+int(max(offset, -queueLimit))))
		return
	}
	if offset > q.next+offsetSlack {
		return
	}
	n := q.handed
	for n > 0 && q.waiting[n-1].id >= offset {
		n--
	}
	for n == q.handed && n < len(q.waiting) && q.waiting[n].id < offset {
		n++
		q.handed++
	}
	q.drop(n)
}

func (q *queue) drop(n int) {
	clear(q.waiting[:n])
	q.waiting = q.waiting[n:]
	q.handed = max(0, q.handed-n)
	if len(q.waiting) == 0 {
		q.waiting, q.soonest = nil, 0
	}
}

// take gives the first updates of what waits.
func (q *queue) take(limit int) []update {
	n := min(limit, len(q.waiting))
	q.handed = max(q.handed, n)
	return q.waiting[:n]
}

// Pending is how many updates wait to be confirmed.
func (s *Server) Pending() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.queue.expire(s.now())
	return len(s.queue.waiting)
}

// SetNextUpdateID makes the ids of updates go on from another number, as they do after a quiet week.
func (s *Server) SetNextUpdateID(id int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.queue.next = id
}

// Push queues an update as it is, of whatever kind and form, also when the bot did not ask for its kind. One that has an
// update_id keeps its bytes; the id need not be new.
func (s *Server) Push(raw json.RawMessage) {
	var own struct {
		ID *int64 `json:"update_id"`
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	u := update{id: s.queue.next, raw: raw, lane: laneOf(raw)}
	if err := json.Unmarshal(raw, &own); err == nil && own.ID != nil {
		u.id = *own.ID
		s.queue.next = max(s.queue.next, u.id+1)
	} else {
		u.raw = append(strconv.AppendInt([]byte(`{"update_id":`), u.id, 10), ',')
		u.raw = append(u.raw, raw[1:]...)
		s.queue.next++
	}
	s.enqueue(u, updateLife)
}

// Feed queues prepared updates: JSON objects without an update_id, which are numbered here.
func (s *Server) Feed(bodies ...[]byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, body := range bodies {
		raw := make([]byte, 0, len(body)+32)
		raw = append(strconv.AppendInt(append(raw, `{"update_id":`...), s.queue.next, 10), ',')
		s.enqueue(update{id: s.queue.next, raw: append(raw, body[1:]...), lane: laneOf(body)}, updateLife)
		s.queue.next++
	}
}

// laneOf finds the chat of a prepared update; 0 when it has none in the usual form.
func laneOf(body []byte) int64 {
	_, rest, _ := bytes.Cut(body, []byte(`"chat":{"id":`))
	digits, _, _ := bytes.Cut(rest, []byte{','})
	id, err := strconv.ParseInt(string(digits), 10, 64)
	if err != nil {
		return 0
	}
	return id
}
