package civic

import "sync"

// recall is how many texts a memo holds: those that one turn asks about, its own words and the story so far.
const recall = 8

// memo keeps what a pure function found in the last texts. A turn asks about the same few words again and again, for each
// step of a form and each row of a card, and to read a text is most of what a turn costs. What it gives is shared: it is
// not to be changed.
type memo[V any] struct {
	of func(text string) V

	mu    sync.Mutex
	found [recall]struct {
		text  string
		value V
	}
	held, next int
}

// remembered gives a memo of a function.
func remembered[V any](of func(text string) V) *memo[V] { return &memo[V]{of: of} }

// longestRecalled is how many bytes a text has at most that is kept.
const longestRecalled = 4096

// at is what the function finds in a text.
func (m *memo[V]) at(text string) V {
	if len(text) > longestRecalled {
		return m.of(text)
	}
	if value, known := m.known(text); known {
		return value
	}
	value := m.of(text)
	m.mu.Lock()
	defer m.mu.Unlock()
	m.found[m.next].text, m.found[m.next].value = text, value
	m.next = (m.next + 1) % recall
	m.held = min(m.held+1, recall)
	return value
}

func (m *memo[V]) known(text string) (V, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for i := range m.held {
		if m.found[i].text == text {
			return m.found[i].value, true
		}
	}
	var none V
	return none, false
}
