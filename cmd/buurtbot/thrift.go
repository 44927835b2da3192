package main

import (
	"context"
	"os"
	"runtime/debug"
	"runtime/metrics"
	"time"
)

// thrift gives back what only the start needed, and keeps the heap small: the program shares its machine with others, and
// is idle nearly always. GOGC in the environment has the last word.
func thrift() {
	const percent = 50
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(percent)
	}
	giveBack()
}

// giveBack returns the memory that nothing needs at the moment: the heap's, and the program's own pages, which the system
// has on the disk as well and brings back when they are used.
func giveBack() {
	debug.FreeOSMemory()
	dropPages()
}

// economise gives back, each time when a rush is over, what it needed, until ctx ends.
func economise(ctx context.Context) error {
	const pause = 2 * time.Second
	var r rushes
	now := []metrics.Sample{{Name: "/gc/heap/allocs:bytes"}}
	for every := time.NewTicker(pause); ; {
		select {
		case <-ctx.Done():
			every.Stop()
			return nil
		case <-every.C:
		}
		if metrics.Read(now); r.over(now[0].Value.Uint64()) {
			giveBack()
		}
	}
}

// rushes tells when a rush is over, from how many bytes were ever allocated. Both are such counts.
type rushes struct {
	last  uint64 // at the last look
	quiet uint64 // when the last rush was over
}

// over reports, at regular looks, that a rush has just ended: much was allocated since the last one, and hardly anything since
// the last look.
func (r *rushes) over(allocated uint64) bool {
	const (
		rush = 64 << 20
		calm = 4 << 20
	)
	still := allocated-r.last < calm
	r.last = allocated
	if !still || allocated-r.quiet < rush {
		return false
	}
	r.quiet = allocated
	return true
}
