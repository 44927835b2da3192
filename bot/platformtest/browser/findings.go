package browser

import (
	"slices"
	"sync"
)

// findings is what went wrong; several goroutines add to it.
type findings struct {
	mu  sync.Mutex
	all []string
}

func (f *findings) add(words string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.all = append(f.all, words)
}

func (f *findings) list() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.all)
}
