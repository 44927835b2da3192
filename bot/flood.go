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
	judged    map[string]any // what was said of the messages that came last, and
	order     []string       // the oldest first
}

type visitor struct {
	limit    *rate.Limiter
	warned   time.Time
	last     time.Time
	words    string // the last ones, and
	since    time.Time
	times    int // how often they came in a row since then
	answered time.Time
	album    string // the last one, and
	pictures int    // how many of it came
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

	// Somebody in need may say the same twice or thrice, and reads the answer each time. Who says the very same words more
	// often is a machine that answers us, and would do so for ever; it is answered once a minute, in case it is a person after
	// all.
	sameWords  = 20
	sameWithin = 10 * time.Minute
	sameAnswer = time.Minute

	// A turn that is undone comes again before any message that came after its batch did.
	recalled = 4 * batch
)

// once gives what a question about a message was answered with before, when its turn was undone and comes again. A message
// counts once: on a disk that is full it comes back each second, and would be taken for a machine's and dropped.
func once[V any](f *Flood, question, message string, decide func() V) V {
	if f == nil || message == "" {
		return decide()
	}
	key := question + " " + message
	if said, known := f.judged[key].(V); known {
		return said
	}
	if f.judged == nil {
		f.judged = map[string]any{}
	}
	if len(f.order) == recalled {
		delete(f.judged, f.order[0])
		f.order = f.order[1:]
	}
	said := decide()
	f.judged[key], f.order = said, append(f.order, key)
	return said
}

// take counts one message.
func (f *Flood) take(who UserRef, now time.Time) floodWord {
	if f == nil || f.PerMinute <= 0 || who.ID == "" {
		return floodFine
	}
	v := f.visitor(who.Platform+"/"+who.ID, now)
	if v.limit.AllowN(now, 1) {
		return floodFine
	}
	if !past(v.warned, floodSilence, now) {
		return floodSilent
	}
	v.warned = now
	return floodWarn
}

// past reports whether so much time went by since then. A time to come was noted by a clock that was ahead.
func past(then time.Time, stretch time.Duration, now time.Time) bool {
	return now.Sub(then) >= stretch || then.After(now)
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

// same reports whether a message is one more picture of the album that came last: an album counts once, up to a size that
// no network lets people choose at once.
func (f *Flood) same(who UserRef, ev Event, now time.Time) bool {
	const most = 50 // pictures
	m, is := ev.(Media)
	if f == nil || f.PerMinute <= 0 || who.ID == "" || !is || m.Album == "" {
		return false
	}
	v := f.visitor(who.Platform+"/"+who.ID, now)
	if v.album != m.Album {
		v.album, v.pictures = m.Album, 0
	}
	v.pictures++
	return v.pictures > 1 && v.pictures <= most
}

// machine reports whether an account says the very same words so often that it must be a program, and was answered within
// the last minute. Without a gate nobody is one.
func (f *Flood) machine(who UserRef, words string, now time.Time) bool {
	if f == nil || f.PerMinute <= 0 || who.ID == "" || words == "" {
		return false
	}
	v := f.visitor(who.Platform+"/"+who.ID, now)
	if v.words != words || past(v.since, sameWithin, now) {
		v.words, v.since, v.times = words, now, 0
	}
	if v.times++; v.times <= sameWords || past(v.answered, sameAnswer, now) {
		v.answered = now
		return false
	}
	return true
}
