package bot

import (
	"slices"
	"sync"
	"time"
)

// How long a loop may take for one step. Beyond it the loop counts as stuck, and who started the program may begin it anew.
const (
	stepTime   = 2 * time.Minute
	clockTime  = 5 * time.Minute  // a job may be about everybody
	errandTime = 10 * time.Minute // a large file on a slow line
	pollTime   = 10 * time.Minute // the first look at many rooms
)

// pulse holds the signs of life of loops: by when each gives its next. The zero value is one of no loops.
type pulse struct {
	mu  sync.Mutex
	due map[string]time.Time
}

// beat is a sign of life of a loop, which gives the next within so long.
func (p *pulse) beat(loop string, within time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.due == nil {
		p.due = map[string]time.Time{}
	}
	p.due[loop] = steady().Add(within)
}

// end is the end of a loop: no sign of it is waited for.
func (p *pulse) end(loop string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.due, loop)
}

// stuck names the loops whose sign of life is overdue, in order.
func (p *pulse) stuck() (loops []string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for loop, due := range p.due {
		if steady().After(due) {
			loops = append(loops, loop)
		}
	}
	slices.Sort(loops)
	return loops
}

// Stuck names the loops of the engine that are in one step for longer than any step takes.
func (e *Engine) Stuck() []string { return e.pulse.stuck() }

// Stuck is [Engine.Stuck] for the loop of a courier.
func (c *Courier) Stuck() []string { return c.pulse.stuck() }

// steady is the time by a clock that nobody sets: how long something takes is not a matter of what the time is.
func steady() time.Time { return time.Now() } //nolint:forbidigo // the engine's clock can be set
