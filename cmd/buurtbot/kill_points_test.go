package main

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"path"
	"testing"
	"time"
)

// failpointNames are the moments at which the program can kill itself: before and after each kind of commit that its loops make.
func failpointNames() []string {
	var names []string
	for _, label := range []string{"receive", "apply", "claim", "settle"} {
		names = append(names, "before/"+label, "after/"+label)
	}
	return names
}

// failpointsMet is at which failpoints the program was to kill itself, and where it did.
type failpointsMet struct {
	drawn  int
	hits   map[string]int
	missed bool // the one that was drawn last
}

// next draws how the next run ends: at some moment before the longest, or at the failpoint whose turn it is, where the program
// has a while longer to get there. Where it did not, an update may have been under way each time when it was killed and wait
// for calm, and all others with it: then it lives once for longer than that.
func (f *failpointsMet) next(dice *rand.Rand, longest time.Duration) (point string, wait time.Duration) {
	wait = time.Duration(dice.Int64N(int64(longest)))
	if f.missed {
		f.missed = false
		return "", calmAfter + longest + wait
	}
	if dice.IntN(2) == 0 {
		return "", wait
	}
	name := failpointNames()[f.drawn%len(failpointNames())]
	f.drawn++
	f.missed = true
	// The first rows after a crash are counted one by one, and one that seems to take the program down is set aside; so the
	// program does not kill itself at the very first. All that waits at Telegram comes at once, so it receives seldom.
	nth := 2 + dice.IntN(3)
	if path.Base(name) == "receive" {
		nth = 1 + dice.IntN(2)
	}
	return fmt.Sprintf("%s/%d", name, nth), 3 * longest
}

// hit notes that the program killed itself where it was to.
func (f *failpointsMet) hit(point string) {
	f.missed = false
	if f.hits == nil {
		f.hits = map[string]int{}
	}
	f.hits[path.Dir(point)]++
}

// tell says how often the program killed itself, and where. In four hundred runs it must have done so everywhere.
func (f *failpointsMet) tell(t *testing.T, runs int) {
	t.Helper()
	sum := 0
	for n := range maps.Values(f.hits) {
		sum += n
	}
	t.Logf("%d kills, %d of %d failpoints met: %v", runs, sum, f.drawn, f.hits)
	const enough = 400
	for _, name := range failpointNames() {
		if runs >= enough && f.hits[name] == 0 {
			t.Errorf("never killed %s", name)
		}
	}
}
