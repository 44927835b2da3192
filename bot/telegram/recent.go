package telegram

import "slices"

// recent remembers values, the newest of them: the oldest is forgotten first. Its zero value is ready. It is not safe for
// several goroutines at once.
type recent[K comparable, V any] struct {
	kept  map[K]V
	order []K
}

func (r *recent[K, V]) get(key K) V { return r.kept[key] }

// put keeps a value, and no more than most of them.
func (r *recent[K, V]) put(key K, value V, most int) {
	if r.kept == nil {
		r.kept = map[K]V{}
	}
	if _, known := r.kept[key]; !known {
		r.order = append(r.order, key)
	}
	r.kept[key] = value
	for len(r.kept) > most {
		delete(r.kept, r.order[0])
		r.order = r.order[1:]
	}
}

func (r *recent[K, V]) drop(key K) {
	if _, known := r.kept[key]; !known {
		return
	}
	delete(r.kept, key)
	r.order = slices.DeleteFunc(r.order, func(k K) bool { return k == key })
}
