package main

import (
	"flag"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/buurtbot/buurtbot/bot/platformtest/botapi"
	"github.com/buurtbot/buurtbot/bot/telegram"
)

// .ci/run has a thousand (issue 6).
var rushed = flag.Int("rush", 250, "how many people report at once, a thousand a minute")

// The desk's room bears so many writes in any minute (telegram.md).
const deskWrites = 18

// rush is a town in which a great many people report at once, on a server with Telegram's limits.
type rush struct {
	t      *testing.T
	n      *front
	people int
	sent   map[int64]time.Time // when each pressed [Versturen]
	first  int                 // of the events since
}

// People press [Versturen] at the rate of a thousand in a minute, at Telegram's limits: nothing is lost, the receipts come in time, the
// coordinators' room is not flooded and reads of every report, and an emergency in the midst of it stands there at once
// (issue 6).
func TestReportsComeInARush(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRush(t, *rushed)
		r.tell()
		urgent := r.press(time.Minute * time.Duration(*rushed) / 1000)
		time.Sleep(10 * time.Minute)
		waits := r.receipts()
		p95, most, named := percentile(waits, 0.95), r.deskWrites(), r.named()
		t.Logf("%d of %d receipts, 95 %% of them within %.0f ms, all within %.0f ms; at most %d writes in a minute to the desk, which"+
			" reads of %d; an emergency stands there after %v", len(waits), r.people, p95, percentile(waits, 1), most, named, urgent)
		if len(waits) != r.people || p95 > 5000 {
			t.Error("receipts are missing or late")
		}
		if most > deskWrites {
			t.Error("the desk is flooded")
		}
		if named != r.people {
			t.Error("the desk does not read of every report")
		}
		if urgent > 3*time.Second {
			t.Error("the emergency waits")
		}
		if got := r.n.Throttled(); got != 0 {
			t.Errorf("%d requests were too fast", got)
		}
	})
}

func newRush(t *testing.T, people int) *rush {
	r := &rush{t: t, people: people, sent: map[int64]time.Time{}}
	r.n = newFront(t, botapi.Config{Limits: true}, people+1, 2)
	r.n.SetDelay(50 * time.Millisecond)
	runTown(t, townOf(people+1, 2), telegram.Config{Transport: r.n.Server, URL: "http://telegram.test", Limits: telegram.DefaultLimits()})
	return r
}

// inNeed is somebody who reports nothing until it is an emergency.
func (r *rush) inNeed() int64 { return firstResident + int64(r.people) }

func (r *rush) everybody(do func(who int64)) {
	for i := range int64(r.people) {
		do(firstResident + i)
	}
}

// tell lets everybody tell their report, all but the last press.
func (r *rush) tell() {
	for _, line := range reportScript() {
		if line == "Versturen" {
			break
		}
		r.everybody(func(who int64) { r.n.Say(who, who, line) })
		time.Sleep(time.Minute) // a thousand answers take forty seconds
	}
	r.first = len(r.n.Events())
}

// press lets everybody press within a time. Two thirds through it somebody is in danger; it gives how long it took until the
// desk reads of that.
func (r *rush) press(within time.Duration) time.Duration {
	r.t.Helper()
	var asked time.Time
	for i := range int64(r.people) {
		who := firstResident + i
		if _, err := r.n.PressLast(who, who, "Versturen"); err != nil {
			r.t.Fatal(err)
		}
		r.sent[who] = time.Now()
		time.Sleep(within / time.Duration(r.people))
		switch i {
		case int64(r.people) / 2:
			r.n.Say(r.inNeed(), r.inNeed(), "help er wordt nu ingebroken bij mij, hij staat binnen met een mes op de Kastanjelaan")
		case int64(r.people) / 2 * 11 / 10:
			if _, err := r.n.PressLast(r.inNeed(), r.inNeed(), "Ja, ik heb gebeld"); err != nil {
				r.t.Error(err)
			}
		case int64(r.people) / 2 * 12 / 10:
			asked = time.Now()
			r.n.Say(r.inNeed(), r.inNeed(), "een man met een mes, hij staat in de gang")
		}
	}
	for _, e := range r.n.Since(r.first) {
		if e.Kind == botapi.Sent && strconv.FormatInt(e.Chat, 10) == deskChat && strings.Contains(e.Message.Text, "SPOED") {
			return e.At.Sub(asked)
		}
	}
	return time.Hour
}

// receipts are how long those who have theirs waited for it.
func (r *rush) receipts() []time.Duration {
	var waits []time.Duration
	for _, e := range r.n.Since(r.first) {
		if at, pressed := r.sent[e.Chat]; pressed && e.Kind == botapi.Sent && strings.Contains(e.Message.Text, "Dit is melding") {
			waits = append(waits, e.At.Sub(at))
			delete(r.sent, e.Chat)
		}
	}
	return waits
}

// deskWrites is how much was written to the desk in the busiest minute.
func (r *rush) deskWrites() int {
	most := 0
	var times []time.Time
	for _, e := range r.n.Since(r.first) {
		if e.Kind != botapi.Sent && e.Kind != botapi.Edited || strconv.FormatInt(e.Chat, 10) != deskChat {
			continue
		}
		times = slices.DeleteFunc(append(times, e.At), func(at time.Time) bool { return e.At.Sub(at) >= time.Minute })
		most = max(most, len(times))
	}
	return most
}

var listLine = regexp.MustCompile(`(?m)^(\d+) × Iets anders, Kastanjelaan: `)

// named is of how many calm reports the desk reads, on cards and in lists.
func (r *rush) named() int {
	sum := 0
	for _, e := range r.n.Since(r.first) {
		if e.Kind != botapi.Sent || strconv.FormatInt(e.Chat, 10) != deskChat || strings.Contains(e.Message.Text, "SPOED") {
			continue
		}
		many := listLine.FindStringSubmatch(e.Message.Text)
		if many == nil {
			sum++
			continue
		}
		n, err := strconv.Atoi(many[1])
		if err != nil {
			r.t.Fatal(err)
		}
		sum += n
	}
	return sum
}
