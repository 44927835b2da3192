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

// A port that was free a moment ago was taken by the server of another package's test, and each test talked to the other's.
func TestAPortIsOneServersUntilItsTestEnds(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ports")
	release, err := reserve(path, 12345)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := reserve(path, 12345); err == nil {
		t.Error("another took the port as well")
	}
	other, err := reserve(path, 12346)
	if err != nil {
		t.Error("the next port is not free:", err)
	}
	release()
	again, err := reserve(path, 12345)
	if err != nil {
		t.Fatal("the port is not given back:", err)
	}
	other()
	again()
}
