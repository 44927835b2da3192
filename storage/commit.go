package storage

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/buurtbot/buurtbot/bot"
)

// How much shares a commit: enough to pay its price once, little enough that nobody waits long for it.
const (
	batchJobs = 100
	batchTime = 5 * time.Millisecond
)

// job is one call of Do on its way.
type job struct {
	fn       func(bot.Tx) error
	quiet    bool // past the fault hooks
	err      error
	panicked any
	raised   bool // fn panicked; the panic is raised again in its caller
	over     bool
	wake     chan struct{} // closed or filled when the job is over, or is to lead
}

// result gives what became of the job, in the goroutine that asked for it.
func (j *job) result() error {
	if j.raised {
		panic(j.panicked)
	}
	return j.err
}

func (j *job) reset() { j.err, j.panicked, j.raised = nil, nil, false }

// queue is where calls of Do wait. The first to find it idle leads: it does everybody's work in one transaction, and
// passes the lead on. A call that comes alone is never delayed.
type queue struct {
	mu      sync.Mutex
	waiting []*job
	led     bool
	closed  bool
}

// join puts a job in the queue and reports whether it is to lead.
func (q *queue) join(j *job) (bool, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		return false, ErrClosed
	}
	q.waiting = append(q.waiting, j)
	if q.led {
		return false, nil
	}
	q.led = true
	return true, nil
}

// take gives the jobs of the next batch.
func (q *queue) take() []*job {
	q.mu.Lock()
	defer q.mu.Unlock()
	n := min(len(q.waiting), batchJobs)
	batch := q.waiting[:n:n]
	q.waiting = q.waiting[n:]
	return batch
}

// putBack returns jobs that the batch had no time for to the head of the queue.
func (q *queue) putBack(jobs []*job) {
	if len(jobs) == 0 {
		return
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	q.waiting = append(append(make([]*job, 0, len(jobs)+len(q.waiting)), jobs...), q.waiting...)
}

// passOn wakes the next leader, if anybody waits.
func (q *queue) passOn() {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.waiting) == 0 {
		q.led = false
		q.waiting = nil
		return
	}
	q.waiting[0].wake <- struct{}{}
}

// stop ends the queue for good; whoever waits is told so.
func (q *queue) stop() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
	for _, j := range q.waiting {
		j.err, j.over = ErrClosed, true
		j.wake <- struct{}{}
	}
	q.waiting = nil
}

// Do implements [bot.Store]. The end of ctx is not looked at: what was asked for is done. When an fn fails in a shared
// transaction, or SQLite ends it by itself, each fn of it is run once more in a transaction of its own; so an fn that
// writes to variables of its caller must set them, not add to them.
func (s *Store) Do(_ context.Context, fn func(bot.Tx) error) error {
	return s.queued(&job{fn: fn, wake: make(chan struct{}, 1)})
}

// queued does a job when its turn has come.
func (s *Store) queued(j *job) error {
	lead, err := s.queue.join(j)
	if err != nil {
		return err
	}
	if !lead {
		<-j.wake
		if j.over {
			return j.result()
		}
	}
	s.lead(j)
	return j.result()
}

// lead does one batch, of which own is the first, and wakes the others.
func (s *Store) lead(own *job) {
	batch := s.queue.take()
	finished := false
	defer func() {
		if !finished { // a fault hook crashed us, or fn ended its goroutine
			s.crash()
			s.queue.putBack(batch[1:])
			s.queue.stop()
		}
	}()
	done := s.work(batch)
	finished = true
	s.queue.putBack(batch[done:])
	for _, j := range batch[:done] {
		j.over = true
		if j != own {
			j.wake <- struct{}{}
		}
	}
	s.queue.passOn()
}

// work runs jobs, together if it can, and gives the number of those that are over.
func (s *Store) work(batch []*job) int {
	if len(batch) == 1 {
		s.alone(batch[0])
		return 1
	}
	n, err := s.together(batch)
	if err == nil {
		return n
	}
	for _, j := range batch[:n] {
		j.reset()
		s.alone(j)
	}
	return n
}

// alone runs one job in a transaction of its own, without a savepoint.
func (s *Store) alone(j *job) {
	t := s.open()
	t.quiet = j.quiet
	if j.err = t.step(sqlBegin); j.err != nil {
		s.rollback()
		return
	}
	s.try(j, t)
	if t.void != nil {
		j.err = t.void
	}
	if j.raised || j.err != nil {
		s.rollback()
		return
	}
	j.err = s.commit(t)
}

// together runs jobs in one transaction until the time for it is up. It gives the number of jobs it ran, and an error when
// nothing of them was kept: one of them failed, and each is to be run again alone. Jobs seldom fail, and a savepoint for
// each would keep a second copy of every page that they write to.
func (s *Store) together(batch []*job) (int, error) {
	began := time.Now()
	t := s.open()
	if err := t.step(sqlBegin); err != nil {
		s.rollback()
		return len(batch), err
	}
	for i, j := range batch {
		if i > 0 && time.Since(began) > s.patience {
			batch = batch[:i]
			break
		}
		if s.try(j, t); t.void != nil || j.err != nil || j.raised {
			s.rollback()
			return i + 1, errUndone
		}
	}
	err := s.commit(t)
	if err != nil && isVoid(err) {
		return len(batch), err
	}
	for _, j := range batch {
		j.err = err
	}
	return len(batch), nil
}

// errUndone says that jobs were run together and nothing of them was kept.
var errUndone = errors.New("undone")

// try runs the job's fn and catches its panic.
func (s *Store) try(j *job, t *tx) {
	defer func() {
		if s.crashed.Load() {
			return // a crash is nobody's to catch
		}
		if p := recover(); p != nil {
			j.panicked, j.raised = p, true
		}
	}()
	j.err = j.fn(t)
	if j.err != nil && t.void == nil && isVoid(j.err) {
		t.void = j.err
	}
}

func (s *Store) open() *tx {
	return &tx{store: s, line: s.writer, mem: &s.memory}
}

// commit ends a transaction; an error that wraps bot.ErrVoid says that nothing was kept.
func (s *Store) commit(t *tx) error {
	defer s.took(time.Now())
	if hook := s.faults.BeforeCommit; hook != nil && !t.quiet {
		if err := s.hooked(func() error { return hook(t.label) }); err != nil {
			s.rollback()
			return void(err)
		}
	}
	if err := s.writer.exec(sqlCommit); err != nil {
		s.rollback()
		return void(err)
	}
	s.commits.Add(1)
	s.memory.keep()
	if hook := s.faults.AfterCommit; hook != nil && !t.quiet {
		return s.hooked(func() error { return hook(t.label) })
	}
	return nil
}

// took notes how long a commit took that began then: each counts for an eighth of the mean.
func (s *Store) took(began time.Time) {
	const share = 8
	before := s.slow.Load()
	s.slow.Store(before + (int64(time.Since(began))-before)/share)
}

// rollback ends a transaction that may have ended by itself already. What fails here shows at the next BEGIN.
func (s *Store) rollback() {
	s.memory.undo()
	s.memory.keep()
	_ = s.writer.exec(sqlRollback)
}

func isVoid(err error) bool { return errors.Is(err, bot.ErrVoid) }
