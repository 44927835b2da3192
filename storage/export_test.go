package storage

import "time"

// Queued is how many calls of Do wait for another to end.
func (s *Store) Queued() int {
	s.queue.mu.Lock()
	defer s.queue.mu.Unlock()
	return len(s.queue.waiting)
}

// Gather lets calls that wait together share a commit however long that takes, on a busy machine as well.
func (s *Store) Gather() { s.patience = time.Hour }
