package main

import (
	"bytes"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/buurtbot/buurtbot/bot/civic"
	"github.com/buurtbot/buurtbot/bot/platformtest/botapi"
	"github.com/buurtbot/buurtbot/bot/sandbox"
	"github.com/buurtbot/buurtbot/bot/telegram"
	"github.com/buurtbot/buurtbot/storage"
)

var alarms = flag.Int("alarms", 0, "how many alerts to send by the clock on the wall, each before 2,000 digests and 1,000 messages")

// An alert begins to go out within a second of the last word, by the clock on the wall: with 2,000 digests in the
// outbox, and with a thousand people who speak in the moment before, so that the word waits behind theirs (reliability.md, M8).
func TestAnAlertBeginsWithinASecond(t *testing.T) {
	if *alarms == 0 {
		t.Skip("takes ten seconds each: go test -tags goolm ./cmd/buurtbot -run AnAlertBegins -v -args -alarms 20")
	}
	var waits []time.Duration
	for n := range *alarms {
		if !t.Run(fmt.Sprint(n), func(t *testing.T) { waits = append(waits, alarmInARush(t)) }) {
			return
		}
	}
	p99 := percentile(waits, 0.99)
	t.Logf("%d alerts: the first street is called after %.0f ms (half of them), %.0f ms (99 %%), %.0f ms (all)", len(waits),
		percentile(waits, 0.5), p99, percentile(waits, 1))
	if p99 > 1000 {
		t.Error("too late")
	}
}

// alarmInARush gives how long it takes from the last word of the officers until the first street group is called.
func alarmInARush(t *testing.T) time.Duration {
	t.Helper()
	const people, speaking = 2000, 1000
	n := newFront(t, botapi.Config{Quiet: true}, people, 20)
	called := make(chan time.Time, 1)
	server := httptest.NewServer(&eavesdropper{n, func(form string) {
		if strings.Contains(form, fmt.Sprintf("chat_id=%d&", firstGroup)) && strings.Contains(form, "gaslek") {
			called <- time.Now()
		}
	}})
	t.Cleanup(server.Close)
	n.AddUser(botapi.User{ID: colleague, FirstName: "Piet", Language: "nl", Started: true})
	w := townOf(people, 20)
	w.Citizens = append(w.Citizens, sandbox.Citizen{ID: strconv.Itoa(colleague), Name: "Piet", Language: "nl", Role: civic.Police})
	town := runTown(t, w, telegram.Config{URL: server.URL, Limits: telegram.DefaultLimits()})
	n.Say(officer, officer, "/alarm")
	time.Sleep(time.Second)
	n.Say(officer, officer, "Er is een gaslek in de buurt. Blijf binnen en houd de ramen dicht.")
	for _, label := range []string{"Nu", "Heel BIN De Vlier", "1 uur", "Versturen", "Ja, versturen"} {
		pressNewest(t, n, officer, label)
	}
	time.Sleep(3 * time.Second)
	digests(t, town, people)
	time.Sleep(time.Second)
	for i := range int64(speaking) {
		n.Say(firstResident+i, firstResident+i, "hallo")
	}
	began := time.Now()
	if _, err := n.PressLast(colleague, colleague, "Goedkeuren"); err != nil { // that many people need a second officer
		t.Fatal(err)
	}
	select {
	case at := <-called:
		return at.Sub(began)
	case <-time.After(time.Minute):
		t.Fatal("no street was called")
		return 0
	}
}

// eavesdropper tells of every message before it is taken.
type eavesdropper struct {
	http.Handler
	heard func(form string)
}

// ServeHTTP implements [http.Handler].
func (e *eavesdropper) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if strings.HasSuffix(r.URL.Path, "/sendMessage") {
		raw, err := io.ReadAll(r.Body)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		e.heard(string(raw))
		r.Body = io.NopCloser(bytes.NewReader(raw))
	}
	e.Handler.ServeHTTP(w, r)
}

// arrivals notes when an answer with updates has come, and how long it then took until they were stored for good.
type arrivals struct {
	next http.RoundTripper

	mu    sync.Mutex
	came  time.Time
	waits []time.Duration
}

// RoundTrip implements [http.RoundTripper].
func (a *arrivals) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := a.next.RoundTrip(r)
	if err != nil || !strings.HasSuffix(r.URL.Path, "/getUpdates") {
		return resp, err
	}
	raw, err := io.ReadAll(resp.Body)
	_ = resp.Body.Close()
	resp.Body = io.NopCloser(bytes.NewReader(raw))
	if bytes.Contains(raw, []byte(`"update_id"`)) {
		a.mu.Lock()
		a.came = time.Now()
		a.mu.Unlock()
	}
	return resp, err
}

// stored is called after each commit, with what was done last in it.
func (a *arrivals) stored(label string) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if label == "receive" && !a.came.IsZero() {
		a.waits = append(a.waits, time.Since(a.came))
		a.came = time.Time{}
	}
	return nil
}

// BenchmarkIntake measures how long what was said waits for the commit that takes it in, from the moment at which the whole
// answer of the network is there, while people talk at the pace of 20 reports a second (reliability.md, M9: 5 ms).
func BenchmarkIntake(b *testing.B) {
	const people = 500
	n := newFront(b, botapi.Config{Quiet: true}, people, 2)
	server := httptest.NewServer(n)
	b.Cleanup(server.Close)
	a := &arrivals{next: http.DefaultTransport}
	store := settleIn(b, storage.Options{
		Path: filepath.Join(b.TempDir(), "intake.db"), AuditKey: []byte("benchmarks"), Faults: storage.Faults{AfterCommit: a.stored},
	}, townOf(people, 2))
	let(b, wired(b, store, telegram.Config{URL: server.URL, Transport: a}))
	script := reportScript()
	ticks := time.NewTicker(time.Second / time.Duration(20*len(script)))
	defer ticks.Stop()
	b.ResetTimer()
	for i := range max(b.N, 2000) {
		<-ticks.C
		who := int64(firstResident + i%people)
		n.Say(who, who, script[i/people%len(script)])
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	b.ReportMetric(percentile(a.waits, 0.5), "ms-p50")
	b.ReportMetric(percentile(a.waits, 0.99), "ms-p99")
	b.ReportMetric(0, "ns/op")
}
