package civic

import (
	"reflect"
	"sync"

	"github.com/hashicorp/golang-lru/v2/simplelru"
)

const (
	// recall is how many bytes a memo holds: the stories of some thousands of people who are in the midst of one.
	recall = 1 << 20
	// apiece is what a text costs besides its own bytes, as it was measured: a memo of nothing but short words would otherwise be
	// twenty times as large.
	apiece = 250
)

// memo keeps what a pure function found in the last texts. A turn asks about the same few words again and again, for each
// step of a form and each row of a card, and its next turns ask about the same story; to read a text is most of what a turn
// costs. What it gives is shared: it is not to be changed.
type memo[V any] struct {
	of    func(text string) V
	holds func(V) int // how many bytes a value takes besides [apiece]

	mu    sync.Mutex
	found *simplelru.LRU[string, V] // by age alone: how many there may be is told in bytes
	bytes int
}

// memos of what people said forget, each, what they hold.
var memos []func()

// remembered gives a memo of what a function finds in what people said.
func remembered[V any](of func(text string) V) *memo[V] {
	return rememberedWith(of, func(V) int { return 0 })
}

// rememberedWith is [remembered] for values that are larger the more is found: they count with what they hold.
func rememberedWith[V any](of func(text string) V, holds func(V) int) *memo[V] {
	m := learnt(of)
	m.holds = holds
	memos = append(memos, m.forget)
	return m
}

// space is how many bytes a list takes, without what its members point to.
func space[E any](list []E) int { return cap(list) * int(reflect.TypeFor[E]().Size()) }

// learnt gives a memo of what a function finds in names of the town, which are nobody's.
func learnt[V any](of func(text string) V) *memo[V] {
	m := &memo[V]{of: of, holds: func(V) int { return 0 }}
	m.found, _ = simplelru.NewLRU(recall, func(text string, v V) { m.bytes -= m.cost(text, v) }) // it fails for no size alone
	return m
}

// cost is how many bytes a text and its value count for.
func (m *memo[V]) cost(text string, value V) int { return len(text) + apiece + m.holds(value) }

// Forget forgets the texts that were read last, and what was found in them. Whoever erases what people said asks for it.
func Forget() {
	for _, forget := range memos {
		forget()
	}
}

func (m *memo[V]) forget() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.found.Purge()
}

// at is what the function finds in a text.
func (m *memo[V]) at(text string) V {
	value, known := m.known(text)
	if !known {
		value = m.of(text)
		m.keep(text, value)
	}
	return value
}

func (m *memo[V]) known(text string) (V, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.found.Get(text)
}

func (m *memo[V]) keep(text string, value V) {
	const longest = 1 << 14 // more than people can send at once
	if len(text) > longest {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if !m.found.Contains(text) {
		m.bytes += m.cost(text, value)
	}
	for m.found.Add(text, value); m.bytes > recall; {
		m.found.RemoveOldest()
	}
}
