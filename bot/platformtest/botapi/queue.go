package botapi

import (
	"encoding/json"
	"sort"
	"strconv"
	"strings"
	"time"
)

// How long an update waits for the bot.
const (
	updateLife = 24 * time.Hour
	pressLife  = 150 * time.Second
)

// maxQueue is how many updates wait at most; further ones are lost.
const maxQueue = 100_000

// Kinds that come only when they are named in allowed_updates.
var onRequest = map[string]bool{"chat_member": true, "message_reaction": true, "message_reaction_count": true}

// known are the kinds that allowed_updates may name; other words are ignored.
var known = map[string]bool{
	"message": true, "edited_message": true, "channel_post": true, "edited_channel_post": true,
	"business_connection": true, "business_message": true, "edited_business_message": true,
	"deleted_business_messages": true, "message_reaction": true, "message_reaction_count": true,
	"inline_query": true, "chosen_inline_result": true, "callback_query": true, "shipping_query": true,
	"pre_checkout_query": true, "purchased_paid_media": true, "poll": true, "poll_answer": true,
	"my_chat_member": true, "chat_member": true, "chat_join_request": true, "chat_boost": true,
	"removed_chat_boost": true, "guest_message": true, "managed_bot": true,
}

// item is an update that waits. Its bytes never change, so that a second delivery equals the first.
type item struct {
	id      int64
	chat    int64
	raw     []byte
	expires time.Time
}

type queue struct {
	items   []item
	next    int64
	allowed map[string]bool // nil = the default set
	limited bool            // maxQueue holds
	wake    chan struct{}   // closed when something comes; nil = nobody waits
}

func newQueue() queue { return queue{next: 880_000_001, limited: true} }

// allow takes an allowed_updates parameter. What is no array changes nothing; a list without a known word is the default.
func (q *queue) allow(text string) {
	if text == "" {
		return
	}
	list, err := parseJSON(text)
	if err != nil || list.kind != isArray {
		return
	}
	var allowed map[string]bool
	for _, v := range list.items {
		if v.kind != isString {
			return
		}
		if name := strings.ToLower(v.text); known[name] {
			if allowed == nil {
				allowed = map[string]bool{}
			}
			allowed[name] = true
		}
	}
	q.allowed = allowed
}

func (q *queue) allows(kind string) bool {
	if q.allowed == nil {
		return !onRequest[kind]
	}
	return q.allowed[kind]
}

// begin is the head of the next update; the object of the kind is added to it and given to push.
func (q *queue) begin(kind string) []byte {
	b := append(make([]byte, 0, 640), `{"update_id":`...)
	b = strconv.AppendInt(b, q.next, 10)
	b = append(b, ',', '"')
	b = append(b, kind...)
	return append(b, '"', ':')
}

// push queues what begin began, unless the bot does not want the kind. The result is its id, or 0.
func (q *queue) push(kind string, chat int64, raw []byte, expires time.Time) int64 {
	if !q.allows(kind) {
		return 0
	}
	return q.add(item{id: q.next, chat: chat, raw: append(raw, '}'), expires: expires})
}

func (q *queue) add(it item) int64 {
	if q.limited && len(q.items) >= maxQueue {
		return 0
	}
	q.items = append(q.items, it)
	q.next = it.id + 1
	q.rouse()
	return it.id
}

// rouse wakes who waits.
func (q *queue) rouse() {
	if q.wake != nil {
		close(q.wake)
		q.wake = nil
	}
}

// seek moves the queue's head for a getUpdates offset and returns what stands from there on.
func (q *queue) seek(offset int64, now time.Time) []item {
	tail := q.next
	if offset < 0 {
		offset = max(tail+offset, 1)
	}
	if offset > 0 && offset <= tail+10 {
		n := sort.Search(len(q.items), func(i int) bool { return q.items[i].id >= offset })
		q.drop(n)
	}
	q.expire(now)
	return q.items
}

// drop forgets the first n updates.
func (q *queue) drop(n int) {
	if n == 0 {
		return
	}
	clear(q.items[:n])
	q.items = q.items[n:]
	if len(q.items) == 0 {
		q.items = nil
	}
}

// remove forgets one update.
func (q *queue) remove(id int64) {
	i := sort.Search(len(q.items), func(i int) bool { return q.items[i].id >= id })
	if i == len(q.items) || q.items[i].id != id {
		return
	}
	if i == 0 {
		q.drop(1)
		return
	}
	q.items = append(q.items[:i:i], q.items[i+1:]...)
}

// expire forgets updates that waited too long. Presses wait shorter than the rest, so the old ones need not be first.
func (q *queue) expire(now time.Time) {
	old := 0
	for i := range q.items {
		if !now.Before(q.items[i].expires) {
			old++
		} else if i >= 1000 && old == 0 {
			return // only the first are looked at when nothing is old: a long queue is looked at often
		}
	}
	if old == 0 {
		return
	}
	kept := make([]item, 0, len(q.items)-old)
	for _, it := range q.items {
		if now.Before(it.expires) {
			kept = append(kept, it)
		}
	}
	q.items = kept
}

// Push queues an update as it is given: an object without update_id gets one, an object with one keeps it if it is not
// below the ids already given. The result is the id, or 0 if it cannot be queued. Nothing checks whether Telegram would
// deliver it.
func (s *Server) Push(raw json.RawMessage) int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	v, err := parseJSON(string(raw))
	if err != nil || v.kind != isObject || len(v.items) == 0 {
		return 0
	}
	it := item{id: s.queue.next, expires: s.now().Add(updateLife)}
	for _, part := range v.items {
		if id := part.field("chat").field("id"); id.kind == isNumber {
			it.chat = id.integer()
		}
	}
	if v.has("update_id") {
		it.id = v.field("update_id").integer()
		it.raw = append(it.raw, raw...)
	} else {
		_, rest, _ := strings.Cut(string(raw), "{")
		it.raw = append(strconv.AppendInt([]byte(`{"update_id":`), it.id, 10), ","+rest...)
	}
	if it.id < s.queue.next {
		return 0
	}
	return s.queue.add(it)
}

// Renumber lets the next update have this id, as after a week of silence, when ids start again anywhere. What waits is
// gone, as it is after a week.
func (s *Server) Renumber(next int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.queue.drop(len(s.queue.items))
	s.queue.next = next
}

// Pending is how many updates wait for the bot.
func (s *Server) Pending() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.queue.expire(s.now())
	return len(s.queue.items)
}
