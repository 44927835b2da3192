package main

import (
	"flag"
	"math/rand/v2"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/buurtbot/buurtbot/bot/civic"
	"github.com/buurtbot/buurtbot/bot/platformtest/botapi"
	"github.com/buurtbot/buurtbot/storage"
)

var soakFor = flag.Duration("soak", 0, "for how long the built program runs, by the clock on the wall")

// The built program takes no more than 150 MB while a town of a thousand talks to it, twenty lines a second, for as long as it
// runs (reliability.md, M14).
func TestMemoryOfTheProgram(t *testing.T) {
	if *soakFor == 0 {
		t.Skip("takes as long as it is told: go test -tags goolm ./cmd/buurtbot -run TestMemoryOfTheProgram -v -args -soak 30m")
	}
	const people, most = 1000, 150
	program := filepath.Join(t.TempDir(), "buurtbot")
	compile(t, program, "goolm")
	home := t.TempDir()
	inhabit(t, home, people)
	c := &crowdOf{front: newFront(t, botapi.Config{Quiet: true}, people, 2), lines: make([]int, people)}
	server := httptest.NewServer(c.front)
	defer server.Close()
	p := launch(t, program, home, server.URL, boundless()...)
	p.until(t, c.polled)
	stop, talked := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(talked)
		c.talk(rand.New(rand.NewPCG(1, 2)), time.Second/20, stop)
	}()
	peak := 0.0
	for end, n := time.Now().Add(*soakFor), 0; time.Now().Before(end); n++ {
		peak = max(peak, p.resident(t))
		if n%60 == 0 {
			t.Logf("%s to go: at most %.0f MB until now", time.Until(end).Round(time.Second), peak)
		}
	}
	close(stop)
	<-talked
	p.stop(t)
	t.Logf("at most %.0f MB (the goal: %d)", peak, most)
	if peak > most {
		t.Error("too much")
	}
}

// BenchmarkStart measures how soon the built program asks for updates when its database has 100 MB, all of which it looks
// through first (reliability.md, M18: 2 s).
func BenchmarkStart(b *testing.B) {
	const reports = 150_000
	dir, home := b.TempDir(), b.TempDir()
	program, path := filepath.Join(dir, "buurtbot"), filepath.Join(home, "town.db")
	compile(b, program, "goolm")
	inhabit(b, home, 2000)
	size := fill(b, home, path, reports)
	n := newFront(b, botapi.Config{Quiet: true}, 10, 2)
	server := httptest.NewServer(n)
	b.Cleanup(server.Close)
	var waits []time.Duration
	for b.Loop() {
		select {
		case <-n.polled:
		default:
		}
		began := time.Now()
		p := launch(b, program, home, server.URL)
		p.until(b, n.polled)
		waits = append(waits, time.Since(began))
		p.stop(b)
	}
	b.ReportMetric(float64(size)/1e6, "MB")
	b.ReportMetric(percentile(waits, 0.5), "ms-p50")
	b.ReportMetric(percentile(waits, 1), "ms-max")
	b.ReportMetric(0, "ns/op")
}

// fill puts so many reports into a home's database, and gives its size.
func fill(tb testing.TB, home, path string, reports int) int64 {
	tb.Helper()
	var c Config
	c.Keys.Dir = filepath.Join(home, "keys")
	o, err := options(tb.Context(), c, path)
	if err != nil {
		tb.Fatal(err)
	}
	store, err := storage.Open(tb.Context(), o)
	if err != nil {
		tb.Fatal(err)
	}
	pile(tb, store, reports, civic.Resolved)
	if err := store.Close(); err != nil {
		tb.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil {
		tb.Fatal(err)
	}
	return info.Size()
}
