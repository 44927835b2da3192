package bot

import (
	"strings"
	"testing"
	"time"
)

// What the database says of a pause is told by a clock that can be set. The courier counts it by the one that only runs on,
// which a time shows as "m=".
func TestAPauseIsCountedByTheClockThatRunsOn(t *testing.T) {
	now := time.Now()
	for _, pause := range []time.Duration{-time.Hour, time.Minute, time.Hour} {
		if got := glimpse(now.Round(0).Add(pause), now); !strings.Contains(got.String(), " m=") || got.Sub(now) != min(pause, longestWait) {
			t.Errorf("%v becomes %v", pause, got.Sub(now))
		}
	}
}
