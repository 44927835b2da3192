package main

import (
	"strings"
	"testing"
	"time"
)

// Who looks after reports asks for those that a server refused to tell; a server that goes on refusing is told of once an hour.
func TestOperatorsHearOfWhatCouldNotBeRead(t *testing.T) {
	o := observe(t)
	l := newLookout(o.town)
	begin := o.at
	for _, c := range []struct {
		pause       time.Duration
		from, until time.Duration
		want        []string
	}{
		{time.Minute, 0, 0, nil},
		{time.Minute, -30 * time.Minute, 2 * time.Minute, []string{"Tussen 19.45 uur en 20.17 uur kon ik op Telegram niet alles lezen"}},
		{time.Minute, -30 * time.Minute, 2 * time.Minute, nil},
		{time.Minute, -30 * time.Minute, 4 * time.Minute, nil},
		{time.Hour, -30 * time.Minute, 4 * time.Minute, []string{"Tussen 20.17 uur en 20.19 uur kon ik op Telegram niet alles lezen"}},
		{2 * time.Hour, -30 * time.Minute, 4 * time.Minute, nil},
	} {
		o.at = o.at.Add(c.pause)
		o.far.heard = o.at
		if c.until > 0 {
			o.far.unread = [2]time.Time{begin.Add(c.from), begin.Add(c.until)}
		}
		before := strings.Count(o.reads(), "niet alles lezen")
		if err := l.look(t.Context()); err != nil {
			t.Fatal(err)
		}
		got := o.reads()
		if n := strings.Count(got, "niet alles lezen") - before; n != len(c.want) {
			t.Errorf("at %s told %d times: %s", o.at.Format("15:04"), n, got)
		}
		for _, want := range c.want {
			if !strings.Contains(got, want) {
				t.Errorf("at %s: %s", o.at.Format("15:04"), got)
			}
		}
	}
}
