package flows_test

import (
	"database/sql"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/buurtbot/buurtbot/bot"
)

// pass lets time go by, stopping wherever something may be due.
func (p *player) pass(how string) {
	p.t.Helper()
	if d, down := strings.CutSuffix(how, " down"); down {
		p.now = p.until(d + " later")
		p.restart()
		return
	}
	const stride = 15 * time.Minute
	until := p.until(how)
	for p.now.Before(until) {
		due := p.due()
		if idle := min(due.Sub(p.now), until.Sub(p.now)) - 1; idle >= stride {
			p.now = p.now.Add(idle.Truncate(stride)) // nothing happens meanwhile
		}
		next := p.now.Add(stride)
		if due.After(p.now) && due.Before(p.now.Add(30*time.Second)) {
			next = due
		}
		if next.After(until) {
			next = until
		}
		p.now = next
		p.drain()
	}
}

// sqlDue is when the next of what is stored wants something: a timer, a letter, an errand, a form that was left open.
const sqlDue = `SELECT coalesce(min(at), 0) FROM (
SELECT min(at) AS at FROM timers
UNION ALL SELECT min(max(not_before, created)) FROM outbox WHERE state IN ('pending', 'sending')
UNION ALL SELECT min(not_before) FROM errands
UNION ALL SELECT min(iif(parked OR reminded, expires, touched + 10 * 3600 * 1000)) FROM sessions)`

// due is when something happens next by itself, or earlier.
func (p *player) due() time.Time {
	p.t.Helper()
	var ms int64
	p.check(p.peek().QueryRowContext(p.ctx, sqlDue).Scan(&ms))
	next := time.UnixMilli(ms)
	if ms == 0 {
		next = p.now.AddDate(10, 0, 0)
	}
	for _, job := range p.engine.Jobs() {
		if job.Name == "drafts" {
			continue // it only looks at forms
		}
		schedule, err := bot.ParseSpec(job.Spec)
		p.check(err)
		if slot := schedule.Next(p.now.In(p.zone)); slot.Before(next) {
			next = slot
		}
	}
	return next
}

// peek is a connection of the player's own to the database as it now is.
func (p *player) peek() *sql.DB {
	p.t.Helper()
	if p.peeked == p.path {
		return p.peeker
	}
	db, err := sql.Open("sqlite", "file:"+p.path+"?_query_only=1&_busy_timeout=5000")
	p.check(err)
	p.t.Cleanup(func() { _ = db.Close() })
	p.peeker, p.peeked = db, p.path
	return db
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
