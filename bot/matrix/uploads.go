package matrix

import "sync"

// maxUploads is how many uploaded pictures are remembered; the oldest is forgotten first.
const maxUploads = 64

// uploads remembers what was uploaded, so that a picture that goes to many rooms is uploaded once: in plain for open rooms,
// and locked for encrypted ones, where each message carries the key to it.
type uploads struct {
	mu    sync.Mutex
	known map[uploadKey]content
	order []uploadKey
}

type uploadKey struct {
	hash   [32]byte
	locked bool
}

// of gives where a picture lies.
func (u *uploads) of(hash [32]byte, locked bool) (content, bool) {
	u.mu.Lock()
	defer u.mu.Unlock()
	c, ok := u.known[uploadKey{hash, locked}]
	return c, ok
}

// note remembers where a picture lies.
func (u *uploads) note(hash [32]byte, locked bool, where content) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.known == nil {
		u.known = map[uploadKey]content{}
	}
	key := uploadKey{hash, locked}
	if _, known := u.known[key]; !known {
		if u.order = append(u.order, key); len(u.order) > maxUploads {
			delete(u.known, u.order[0])
			u.order = u.order[1:]
		}
	}
	u.known[key] = where
}
