package main

import (
	"bufio"
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/buurtbot/buurtbot/bot/platformtest/botapi"
	"github.com/buurtbot/buurtbot/bot/telegram"
)

// front is a Bot API server on loopback with the people of a town, and tells of every reply to one of them.
type front struct {
	*botapi.Server
	replied func(person int) // once the reply is there
	polled  chan struct{}    // filled when the program has asked for updates
}

func newFront(tb testing.TB, c botapi.Config, residents, groups int) *front {
	tb.Helper()
	c.Token, c.Username = benchToken, "buurtbot"
	n := &front{Server: botapi.New(c), replied: func(int) {}, polled: make(chan struct{}, 1)}
	members := []int64{4000001, 4000002}
	for i := range residents {
		members = append(members, int64(firstResident+i))
	}
	for _, id := range members {
		n.AddUser(botapi.User{ID: id, FirstName: "Bewoner", Language: "nl", Started: true})
	}
	rooms := []string{deskChat, policeChat}
	for i := range groups {
		rooms = append(rooms, strconv.Itoa(firstGroup-i))
	}
	for _, room := range rooms {
		id, err := strconv.ParseInt(room, 10, 64)
		if err != nil {
			tb.Fatal(err)
		}
		n.AddGroup(botapi.Group{ID: id, Title: "Straat", Members: members[:2]})
	}
	return n
}

// ServeHTTP looks to whom a text goes; the chat's id is the first of the parameters.
func (n *front) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	person := 0
	if strings.HasSuffix(r.URL.Path, "/getUpdates") {
		select {
		case n.polled <- struct{}{}:
		default:
		}
	}
	if strings.HasSuffix(r.URL.Path, "/sendMessage") {
		const name = "chat_id="
		body := bufio.NewReaderSize(r.Body, len(name)+16)
		if head, err := body.Peek(len(name) + 7); err == nil && bytes.HasPrefix(head, []byte(name)) {
			person, _ = strconv.Atoi(string(head[len(name):])) // a group's id is longer, and negative
		}
		r.Body = struct {
			io.Reader
			io.Closer
		}{body, r.Body}
	}
	n.Server.ServeHTTP(w, r)
	if person > 0 {
		n.replied(person)
	}
}

// running lets the program run on a network, over HTTP and without limits, until the bench ends.
func running(tb testing.TB, n *front, residents, groups int) {
	tb.Helper()
	server := httptest.NewServer(n)
	tb.Cleanup(server.Close)
	run(tb, residents, groups, telegram.Config{URL: server.URL})
}

// BenchmarkBacklog measures how fast the program works off what waited for it at Telegram: reports of many people, line
// by line, over HTTP, from the first poll to the last reply.
func BenchmarkBacklog(b *testing.B) {
	const people = 2500
	script := reportScript()
	n := newFront(b, botapi.Config{Quiet: true}, people, 2)
	all := 0
	for range max(1, b.N/(people*len(script))) {
		for nth := range script {
			for p := range people {
				n.Say(int64(firstResident+p), int64(firstResident+p), lineOf(script, nth, p))
				all++
			}
		}
	}
	replies := make(chan struct{}, 1<<16)
	n.replied = func(int) { replies <- struct{}{} }
	b.ResetTimer()
	began := processor(b)
	running(b, n, people, 2)
	for range all {
		<-replies
	}
	b.ReportMetric(float64(all)/b.Elapsed().Seconds(), "updates/s")
	b.ReportMetric(float64(processor(b)-began)/float64(all)/1000, "cpu-µs/update")
}

// processor is the time that all cores spent on this process so far, in nanoseconds.
func processor(tb testing.TB) int64 {
	tb.Helper()
	var use syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &use); err != nil {
		tb.Fatal(err)
	}
	return use.Utime.Nano() + use.Stime.Nano()
}

// BenchmarkClosedLoop measures people who answer as soon as they are asked, 500 at a time.
func BenchmarkClosedLoop(b *testing.B) {
	const people = 500
	script := reportScript()
	n := newFront(b, botapi.Config{Quiet: true}, people, 2)
	replies := make(chan int, 1<<16)
	n.replied = func(person int) { replies <- person }
	running(b, n, people, 2)
	said := make([]int, people)
	say := func(person int) {
		i := person - firstResident
		n.Say(int64(person), int64(person), lineOf(script, said[i], person))
		said[i]++
	}
	b.ResetTimer()
	for p := range people {
		say(firstResident + p)
	}
	for range max(b.N, people) {
		say(<-replies)
	}
	b.ReportMetric(float64(max(b.N, people))/b.Elapsed().Seconds(), "updates/s")
}

// BenchmarkLatency measures how long people wait for a reply when 200 updates come in a second: on a network that takes
// no time, with 40 ms before every delivery, and with 40 ms before every call. In the last a poll that has just been
// answered is 40 ms away, so somebody who speaks then waits for it as well: twice 40 ms is the least that can be had.
func BenchmarkLatency(b *testing.B) {
	const far = 40 * time.Millisecond
	b.Run("near", func(b *testing.B) { benchLatency(b, func(*front) {}) })
	b.Run("far deliveries", func(b *testing.B) {
		benchLatency(b, func(n *front) {
			n.Fail(botapi.Fault{Method: "sendMessage", Kind: botapi.Slow, Times: -1, Delay: far})
		})
	})
	b.Run("far calls", func(b *testing.B) { benchLatency(b, func(n *front) { n.SetDelay(far) }) })
}

func benchLatency(b *testing.B, remove func(*front)) {
	const (
		people = 1000
		pause  = time.Second / 200
	)
	script := reportScript()
	n := newFront(b, botapi.Config{Quiet: true}, people, 2)
	replies := make(chan int, 1<<16)
	n.replied = func(person int) { replies <- person }
	running(b, n, people, 2)
	remove(n)
	spoke := make([]time.Time, people)
	waits := make([]time.Duration, 0, b.N)
	ticks := time.NewTicker(pause)
	defer ticks.Stop()
	b.ResetTimer()
	for said := 0; len(waits) < b.N; {
		select {
		case <-ticks.C:
			if said < b.N {
				p := said % people
				spoke[p] = time.Now()
				n.Say(int64(firstResident+p), int64(firstResident+p), lineOf(script, said/people, p))
				said++
			}
		case person := <-replies:
			waits = append(waits, time.Since(spoke[person-firstResident]))
		}
	}
	b.ReportMetric(percentile(waits, 0.5), "ms-p50")
	b.ReportMetric(percentile(waits, 0.99), "ms-p99")
	b.ReportMetric(0, "ns/op")
}
