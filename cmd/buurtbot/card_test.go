package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/buurtbot/buurtbot/bot/platformtest/botapi"
	"github.com/buurtbot/buurtbot/bot/telegram"
)

// BenchmarkCard measures how long it takes from a person's last word until the coordinators' card is delivered to the network,
// over HTTP and without limits: with nothing else to do, and at 20 reports a second (issue 6 asks for 500 ms and 2 s).
func BenchmarkCard(b *testing.B) {
	b.Run("idle", func(b *testing.B) { benchCards(b, time.Second/4) })
	b.Run("20 a second", func(b *testing.B) { benchCards(b, time.Second/20) })
}

// deskClock tells when cards reach the desk.
type deskClock struct {
	http.Handler
	cards chan string
}

// ServeHTTP looks for what is sent to the desk.
func (d *deskClock) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !strings.HasSuffix(r.URL.Path, "/sendMessage") {
		d.Handler.ServeHTTP(w, r)
		return
	}
	raw, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	r.Body = io.NopCloser(strings.NewReader(string(raw)))
	d.Handler.ServeHTTP(w, r)
	if form, err := url.ParseQuery(string(raw)); err == nil && form.Get("chat_id") == deskChat {
		d.cards <- form.Get("text")
	}
}

// benchCards lets people who have told everything press on after each other.
func benchCards(b *testing.B, pause time.Duration) {
	people := max(b.N, int(10*time.Second/pause))
	n := newFront(b, botapi.Config{Quiet: true}, people, 2)
	replies := make(chan struct{}, 1<<16)
	n.replied = func(int) { replies <- struct{}{} }
	desk := &deskClock{Handler: n, cards: make(chan string, people)}
	server := httptest.NewServer(desk)
	b.Cleanup(server.Close)
	run(b, people, 2, telegram.Config{URL: server.URL})
	script := reportScript()
	last := len(script) - 1
	for _, line := range script[:last] {
		for p := range people {
			n.Say(int64(firstResident+p), int64(firstResident+p), strings.Replace(line, "nummer twaalf", ownLamp(p), 1))
		}
		for range people {
			<-replies
		}
	}
	b.ResetTimer()
	pressed := map[string]time.Time{}
	waits := make([]time.Duration, 0, people)
	ticks := time.NewTicker(pause)
	defer ticks.Stop()
	for p := 0; len(waits) < people; {
		select {
		case <-ticks.C:
			if p < people {
				pressed[ownLamp(p)] = time.Now()
				n.Say(int64(firstResident+p), int64(firstResident+p), script[last])
				p++
			}
		case card := <-desk.cards:
			waits = append(waits, time.Since(pressed[lampOf.FindString(card)]))
		}
	}
	b.ReportMetric(percentile(waits, 0.5), "ms-p50")
	b.ReportMetric(percentile(waits, 0.99), "ms-p99")
	b.ReportMetric(percentile(waits, 1), "ms-max")
	b.ReportMetric(0, "ns/op")
}

// ownLamp is what tells the nth report from the others.
func ownLamp(n int) string {
	return "lamp" + string([]byte{'a' + byte(n/676%26), 'a' + byte(n/26%26), 'a' + byte(n%26)})
}

var lampOf = regexp.MustCompile("lamp[a-z]{3}")
