package main

import (
	"context"
	"flag"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"testing"
	"testing/synctest"
	"time"

	"github.com/buurtbot/buurtbot/bot/civic"
	"github.com/buurtbot/buurtbot/bot/platformtest/botapi"
	"github.com/buurtbot/buurtbot/bot/telegram"
	"github.com/buurtbot/buurtbot/locales"
	"github.com/buurtbot/buurtbot/storage"
)

// soakDays and soakUpdates are how long the program runs to see whether it grows: by the clock of the test.
var (
	soakDays    = flag.Int("days", 0, "simulated days in which nothing may grow; 0 = a night")
	soakUpdates = flag.Int("updates", 30, "updates in each three hours of them")
)

// soaked is a program that lives in simulated time.
type soaked struct {
	t    *testing.T
	n    *front
	path string
	word int // numbers what people say

	*town
	stop func()
}

// soakedPeople are the residents, who each tell about things; strangers come besides, each only once.
const soakedPeople = 150

func newSoaked(t *testing.T) *soaked {
	t.Helper()
	s := &soaked{t: t, path: filepath.Join(t.TempDir(), "soak.db")}
	s.n = newFront(t, botapi.Config{Quiet: true}, soakedPeople, 2)
	store := settle(t, s.path, townOf(soakedPeople, 2))
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	s.start()
	return s
}

// start opens the database and starts every loop of the program, with the limits and jobs that it has by itself.
func (s *soaked) start() {
	s.t.Helper()
	config, err := LoadConfig("", []string{"BUURTBOT_STORAGE_PATH=" + s.path, "BUURTBOT_KEYS_DIR=" + s.t.TempDir()})
	if err != nil {
		s.t.Fatal(err)
	}
	config.Backup.Dir = s.t.TempDir()
	ctx, cancel := context.WithCancel(context.Background())
	store, err := storage.Open(ctx, storage.Options{Path: s.path, AuditKey: []byte("benchmarks")})
	if err != nil {
		s.t.Fatal(err)
	}
	texts, err := locales.Load()
	if err != nil {
		s.t.Fatal(err)
	}
	platform := telegram.New(telegram.Config{
		Token: benchToken, Transport: s.n.Server, URL: "http://telegram.test", Limits: telegram.DefaultLimits(),
	})
	s.town = build(config, store, texts, time.Now, platform)
	s.upkeep = &upkeep{config: config, store: store, now: time.Now, sure: s.engine.Sure}
	if err := s.town.start(ctx); err != nil {
		s.t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- s.run(ctx) }()
	s.stop = func() {
		cancel()
		if err := <-ended; err != nil {
			s.t.Error(err)
		}
		platform.Close()
		if err := store.Close(); err != nil {
			s.t.Error(err)
		}
	}
}

// live lets so many updates come within a time: residents report, and strangers who were never here before say something.
func (s *soaked) live(updates int, within time.Duration) {
	script := reportScript()
	for i := range updates {
		who := int64(firstResident + i/len(script)%soakedPeople)
		line := script[i%len(script)]
		if i%len(script) == 2 {
			s.word++
			line = told(int(who), s.word)
		}
		if i%10 == 9 {
			s.word++
			who, line = int64(8_000_000+s.word), "hallo"
			s.n.AddUser(botapi.User{ID: who, FirstName: "Vreemdeling", Language: "nl", Started: true})
		}
		s.n.Say(who, who, line)
		time.Sleep(within / time.Duration(updates))
	}
}

// size is what a process holds on to.
type size struct {
	heap       int64 // bytes
	goroutines int
	files      int
}

// size measures once everything has come to rest, without what is kept of the last texts, whose room is shown to end elsewhere.
func (s *soaked) size() size {
	s.t.Helper()
	synctest.Wait()
	civic.Forget()
	for range 3 { // what has a finalizer goes the second time
		debug.FreeOSMemory()
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	open, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		s.t.Skip("this system does not tell which files a process has open")
	}
	return size{heap: int64(m.HeapAlloc), goroutines: runtime.NumGoroutine(), files: len(open)}
}

// The program runs for days, in which people report and strangers say hello, with its jobs, its nightly work and its copies.
// Then it holds as much as it did when it had warmed up; and after more starts as much as after the first.
func TestNothingGrows(t *testing.T) {
	slog.SetDefault(slog.New(slog.DiscardHandler))
	synctest.Test(t, func(t *testing.T) {
		const part, rest = 2 * time.Hour, time.Hour
		s := newSoaked(t)
		var parts []size
		for range max(3, *soakDays*8) {
			s.live(*soakUpdates, part)
			time.Sleep(rest)
			parts = append(parts, s.size())
			t.Logf("after %d times three hours: %+v", len(parts), parts[len(parts)-1])
		}
		warm := parts[len(parts)/4:] // by then the emulated Telegram keeps as many messages of each resident as it ever does
		first, last := warm[0], warm[len(warm)-1]
		perHour := float64(last.heap-first.heap) / (float64(len(warm)-1) * (part + rest).Hours())
		t.Logf("the heap grows by %.0f bytes an hour (the goal: less than a million)", perHour)
		// A stranger takes some 2.2 kB at the emulated Telegram.
		if grown, may := last.heap-first.heap, int64(1<<20+2500*(len(warm)-1)**soakUpdates/10); grown > may {
			t.Errorf("the heap has grown by %d bytes, where %d would be well", grown, may)
		}
		s.same(first, last)
		starts := 3
		if *soakDays > 0 {
			starts = 10
		}
		for range starts {
			s.stop()
			s.start()
			s.live(20, time.Minute)
			time.Sleep(5 * time.Minute)
		}
		again := s.size()
		s.same(first, again)
		s.stop()
	})
}

// same looks that no goroutine and no open file was left over.
func (s *soaked) same(before, after size) {
	s.t.Helper()
	if after.goroutines > before.goroutines || after.files > before.files {
		s.t.Errorf("%d goroutines and %d files have become %d and %d", before.goroutines, before.files, after.goroutines, after.files)
	}
}
