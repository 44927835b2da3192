package main

import (
	"bytes"
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/buurtbot/buurtbot/bot"
)

// fuse is a context that ends at the n-th question whether it did, so that a start is told to stop at each of its steps.
type fuse struct {
	context.Context
	mu   sync.Mutex
	left int
	cut  context.CancelFunc
}

func (f *fuse) burn() {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.left--; f.left == 0 {
		f.cut()
	}
}

func (f *fuse) Done() <-chan struct{} { f.burn(); return f.Context.Done() }

func (f *fuse) Err() error { f.burn(); return f.Context.Err() }

func TestToBeToldToStopWhileTheDatabaseOpensIsACleanEnd(t *testing.T) {
	home := t.TempDir()
	t.Chdir(home)
	environ := []string{"BUURTBOT_STORAGE_PATH=bin.db", "BUURTBOT_SANDBOX_LISTEN=127.0.0.1:0"}
	for steps := 1; steps < 400; steps += 13 {
		ctx, cancel := context.WithCancel(t.Context())
		f := &fuse{Context: ctx, left: steps, cut: cancel}
		var out, told bytes.Buffer
		if code := execute(f, nil, environ, &out, &told); code != exitFine {
			t.Errorf("told to stop at step %d: code %d\n%s", steps, code, told.String())
		}
		cancel()
	}
}

// What is being sent when the program is told to stop is waited for, but not until it is killed; what nobody knows the
// outcome of is stored as that.
func TestWhatIsBeingSentDoesNotHoldUpTheEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := observe(t)
		o.letters(1)
		o.far.hangs = true
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- o.couriers[0].Run(ctx) }()
		time.Sleep(time.Second)
		stop()
		told := time.Now()
		err := <-ended
		if took := time.Since(told); err != nil || took < 10*time.Second || took > 19*time.Second {
			t.Errorf("it ended after %v: %v", took, err)
		}
		err = o.store.Do(t.Context(), func(tx bot.Tx) error {
			n, err := tx.Recover(t.Context(), o.at, o.at)
			if n != 0 {
				t.Errorf("%d letters count as being sent", n)
			}
			return err
		})
		g, gauges := o.store.Gauges(t.Context())
		if err != nil || gauges != nil || len(g.Lines) != 1 || g.Lines[0].Letters != 1 {
			t.Errorf("waiting: %+v, %v, %v", g.Lines, err, gauges)
		}
	})
}
