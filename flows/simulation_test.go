package flows_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/locales"
	"github.com/buurtbot/buurtbot/storage"
)

var (
	until    = flag.Bool("until", false, "stop simulating at the first seed that fails")
	patrols  = flag.Int("patrols", 4, "of a hundred steps, those in which an officer sets out to warn")
	seeds    = flag.Int("seeds", 3, "how many simulations to run")
	from     = flag.Uint64("from", 1, "the first of them; what was run on other days need not be run again")
	oneSeed  = flag.Uint64("seed", 0, "run this simulation only")
	traced   = flag.Int("trace", 60, "steps to show of a simulation that failed")
	simSteps = flag.Int("steps", 200, "steps of a simulation before it comes to rest")
)

// TestSimulation lets random people do random things to the real engine, courier and database, while platform and disk
// fail and the program ends at any moment. When all has come to rest, the properties of check must hold. A seed is a
// whole history: the same seed is the same simulation again.
func TestSimulation(t *testing.T) {
	texts, err := sharedTexts()
	if err != nil {
		t.Fatal(err)
	}
	first, last := *from, *from+uint64(*seeds)-1
	if *oneSeed != 0 {
		first, last = *oneSeed, *oneSeed
	}
	var (
		sum     tally
		failing atomic.Bool
	)
	t.Run("seeds", func(t *testing.T) {
		for seed := first; seed <= last && (!*until || !failing.Load()); seed++ {
			t.Run(fmt.Sprint(seed), func(t *testing.T) {
				if !*until {
					t.Parallel()
				}
				defer func() {
					if t.Failed() {
						failing.Store(true)
					}
				}()
				s := simulate(t, texts, seed, *simSteps)
				sum.add(s.counts)
			})
		}
	})
	t.Log(sum.String())
}

// The same seed gives the same history, or no failure could be looked into.
func TestSimulationRepeats(t *testing.T) {
	texts, err := sharedTexts()
	if err != nil {
		t.Fatal(err)
	}
	a, b := simulate(t, texts, 3, 300), simulate(t, texts, 3, 300)
	if a.digest() != b.digest() {
		t.Errorf("P13: the same seed gave %s, then %s", a.digest(), b.digest())
	}
	for i := range min(len(a.history), len(b.history)) {
		if a.history[i].String() != b.history[i].String() {
			t.Fatalf("delivery %d differs:\n%s\n%s", i, a.history[i], b.history[i])
		}
	}
	if len(a.history) != len(b.history) {
		t.Fatalf("%d deliveries, then %d", len(a.history), len(b.history))
	}
}

// simulate plays one seed to its end and checks what it left.
func simulate(t *testing.T, texts *locales.Texts, seed uint64, steps int) *simulation {
	t.Helper()
	s := newSimulation(t, texts, seed)
	defer func() {
		if t.Failed() {
			t.Logf("to replay: go test -tags goolm ./flows -run 'TestSimulation$' -args -seed %d -steps %d -patrols %d", seed, steps, *patrols)
			t.Logf("the last steps:\n%s", strings.Join(s.trace[max(0, len(s.trace)-*traced):], "\n"))
		}
	}()
	for range steps {
		s.next()
	}
	s.rest()
	s.check()
	return s
}

// next does one random step.
func (s *simulation) next() {
	switch n := s.rand.IntN(100); {
	case n < *patrols:
		s.patrol()
	case n < *patrols+5:
		s.walk()
	case n < 23:
		s.step("act", s.actAtRandom)
	case n < 25:
		s.whim()
	case n < 38:
		s.step("poll", s.poll)
	case n < 60:
		s.step("handle", s.handle)
	case n < 84:
		s.step("deliver", s.deliver)
	case n < 88:
		s.step("errand", func() error { _, err := s.engine.RunErrand(s.ctx); return err })
	case n < 93:
		s.step("tick", func() error { return s.engine.Tick(s.ctx) })
	case n < 99:
		s.step("clock", s.jump)
	default:
		s.step("crash", func() error { panic(crash{"between steps"}) })
	}
}

