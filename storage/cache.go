package storage

import (
	"cmp"
	"slices"
	"strings"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// How much each cache remembers.
const (
	cacheSize = 6144 // enough for everybody who talks on a busy day, about a megabyte
	formsSize = 1024 // as many forms that are being filled in, each of which may be a kilobyte or two
)

// cache remembers the things that were used last. It has two halves; what is used moves to the young one, and the old
// one is dropped whole when the young one is full.
type cache[K comparable, V any] struct {
	young, old map[K]V
	size       int // of both halves together; 0 = cacheSize
}

func (c *cache[K, V]) get(k K) (V, bool) {
	if v, ok := c.young[k]; ok {
		return v, true
	}
	v, ok := c.old[k]
	if ok {
		c.put(k, v)
	}
	return v, ok
}

func (c *cache[K, V]) put(k K, v V) {
	if c.young == nil || len(c.young) >= cmp.Or(c.size, cacheSize)/2 {
		c.old, c.young = c.young, make(map[K]V)
	}
	c.young[k] = v
}

func (c *cache[K, V]) drop(k K) {
	delete(c.young, k)
	delete(c.old, k)
}

func (c *cache[K, V]) clear() { c.young, c.old = nil, nil }

// account is the key under which people are found.
type account struct{ platform, external string }

// place is the key under which chats are found.
type place struct{ platform, external string }

// desk is where a form lies: under somebody's hands, or parked.
type desk struct {
	chat    int64
	account string
	parked  bool
}

// memory is what the writer knows without asking the database. It belongs to the transaction that is running: whoever
// changes a row that is remembered here says so with touch, and an undone transaction then takes all of it along.
type memory struct {
	chats   cache[int64, chat]
	places  cache[place, int64]
	persons cache[account, int64]        // 0 = nobody
	members cache[int64, []civic.Member] // as each network knows them
	areas   cache[civic.AreaID, civic.Area]
	audit   *auditHead
	// The tree changes only when the program starts, so whole networks are kept.
	networks []civic.Network
	trees    map[civic.AreaID][]civic.Area
	ids      map[string]int64 // the last number of a table's rows
	answers  cache[question, any]
	forms    cache[desk, *bot.Session] // nil = none
	oldest   int64                     // no letter is in an earlier thousand than the one before this; 0 = not known
	touched  bool
}

// question is a query of standing tables with what it was asked for.
type question struct {
	query string
	args  [4]any
}

// standing are the tables that change when somebody sets the network up, and are read at every report. A person or a chat
// that is deleted takes rows of them along.
var standing = []string{"rooms", "partners", "routes", "roles", "landmarks"}

// remembered gives what load gives for a query of standing tables, which is forgotten when one of them is written to.
// What it gives belongs to everybody: it must not be changed.
func remembered[T any](t *tx, load func() (T, error), query string, args ...any) (T, error) {
	q := question{query: query}
	copy(q.args[:], args)
	if known, ok := t.mem.answers.get(q); ok {
		return known.(T), nil //nolint:forcetypeassert // a query always gives the same kind
	}
	answer, err := load()
	if err == nil {
		t.mem.answers.put(q, answer)
	}
	return answer, err
}

// wrote forgets what was read of standing tables and of forms when a statement writes to them.
func (m *memory) wrote(query string) {
	for _, verb := range [...]string{"INSERT INTO ", "UPDATE ", "DELETE FROM "} {
		if rest, ok := strings.CutPrefix(query, verb); ok {
			table, _, _ := strings.Cut(rest, " ")
			gone := verb == "DELETE FROM " && (table == "persons" || table == "chats")
			if gone || slices.Contains(standing, table) {
				m.touch()
				m.answers.clear()
			}
			if gone || table == "sessions" && query != sqlSaveSession && query != sqlEndSession {
				m.touch()
				m.forms.clear()
			}
			if verb == "DELETE FROM " && table == "outbox" {
				m.oldest = 0
			}
			return
		}
	}
}

func (m *memory) touch() {
	if m != nil {
		m.touched = true
	}
}

// undo forgets everything if the transaction changed any of it.
func (m *memory) undo() {
	if m == nil || !m.touched {
		return
	}
	m.clear()
}

func (m *memory) clear() {
	m.chats.clear()
	m.places.clear()
	m.persons.clear()
	m.members.clear()
	m.areas.clear()
	m.answers.clear()
	m.audit = nil
	m.forms.clear()
	m.networks, m.trees, m.ids, m.oldest = nil, nil, nil, 0
}

// keep says that what was touched is now on disk.
func (m *memory) keep() { m.touched = false }

// chat is a chat with what the outbox needs to know of it.
type chat struct {
	bot.Chat
	notBefore int64
	seen      int64
}
