package bot

import (
	"time"

	"golang.org/x/time/rate"
)

// Flood is the gate at the door: so many messages a minute from one account. It forgets accounts that were quiet, and it
// lives in memory, because a restart that forgives is no harm.
type Flood struct {
	PerMinute int
	seen      map[string]*visitor
	swept     time.Time
}

type visitor struct {
	limit  *rate.Limiter
	warned time.Time
	last   time.Time
}

type floodWord int

const (
	floodFine floodWord = iota
	floodWarn
	floodSilent
)

const (
	floodSilence = 10 * time.Minute
	floodForget  = time.Hour
)

// take counts one message.
func (f *Flood) take(who UserRef, now time.Time) floodWord {
	if f == nil || f.PerMinute <= 0 || who.ID == "" {
		return floodFine
	}
	v := f.visitor(who.Platform+"/"+who.ID, now)
	if v.limit.AllowN(now, 1) {
		return floodFine
	}
	if now.Sub(v.warned) < floodSilence {
		return floodSilent
	}
	v.warned = now
	return floodWarn
}

func (f *Flood) visitor(key string, now time.Time) *visitor {
	if f.seen == nil {
		f.seen = map[string]*visitor{}
	}
	f.sweep(now)
	v, ok := f.seen[key]
	if !ok {
		v = &visitor{limit: rate.NewLimiter(rate.Limit(float64(f.PerMinute)/60), f.PerMinute)}
		f.seen[key] = v
	}
	v.last = now
	return v
}

func (f *Flood) sweep(now time.Time) {
	if now.Sub(f.swept) < floodForget {
		return
	}
	f.swept = now
	for key, v := range f.seen {
		if now.Sub(v.last) > floodForget {
			delete(f.seen, key)
		}
	}
}
