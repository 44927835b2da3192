package main

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/buurtbot/buurtbot/storage"
)

// Operators hear that the disk fills up while there is time, hear at once that it is full, and hear that there is room again;
// the reserve goes and comes back with it.
func TestOperatorsHearThatTheDiskFillsUp(t *testing.T) {
	o := observe(t)
	o.upkeep.config.Storage.Path = t.TempDir() + "/t.db"
	room, known := int64(2<<30), true
	r := newReserve(o.upkeep)
	r.size, r.room = 1<<10, func(string) (int64, bool) { return room, known }
	told := ""
	for n, c := range []struct {
		later time.Duration
		room  int64
		known bool
		wrote error
		says  string
		held  bool
	}{
		{0, 2 << 30, true, nil, "", true},
		{time.Minute, 600 << 20, true, nil, "", true},
		{time.Minute, 500 << 20, true, nil, "er is minder dan 512 MB over", true},
		{time.Hour, 400 << 20, true, nil, "", true},
		{24 * time.Hour, 400 << 20, true, nil, "er is minder dan 512 MB over", true},
		{time.Minute, 10 << 20, true, nil, "Ik leef nu van mijn laatste reserve", false},
		{time.Minute, 70 << 20, true, nil, "", false},
		{time.Minute, 2 << 30, true, nil, "Er is weer genoeg ruimte", true},
		{time.Minute, 2 << 30, true, nil, "", true},
		{2 * time.Hour, 2 << 30, true, storage.ErrFull, "Ik leef nu van mijn laatste reserve", false}, // a quota
		{time.Minute, 0, false, nil, "", false},
	} {
		o.at = o.at.Add(c.later)
		room, known = c.room, c.known
		if err := r.look(t.Context(), c.wrote); err != nil {
			t.Fatal(err)
		}
		got := strings.TrimPrefix(o.reads(), told)
		told += got
		if c.says == "" && got != "" || !strings.Contains(got, c.says) {
			t.Errorf("look %d: %q, not %q", n, got, c.says)
		}
		if _, err := os.Stat(r.path); (err == nil) != c.held {
			t.Errorf("look %d: the reserve: %v", n, err)
		}
	}
}
