package homeserver

import (
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// Two packages whose tests began together built the homeserver twice, each with half of the machine.
func TestOneBuildsAtATime(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	var building atomic.Int32
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			release, err := alone(path)
			if err != nil {
				t.Error(err)
				return
			}
			defer release()
			if building.Add(1) > 1 {
				t.Error("two are at it at once")
			}
			time.Sleep(5 * time.Millisecond)
			building.Add(-1)
		})
	}
	all.Wait()
}