// walk lets one person go on for a while, as far as the bot lets them, while all steps are taken in turn.
func (s *simulation) walk() {
	everybody := simulated()
	who := everybody[s.rand.IntN(len(everybody))].ID
	if s.rand.IntN(4) == 0 {
		who = "mirjam"
	}
	for i := range 4 + s.rand.IntN(12) {
		if s.away[who] {
			return
		}
		a := act{person: who, room: who, kind: "press", count: 1}
		s.step("walk", func() error {
			if i == 0 && s.rand.IntN(3) > 0 {
				a.kind, a.text = "say", s.beginning(who)
				return s.act(a)
			}
			return s.act(s.goOn(a))
		})
		s.step("poll", s.pollAll)
		s.step("handle", s.handle)
		for range 3 {
			s.step("deliver", s.deliver)
		}
	}
}

// step does one thing, which may end the program or be stopped by the disk; any other error is a finding.
func (s *simulation) step(what string, do func() error) {
	s.note(what)
	if s.now.After(s.newest) {
		s.newest = s.now
	}
	defer func() {
		p := recover()
		if p == nil {
			return
		}
		end, ok := p.(crash)
		if !ok {
			panic(p)
		}
		s.counts.crashes[end.at]++
		s.lostSight()
		s.note("crash")
		s.reopen()
	}()
	err := do()
	if err == nil {
		return
	}
	if _, ok := errors.AsType[storage.Fault](err); !ok {
		s.t.Errorf("step %s: %v", what, err)
	}
	s.counts.faults++
	s.note(err.Error())
}

// lostSight counts a delivery whose outcome was not stored: it may be made once more.
func (s *simulation) lostSight() {
	for _, f := range s.nets {
		if f.inFlight == 0 {
			continue
		}
		s.uncertain[f.inFlight]++
		for former := range s.knocks {
			s.excused[former]++
		}
		f.shut = f.known // nobody can know of a window whose announcement was lost
		f.inFlight = 0
	}
}

func (s *simulation) handle() error {
	_, err := s.engine.HandleNext(s.ctx)
	return err
}

// jump lets time go by: mostly seconds, sometimes hours, sometimes back.
func (s *simulation) jump() error {
	switch n := s.rand.IntN(20); {
	case n < 14:
		s.now = s.now.Add(time.Duration(s.rand.IntN(90)) * time.Second)
	case n < 17:
		s.now = s.now.Add(time.Duration(s.rand.IntN(60)) * time.Minute)
	case n < 19:
		s.now = s.now.Add(time.Duration(s.rand.IntN(10)) * time.Hour)
	default:
		s.correct(time.Duration(s.rand.IntN(120)) * time.Second)
	}
	return nil
}

// rest lets everything that was begun come to its end, without any further fault.
func (s *simulation) rest() {
	s.calm = true
	s.note("rest")
	s.must(s.engine.Tick(s.ctx))
	s.waitsForNoClock()
	const soon = 200 // rounds in which minutes pass; then it is hours, after a clock that was set back
	idle := 0
	for range 3000 {
		s.must(s.pollAll())
		n, err := s.engine.HandleNext(s.ctx)
		s.must(err)
		ran, err := s.engine.RunErrand(s.ctx)
		s.must(err)
		sent, err := s.deliverNext()
		s.must(err)
		if n > 0 || ran || sent {
			continue
		}
		s.must(s.engine.Tick(s.ctx))
		if !s.waits() {
			return
		}
		if idle++; idle > soon {
			s.now = s.now.Add(time.Hour)
		}
		s.now = s.now.Add(time.Minute)
	}
	s.t.Error("the bot never comes to rest")
}

// waits reports whether anything is left to do without anybody doing anything.
func (s *simulation) waits() bool {
	left := false
	s.must(s.store.Do(s.ctx, func(tx bot.Tx) error {
		rows, err := tx.Waiting(s.ctx, 1)
		if err != nil {
			return err
		}
		left = len(rows) > 0
		for _, f := range s.nets {
			next, err := tx.NextLetter(s.ctx, f.name)
			if err != nil {
				return err
			}
			left = left || !next.IsZero()
		}
		return nil
	}))
	if left {
		return true
	}
	l := s.look(s.path)
	defer l.close()
	return len(l.rows("SELECT id FROM errands")) > 0
}

func (s *simulation) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

// reopen goes on with a copy of the files as they are, as after a kill.
func (s *simulation) reopen() {
	s.images++
	image := filepath.Join(s.dir, fmt.Sprintf("crash%d.db", s.images))
	for _, end := range []string{"", "-wal"} {
		s.must(copyFile(s.path+end, image+end))
	}
	_ = s.store.Close() // what it still says comes too late
	s.path = image
	s.start(context.WithoutCancel(s.ctx))
}
