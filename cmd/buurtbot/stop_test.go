package main

import (
	"bytes"
	"context"
	"sync"
	"testing"
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
