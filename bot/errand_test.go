package bot_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/sandbox"
	"github.com/buurtbot/buurtbot/locales"
)

// runner is an engine with errands of one kind, whose attempts end as they are told to.
type runner struct {
	*post
	t      *testing.T
	engine *bot.Engine
	panics string      // what the next attempt panics with
	ends   []error     // of the attempts to come; then they go well
	tried  []time.Time // when
	done   []bot.Done
}

func newRunner(t *testing.T) *runner {
	t.Helper()
	r := &runner{post: newPost(t), t: t}
	r.restart()
	r.order("1")
	return r
}

// restart makes the engine and the courier anew, as after a stop.
func (r *runner) restart() {
	r.t.Helper()
	texts, err := locales.Load()
	if err != nil {
		r.t.Fatal(err)
	}
	now := func() time.Time { return r.now }
	r.engine = bot.New(r.store, texts, []bot.Platform{r.platform}, bot.Feature{Name: "run", Tasks: []bot.Task{{
		Kind: "run", Run: r.attempt,
		Then: func(_ context.Context, _ *bot.Turn, d bot.Done) error {
			r.done = append(r.done, d)
			return nil
		},
	}}})
	r.engine.Now, r.engine.Rand = now, zeros{}
	r.courier = bot.NewCourier(r.store, r.platform, now)
	if err := r.courier.Start(r.t.Context()); err != nil {
		r.t.Fatal(err)
	}
}

func (r *runner) attempt(context.Context, bot.Platform, bot.Errand) ([]byte, error) {
	r.tried = append(r.tried, r.now)
	if said := r.panics; said != "" {
		r.panics = ""
		panic(said)
	}
	if len(r.ends) == 0 {
		return nil, nil
	}
	err := r.ends[0]
	r.ends = r.ends[1:]
	return nil, err
}

func (r *runner) order(ref string) {
	r.t.Helper()
	err := r.store.Do(r.t.Context(), func(tx bot.Tx) error {
		return tx.SendErrand(r.t.Context(), bot.Errand{Kind: "run", Ref: ref, Platform: sandbox.Name, Before: r.now})
	})
	if err != nil {
		r.t.Fatal(err)
	}
}

// run runs what may run now, and gives how many attempts that took.
func (r *runner) run() int {
	r.t.Helper()
	before := len(r.tried)
	for range 20 {
		more, err := r.engine.RunErrand(r.t.Context())
		if err != nil {
			r.t.Fatal(err)
		}
		if !more {
			break
		}
	}
	return len(r.tried) - before
}

func later(after time.Duration) error {
	return &bot.SendError{Remedy: bot.Later, After: after, Err: errors.New("busy")}
}

func everywhere(remedy bot.Remedy, after time.Duration) error {
	return &bot.SendError{Remedy: remedy, After: after, Global: true, Err: errors.New("busy")}
}

// expect runs at moments from now and holds the number of attempts against what is wanted.
func (r *runner) expect(attempts map[time.Duration]int, at ...time.Duration) {
	r.t.Helper()
	began := r.now
	for _, d := range at {
		r.now = began.Add(d)
		if got := r.run(); got != attempts[d] {
			r.t.Errorf("after %v there were %d attempts, not %d", d, got, attempts[d])
		}
	}
}

func TestErrandWaitsAsLongAsTheNetworkAsks(t *testing.T) {
	r := newRunner(t)
	r.ends = []error{later(90 * time.Second)}
	r.expect(map[time.Duration]int{0: 1, 90 * time.Second: 1}, 0, 5*time.Second, 89*time.Second, 90*time.Second)
	if len(r.done) != 1 || r.done[0].Err != "" {
		t.Errorf("it ended as %+v", r.done)
	}
}

func TestErrandFailsForGoodAfterEightTries(t *testing.T) {
	r := newRunner(t)
	for range 20 {
		r.ends = append(r.ends, later(time.Second))
	}
	for range 20 {
		r.run()
		r.now = r.now.Add(time.Hour)
	}
	if len(r.tried) != 8 || len(r.done) != 1 || r.done[0].Err == "" {
		t.Errorf("%d attempts, ended as %+v", len(r.tried), r.done)
	}
}

// An errand that panics takes nothing with it: it has failed for good, of which its feature hears at once.
func TestErrandThatPanicsFailsForGood(t *testing.T) {
	r := newRunner(t)
	r.order("2")
	r.panics = "too few bytes"
	if got := r.run(); got != 2 {
		t.Errorf("%d attempts", got)
	}
	if len(r.done) != 2 || r.done[0].Err != "panic: too few bytes" || r.done[1].Err != "" {
		t.Errorf("they ended as %+v", r.done)
	}
	if r.engine.Faults() != 1 {
		t.Errorf("somebody has to look at %d mistakes", r.engine.Faults())
	}
}

// What is refused for good is not waited for, whatever is said of the platform beside it.
func TestErrandThatIsRefusedIsNotPutOffForEver(t *testing.T) {
	r := newRunner(t)
	for range 20 {
		r.ends = append(r.ends, everywhere(bot.Never, time.Second))
	}
	for range 20 {
		r.run()
		r.now = r.now.Add(time.Hour)
	}
	if len(r.tried) != 8 || len(r.done) != 1 {
		t.Errorf("%d attempts, ended as %+v", len(r.tried), r.done)
	}
}

func TestOutageOfAnHourCostsNoErrand(t *testing.T) {
	for _, remedy := range []bot.Remedy{bot.Later, bot.Down} {
		t.Run(remedy.String(), func(t *testing.T) {
			r := newRunner(t)
			r.order("2")
			for range 60 {
				r.ends = append(r.ends, everywhere(remedy, time.Minute))
			}
			for range 60 {
				if got := r.run(); got != 1 {
					t.Fatalf("%d attempts while nobody answers", got)
				}
				r.now = r.now.Add(time.Minute)
			}
			if r.run(); len(r.done) != 2 || r.done[0].Err+r.done[1].Err != "" {
				t.Errorf("they ended as %+v", r.done)
			}
		})
	}
}

// What a network asks of the account holds for all that we do there, whoever was told, and after a restart.
func TestPauseThatAnErrandMetHoldsForLetters(t *testing.T) {
	r := newRunner(t)
	r.ends = []error{everywhere(bot.Later, 90*time.Second)}
	r.run()
	for _, c := range []struct {
		after   time.Duration
		restart bool
		shown   int
	}{{0, false, 0}, {time.Minute, true, 0}, {31 * time.Second, false, 1}} {
		if c.restart {
			r.restart()
		}
		r.now = r.now.Add(c.after)
		if err := r.deliver(t.Context()); err != nil {
			t.Fatal(err)
		}
		if n := len(r.platform.Messages("ana")); n != c.shown {
			t.Errorf("at %v Ana reads %d messages, not %d", r.now, n, c.shown)
		}
	}
}

func TestPauseThatALetterMetHoldsForErrands(t *testing.T) {
	r := newRunner(t)
	r.platform.FailNext(sandbox.Failure{Remedy: bot.Later, After: 90 * time.Second, Global: true})
	if err := r.deliver(t.Context()); err != nil {
		t.Fatal(err)
	}
	r.restart()
	r.expect(map[time.Duration]int{90 * time.Second: 1}, 0, 89*time.Second, 90*time.Second)
}
