package bot

import (
	"math"
	"time"

	"golang.org/x/time/rate"
)

// pace is the courtesy to a network: so many letters a second in all, so many to one chat. It counts writes that were
// begun, and it is told at the start what went out in the last minute, so a restart forgets nothing.
type pace struct {
	caps    Caps
	all     *rate.Limiter
	recent  map[int64][]time.Time
	held    map[int64]time.Time
	turn    int // counts letters, for the middle lanes' share
	cleaned time.Time
}

func newPace(caps Caps) *pace {
	limit := rate.Inf
	if caps.PerSecond > 0 {
		limit = rate.Limit(caps.PerSecond)
	}
	return &pace{
		caps: caps,
		// With the burst still under a sixth more in any second.
		all:    rate.NewLimiter(limit, max(1, int(caps.PerSecond/5))),
		recent: map[int64][]time.Time{}, held: map[int64]time.Time{},
	}
}

// tokens is how many letters may be begun now.
func (p *pace) tokens(now time.Time) int {
	if p.caps.PerSecond <= 0 {
		return math.MaxInt
	}
	return int(p.all.TokensAt(now))
}

// fair is how many of the next letters belong to the middle lanes: one in five.
func (p *pace) fair(limit int) int {
	const share = 5
	before := p.turn / share
	return (p.turn+min(limit, share*share))/share - before
}

func (p *pace) take(chat int64, now time.Time) {
	p.turn++
	if p.caps.PerSecond > 0 {
		p.all.AllowN(now, 1)
	}
	p.note(chat, now)
}

func (p *pace) limited() bool { return p.caps.ChatPerSec > 0 || p.caps.GroupPerM > 0 }

// note remembers a write.
func (p *pace) note(chat int64, at time.Time) {
	if !p.limited() {
		return
	}
	p.clean(at)
	p.recent[chat] = append(within(p.recent[chat], at.Add(-time.Minute)), at)
}

func within(times []time.Time, since time.Time) []time.Time {
	i := 0
	for i < len(times) && !times[i].After(since) {
		i++
	}
	return times[i:]
}

// hold keeps a chat silent.
func (p *pace) hold(chat int64, until time.Time) {
	if until.After(p.held[chat]) {
		p.held[chat] = until
	}
}

// free reports whether a letter may go to its chat now.
func (p *pace) free(l Candidate, now time.Time) bool {
	return !now.Before(p.freeAt(l, now))
}

// freeAt is when a letter may go to its chat.
func (p *pace) freeAt(l Candidate, now time.Time) time.Time {
	at := p.held[l.Chat]
	writes := within(p.recent[l.Chat], now.Add(-time.Minute))
	if n := len(writes); p.caps.ChatPerSec > 0 && n > 0 {
		gap := time.Duration(float64(time.Second) / p.caps.ChatPerSec)
		at = later(at, writes[n-1].Add(gap))
	}
	most := p.caps.GroupPerM
	if l.Rank > int(LaneUrgent)+1 {
		most -= most / reserved
	}
	if n := len(writes); l.Kind != Private && most > 0 && n >= most {
		at = later(at, writes[n-most].Add(time.Minute))
	}
	return at
}

// reserved: one in so many of a group's writes is kept for what is urgent (reliability B29), so that an emergency does not
// wait for a minute to pass in a room in which a great deal happens.
const reserved = 6

// next is when a token is there again.
func (p *pace) next(now time.Time) time.Time {
	if p.tokens(now) > 0 {
		return now
	}
	return now.Add(time.Duration(float64(time.Second) / p.caps.PerSecond))
}

func (p *pace) clean(now time.Time) {
	if now.Sub(p.cleaned) < time.Minute {
		return
	}
	p.cleaned = now
	for chat, times := range p.recent {
		if len(within(times, now.Add(-time.Minute))) == 0 {
			delete(p.recent, chat)
		}
	}
	for chat, until := range p.held {
		if now.After(until) {
			delete(p.held, chat)
		}
	}
}
