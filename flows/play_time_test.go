package flows_test

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

// pass lets time go by, stopping wherever something may be due.
func (p *player) pass(how string) {
	p.t.Helper()
	if d, down := strings.CutSuffix(how, " down"); down {
		p.now = p.until(d + " later")
		p.restart()
		return
	}
	until := p.until(how)
	for p.now.Before(until) {
		next := p.now.Add(15 * time.Minute)
		timer, err := p.engine.NextTick(p.ctx)
		p.check(err)
		if timer.After(p.now) && timer.Before(next) && !timer.Equal(p.now.Add(30*time.Second)) {
			next = timer
		}
		if next.After(until) {
			next = until
		}
		p.now = next
		p.drain()
	}
}

var days = regexp.MustCompile(`^(\d+)d later$`)

func (p *player) until(how string) time.Time {
	p.t.Helper()
	if clock, ok := strings.CutPrefix(how, "until "); ok {
		at, err := time.Parse("15:04", clock)
		p.check(err)
		now := p.now.In(p.zone)
		until := time.Date(now.Year(), now.Month(), now.Day(), at.Hour(), at.Minute(), 0, 0, p.zone)
		if !until.After(now) {
			until = until.AddDate(0, 0, 1)
		}
		return until
	}
	if m := days.FindStringSubmatch(how); m != nil {
		n, err := strconv.Atoi(m[1])
		p.check(err)
		return p.now.AddDate(0, 0, n)
	}
	d, err := time.ParseDuration(strings.TrimSuffix(how, " later"))
	p.check(err)
	return p.now.Add(d)
}
