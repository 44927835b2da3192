package storage_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/storage"
	"github.com/buurtbot/buurtbot/storage/storagetest"
)

// crowd is a store whose calls of Do come together.
type crowd struct {
	store   *storage.Store
	faults  storage.Faults
	commits atomic.Int64
}

func gather(t *testing.T, path string, faults storage.Faults) *crowd {
	t.Helper()
	c := &crowd{faults: faults}
	s, err := storagetest.Open(t.Context(), storage.Options{
		Path: path, AuditKey: []byte("key"), Now: func() time.Time { return noon },
		Faults: storage.Faults{
			BeforeStatement: faults.BeforeStatement, BeforeCommit: faults.BeforeCommit,
			AfterCommit: func(label string) error {
				c.commits.Add(1)
				if faults.AfterCommit != nil {
					return faults.AfterCommit(label)
				}
				return nil
			},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	s.Gather()
	c.store = s
	return c
}

// outcome is what a call of Do came to.
type outcome struct {
	err      error
	panicked any
}

// together calls Do with n turns at the same time: while the first is running the others come to wait.
func (c *crowd) together(ctx context.Context, n int, turn func(tx bot.Tx, i int) error) []outcome {
	outcomes := make([]outcome, n)
	hold, held := make(chan struct{}), make(chan struct{})
	var all sync.WaitGroup
	all.Go(func() {
		_ = c.store.Do(ctx, func(bot.Tx) error {
			close(held)
			<-hold
			return nil
		})
	})
	<-held
	for i := range n {
		all.Go(func() {
			defer func() { outcomes[i].panicked = recover() }()
			outcomes[i].err = c.store.Do(ctx, func(tx bot.Tx) error { return turn(tx, i) })
		})
	}
	for c.store.Queued() < n {
		runtime.Gosched()
	}
	close(hold)
	all.Wait()
	return outcomes
}

func ref(i int) string { return fmt.Sprintf("chat-%d", i) }

// enter is a turn that leaves a trace.
func enter(ctx context.Context, tx bot.Tx, i int) error {
	_, err := tx.Enter(ctx, bot.ChatRef{Platform: "p", ID: ref(i), Title: "seen"}, noon)
	return err
}

// traces are the turns that left one; asked of a view, which remembers nothing.
func traces(t *testing.T, s *storage.Store, n int) []int {
	t.Helper()
	var kept []int
	err := s.View(t.Context(), func(tx bot.Tx) error {
		for id := range int64(10 * n) {
			c, err := tx.Chat(t.Context(), id)
			if errors.Is(err, bot.ErrNotFound) {
				continue
			}
			if err != nil {
				return err
			}
			var i int
			if _, err := fmt.Sscanf(c.Ref.ID, "chat-%d", &i); err != nil {
				return err
			}
			kept = append(kept, i)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return kept
}

// times counts in how many turns a trace was left, however often each was tried.
func times(kept []int) map[int]int {
	n := map[int]int{}
	for _, i := range kept {
		n[i]++
	}
	return n
}

func everyOne(n int, but ...int) map[int]int {
	want := map[int]int{}
	for i := range n {
		want[i] = 1
	}
	for _, i := range but {
		delete(want, i)
	}
	return want
}

func TestCallsThatWaitTogetherShareACommit(t *testing.T) {
	const n = 60
	c := gather(t, filepath.Join(t.TempDir(), "bin.db"), storage.Faults{})
	defer c.store.Close()
	for i, o := range c.together(t.Context(), n, func(tx bot.Tx, i int) error { return enter(t.Context(), tx, i) }) {
		if o != (outcome{}) {
			t.Errorf("turn %d: %+v", i, o)
		}
	}
	if got := c.commits.Load(); got > n/2 {
		t.Errorf("%d commits for %d calls", got, n)
	}
	if diff := cmp.Diff(everyOne(n), times(traces(t, c.store, n))); diff != "" {
		t.Errorf("traces (-want +got):\n%s", diff)
	}
}

// One turn that fails, and one that panics, are undone and told so; their neighbours in the commit are kept.
func TestAnErrorOrPanicInABatchIsItsTurnsAlone(t *testing.T) {
	const n = 30
	c := gather(t, filepath.Join(t.TempDir(), "bin.db"), storage.Faults{})
	defer c.store.Close()
	broken := errors.New("broken")
	outcomes := c.together(t.Context(), n, func(tx bot.Tx, i int) error {
		err := enter(t.Context(), tx, i)
		switch i {
		case 7:
			return errors.Join(err, broken)
		case 19:
			panic("out of its mind")
		}
		return err
	})
	for i, o := range outcomes {
		switch {
		case i == 7 && errors.Is(o.err, broken):
		case i == 19 && o.panicked == "out of its mind":
		case o != (outcome{}):
			t.Errorf("turn %d: %+v", i, o)
		}
	}
	if diff := cmp.Diff(everyOne(n, 7, 19), times(traces(t, c.store, n))); diff != "" {
		t.Errorf("traces (-want +got):\n%s", diff)
	}
	who := func(i int) (bot.Chat, error) { // what the undone turns remembered is forgotten
		var got bot.Chat
		err := c.store.Do(t.Context(), func(tx bot.Tx) (err error) {
			got, err = tx.Enter(t.Context(), bot.ChatRef{Platform: "p", ID: ref(i)}, noon)
			return err
		})
		return got, err
	}
	if got, err := who(7); err != nil || got.Ref.Title != "" {
		t.Errorf("chat of the failed turn: %+v, %v", got, err)
	}
}

// A failing SAVEPOINT, RELEASE, ROLLBACK TO, statement or COMMIT voids the batch; each of its turns is then done alone,
// and none twice or not at all.
func TestAVoidBatchIsDoneAgainOneByOne(t *testing.T) {
	const n = 40
	broken := errors.New("broken")
	for _, c := range []struct {
		statement string
		nth       int64
		fault     storage.Fault
	}{
		{"SAVEPOINT turn", 5, storage.FaultFull},
		{"RELEASE turn", 5, storage.FaultIO},
		{"ROLLBACK TO turn", 1, storage.FaultNoMemory},
		{"INSERT INTO chats", 9, storage.FaultInterrupt},
		{"INSERT INTO chats", 2, storage.FaultFull},
		{"COMMIT", 2, storage.FaultIO},
	} {
		t.Run(fmt.Sprintf("%s %d", c.statement, c.nth), func(t *testing.T) {
			var seen, runs, faults, victim atomic.Int64
			strike := func(what string) error {
				if len(what) >= len(c.statement) && what[:len(c.statement)] == c.statement && seen.Add(1) == c.nth {
					faults.Add(1)
					return c.fault
				}
				return nil
			}
			town := gather(t, filepath.Join(t.TempDir(), "bin.db"), storage.Faults{
				BeforeStatement: strike, BeforeCommit: func(string) error { return strike("COMMIT") },
			})
			defer town.store.Close()
			victim.Store(-1)
			outcomes := town.together(t.Context(), n, func(tx bot.Tx, i int) error {
				if runs.Add(1) == 5 { // the first may be alone; this one is in a batch
					victim.Store(int64(i))
				}
				err := tx.Savepoint(t.Context(), func() error {
					if err := enter(t.Context(), tx, i); err != nil || int64(i) != victim.Load() {
						return err
					}
					return broken
				})
				if errors.Is(err, broken) {
					return nil // the turn goes on without it
				}
				return err
			})
			if faults.Load() != 1 || runs.Load() <= n {
				t.Fatalf("%d faults, %d runs of %d turns: no batch was void", faults.Load(), runs.Load(), n)
			}
			for i, o := range outcomes {
				if o != (outcome{}) {
					t.Errorf("turn %d: %+v", i, o)
				}
			}
			if diff := cmp.Diff(everyOne(n, int(victim.Load())), times(traces(t, town.store, n))); diff != "" {
				t.Errorf("traces (-want +got):\n%s", diff)
			}
		})
	}
}

// Whoever is no longer waited for is served all the same: the end of a context reaches no statement, least of all one
// that stands in a transaction with the work of others.
func TestTheEndOfAContextReachesNoBatch(t *testing.T) {
	const n = 30
	c := gather(t, filepath.Join(t.TempDir(), "bin.db"), storage.Faults{})
	defer c.store.Close()
	ctx, cancel := context.WithCancel(t.Context())
	outcomes := c.together(ctx, n, func(tx bot.Tx, i int) error {
		cancel()
		if err := enter(ctx, tx, i); err != nil {
			return err
		}
		return tx.Savepoint(ctx, func() error { return tx.Audit(ctx, bot.AuditEntry{At: noon, Action: "case.taken"}) })
	})
	for i, o := range outcomes {
		if o != (outcome{}) {
			t.Errorf("turn %d: %+v", i, o)
		}
	}
	if diff := cmp.Diff(everyOne(n), times(traces(t, c.store, n))); diff != "" {
		t.Errorf("traces (-want +got):\n%s", diff)
	}
	if entries, err := c.store.VerifyAudit(t.Context()); err != nil || entries != n {
		t.Errorf("%d entries, %v", entries, err)
	}
}

// A crash before the commit leaves nothing of the batch; one after it leaves all of it. Everybody who waits is told that
// nothing is known, and the next start knows that the last run did not end by itself.
func TestACrashTakesAWholeBatchOrNothing(t *testing.T) {
	const n = 20
	for name, want := range map[string]map[int]int{"before": {}, "after": everyOne(n)} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "bin.db")
			var begun atomic.Bool
			crash := func(when string) func(string) error {
				return func(string) error {
					if when == name && begun.Load() {
						panic("power cut")
					}
					return nil
				}
			}
			c := gather(t, path, storage.Faults{BeforeCommit: crash("before"), AfterCommit: crash("after")})
			outcomes := c.together(t.Context(), n, func(tx bot.Tx, i int) error {
				begun.Store(true)
				return enter(t.Context(), tx, i)
			})
			for i, o := range outcomes {
				if o.err == nil && o.panicked == nil {
					t.Errorf("turn %d was told that it is done", i)
				}
			}
			if err := c.store.Do(t.Context(), func(bot.Tx) error { return nil }); !errors.Is(err, storage.ErrClosed) {
				t.Errorf("after the crash: %v", err)
			}
			if err := c.store.Close(); err != nil {
				t.Error(err)
			}
			again := open(t, path)
			defer again.Close()
			kept := times(traces(t, again, n))
			if len(kept) != 0 && name == "before" {
				t.Errorf("kept %v of a batch that was never committed", kept)
			}
			if len(kept) == 0 && len(want) != 0 {
				t.Error("nothing is kept of a batch that was committed")
			}
			do(t, again, func(ctx context.Context, tx bot.Tx) error {
				unclean, err := tx.UncleanStop(ctx)
				if err != nil || !unclean {
					t.Errorf("an unclean stop is not known: %v", err)
				}
				return err
			})
		})
	}
}

// When the store is closed, whoever waits is told so.
func TestAClosedStoreSaysSo(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "bin.db"))
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := s.Do(t.Context(), func(bot.Tx) error { return nil }); !errors.Is(err, storage.ErrClosed) {
		t.Errorf("do: %v", err)
	}
	if err := s.View(t.Context(), func(bot.Tx) error { return nil }); !errors.Is(err, storage.ErrClosed) {
		t.Errorf("view: %v", err)
	}
}

// On a disk that takes 50 ms for each commit, turns that wait together share one: 40 take less than two seconds of the disk. How
// long a commit takes is seen by whoever looks after it.
func TestASlowDiskIsSharedAndSeen(t *testing.T) {
	const n, pause = 40, 50 * time.Millisecond
	c := gather(t, filepath.Join(t.TempDir(), "bin.db"), storage.Faults{BeforeCommit: func(string) error {
		time.Sleep(pause)
		return nil
	}})
	defer c.store.Close()
	for range 8 { // that one slow commit is not taken for a slow disk
		c.together(t.Context(), n, func(tx bot.Tx, i int) error { return enter(t.Context(), tx, i) })
	}
	if got := c.commits.Load(); got > 8*n/2 {
		t.Errorf("%d commits for %d turns", got, 8*n)
	}
	g, err := c.store.Gauges(t.Context())
	if err != nil || g.Commit < pause/2 {
		t.Errorf("a commit is said to take %v, %v", g.Commit, err)
	}
}
