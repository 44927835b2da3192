package bot

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Engine handles updates, one at a time, each in its own transaction or in a savepoint of a shared one.
type Engine struct {
	Now     func() time.Time
	Rand    io.Reader
	Log     *slog.Logger
	Network string // name of the network that guests belong to; empty = the first
	Flood   *Flood // nil = no limit
	// Wake is called after a commit that may have left letters or errands to deal with; nil = nobody waits.
	Wake func()
	// Answer acknowledges a press after its commit; nil = through the platform, at once.
	Answer func(platform, query, text string)
	// Fallback takes what a person says in private when no form is open; it must be set.
	Fallback func(ctx context.Context, t *Turn, in Input) error
	// Share is how long turns may gather in one commit; 0 = until the batch is full.
	Share time.Duration
	// Calm is how long the program has to run before it tries an update or an errand again under which it ended several times.
	// Everything that came after it waits as long. 0 = not at all.
	Calm time.Duration

	store     Store
	texts     Texts
	languages []string
	whole     []string // of them, those that have every text
	dialects  dialects
	platforms map[string]Platform
	features  []Feature
	registry
	inbox   bell
	errands bell
	clock   bell
	pulse   pulse
	began   time.Time            // when Start was called
	reach   int                  // how many rows a batch reads; 0 = not known yet
	careful int                  // so many rows are still handled one by one, each counted first
	wary    int                  // likewise, of errands
	alone   int                  // so many rows are still handled in a transaction of their own
	taken   map[string]time.Time // when a slot of each job was last taken; nil = not read yet
	faults  atomic.Int64         // see Faults
	lists   sync.Map             // of what people may type, see [Turn.OneOf]
}

// Faults counts the jobs, timers and errands that failed since the start, each of which is in the log. Somebody has to look.
func (e *Engine) Faults() int64 { return e.faults.Load() }

// The batch of turns that may share a commit.
const batch = 100

// New makes an engine of features on a store; it panics when two features claim one name, which is a mistake in the
// program and shows in every test.
func New(store Store, texts Texts, platforms []Platform, features ...Feature) *Engine {
	e := &Engine{
		Log: slog.New(slog.DiscardHandler), store: store, texts: texts, languages: texts.Languages(), whole: texts.Whole(),
		platforms: map[string]Platform{}, features: features,
		inbox: newBell(), errands: newBell(), clock: newBell(),
	}
	for _, p := range platforms {
		e.platforms[p.Name()] = p
	}
	e.dialects = newDialects(e.languages)
	e.registry = register(texts, features)
	return e
}

// Start prepares for a run: after an unclean stop the first updates are handled with care.
func (e *Engine) Start(ctx context.Context) error {
	e.began = e.Now()
	return e.store.Do(ctx, func(tx Tx) error {
		unclean, err := tx.UncleanStop(ctx)
		if err != nil || !unclean {
			return err
		}
		e.careful, e.wary = batch, batch
		return tx.Acquit(ctx)
	})
}

// HandleNext handles the oldest waiting updates and gives how many it dealt with; 0 means that none waits, or that they
// have to be handled one by one, which the next calls do.
func (e *Engine) HandleNext(ctx context.Context) (int, error) {
	if e.careful > 0 {
		return e.handleCounted(ctx)
	}
	if e.alone > 0 {
		e.alone--
		return e.handleOne(ctx)
	}
	b, err := e.handleBatch(ctx, batch)
	if err == nil {
		e.reach = 2*b.done + 4
		e.finish(ctx, b)
		return b.done, nil
	}
	e.alone = batch
	if b.failed != nil {
		e.Log.Warn("turns undone, to be handled one by one", "update", b.failed.External, "error", b.cause)
		return 0, nil
	}
	return 0, fmt.Errorf("handle: %w", err)
}

// handleOne handles one update in a transaction of its own, again when it fails.
func (e *Engine) handleOne(ctx context.Context) (int, error) {
	b, err := e.handleBatch(ctx, 1)
	switch {
	case err == nil:
		e.finish(ctx, b)
		return b.done, nil
	case b.failed != nil && !errors.Is(err, ErrVoid):
		return 1, e.retry(ctx, *b.failed, b.cause)
	}
	return 0, fmt.Errorf("handle: %w", err)
}

// batchResult is what a batch left to do once it is committed.
type batchResult struct {
	done    int
	failed  *Received // the row whose turn undid the batch
	cause   error
	answers []pressAnswer
	letters bool
	errands bool
}

type pressAnswer struct{ platform, query, text string }

// handleBatch handles so many updates in one transaction. A turn that fails undoes it: that is rare, and a savepoint for
// each turn would keep a second copy of every page the turn writes to.
func (e *Engine) handleBatch(ctx context.Context, size int) (batchResult, error) {
	var b batchResult
	err := e.store.Do(ctx, func(tx Tx) error {
		b = batchResult{}
		rows, err := tx.Waiting(ctx, e.within(size))
		if err != nil {
			return err
		}
		began := e.Now()
		for i := range rows {
			if e.Share > 0 && i > 0 && e.Now().Sub(began) > e.Share {
				break
			}
			t, err := e.apply(ctx, tx, rows[i])
			if err != nil {
				b.failed, b.cause = &rows[i], err
				return err
			}
			b.done++
			b.note(t)
		}
		if b.done == 0 {
			return nil
		}
		return tx.Apply(ctx, rows[0].ID, rows[b.done-1].ID)
	})
	return b, err
}

// within is how many rows a batch of at most size reads: where time ends a batch, about twice as many as the last one did.
func (e *Engine) within(size int) int {
	if e.Share == 0 || e.reach == 0 {
		return size
	}
	return min(size, e.reach)
}

func (b *batchResult) note(t *Turn) {
	if t == nil {
		return
	}
	b.letters, b.errands = true, b.errands || t.errand
	if t.query != "" {
		b.answers = append(b.answers, pressAnswer{t.Chat.Ref.Platform, t.query, t.answer})
	}
}

// finish does what comes after the commit: presses are acknowledged and couriers are woken.
func (e *Engine) finish(ctx context.Context, b batchResult) {
	for _, a := range b.answers {
		if e.Answer != nil {
			e.Answer(a.platform, a.query, a.text)
			continue
		}
		if err := e.platforms[a.platform].Answer(ctx, a.query, a.text); err != nil {
			e.Log.Info("press not acknowledged", "platform", a.platform, "error", err)
		}
	}
	if b.errands {
		e.errands.ring()
	}
	if b.letters {
		e.wake()
	}
}

// apply handles one row, or parks it when it cannot be read.
func (e *Engine) apply(ctx context.Context, tx Tx, row Received) (t *Turn, err error) {
	err = guard(func() error {
		t, err = e.take(ctx, tx, row)
		return err
	})
	return t, err
}

func (e *Engine) take(ctx context.Context, tx Tx, row Received) (*Turn, error) {
	p, ok := e.platforms[row.Platform]
	if !ok {
		return nil, tx.Park(ctx, row.ID, row.At, "platform is not configured")
	}
	u, err := p.Decode(row.Raw)
	if row.Torn {
		err = errTorn
	}
	if err != nil {
		e.Log.Warn("update parked", "update", row.External, "error", err)
		return nil, tx.Park(ctx, row.ID, row.At, err.Error())
	}
	if u.Empty() {
		return nil, nil // nothing for us
	}
	u.Key, u.At = row.External, e.heard(row)
	return e.Handle(ctx, tx, u)
}

// heard is when an update came. By a clock that was ahead then and was set back since it came now: nothing that it asks for is
// to wait for as long as the clock was wrong.
func (e *Engine) heard(row Received) time.Time {
	if now := e.Now(); row.At.After(now) {
		return now
	}
	return row.At
}

// Handle does what an update asks for, inside the caller's transaction.
func (e *Engine) Handle(ctx context.Context, tx Tx, u Update) (*Turn, error) {
	t, err := e.turn(ctx, tx, u)
	if err != nil {
		return nil, err
	}
	err = e.route(ctx, t, u)
	if r, ok := asRefusal(err); ok {
		err = t.listening().Answer(ctx, r.Key, r.Args...)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", kindOf(u.Event), err)
	}
	e.Log.Debug("turn", "update", u, "member", t.Actor.ID)
	return t, nil
}

// turn finds out who, where and in which network.
func (e *Engine) turn(ctx context.Context, tx Tx, u Update) (*Turn, error) {
	t := &Turn{Now: u.At, From: u.From, Tx: tx, engine: e, begun: e.Now(), message: u.Message, key: u.Key}
	if p, ok := u.Event.(Press); ok {
		t.query = p.Query
	}
	var err error
	if u.Chat.ID != "" {
		if t.Chat, err = tx.Enter(ctx, u.Chat, u.At); err != nil {
			return nil, fmt.Errorf("enter chat: %w", err)
		}
	}
	if u.From.ID != "" && !u.From.Anonymous {
		if t.Actor, err = tx.Identify(ctx, u.From); err != nil {
			return nil, fmt.Errorf("identify: %w", err)
		}
	}
	if err := e.seat(ctx, t); err != nil {
		return nil, err
	}
	return t, e.network(ctx, t)
}

// retry handles a row alone until it works or is parked; the person reads the apology once, when it is parked.
func (e *Engine) retry(ctx context.Context, row Received, cause error) error {
	const tries = 3
	for try := 1; try < tries; try++ {
		e.Log.Warn("turn failed", "update", row.External, "try", try, "error", cause)
		b := batchResult{}
		err := e.store.Do(ctx, func(tx Tx) error {
			t, err := e.apply(ctx, tx, row)
			if err != nil {
				return err
			}
			b = batchResult{}
			b.note(t)
			return tx.Apply(ctx, row.ID, row.ID)
		})
		if err == nil {
			e.finish(ctx, b)
			return nil
		}
		if errors.Is(err, ErrVoid) {
			return err
		}
		cause = err
	}
	return e.park(ctx, row, cause)
}

func (e *Engine) park(ctx context.Context, row Received, cause error) error {
	e.Log.Error("update parked", "update", row.External, "error", cause)
	err := e.store.Do(ctx, func(tx Tx) error {
		if err := tx.Park(ctx, row.ID, row.At, cause.Error()); err != nil {
			return err
		}
		// What took the turn down may take the apology down as well; the row stays parked then, without one.
		err := tx.Savepoint(ctx, func() error { return guard(func() error { return e.apologise(ctx, tx, row) }) })
		if err != nil && !errors.Is(err, ErrVoid) {
			e.Log.Error("no apology", "update", row.External, "error", err)
			return nil
		}
		return err
	})
	if err == nil {
		e.wake()
	}
	return err
}

func (e *Engine) apologise(ctx context.Context, tx Tx, row Received) error {
	u, err := e.platforms[row.Platform].Decode(row.Raw)
	if err != nil || u.Chat.Kind != Private || u.Chat.ID == "" {
		return nil //nolint:nilerr // nobody to apologise to
	}
	u.At = e.heard(row)
	t, err := e.turn(ctx, tx, u)
	if err != nil {
		return err
	}
	t.query = ""
	number := strings.TrimLeft(row.External, "0")
	return t.Say(ctx, "error.internal", "ref", number)
}

// crashes is how often a row or an errand may be under way when the program ends before it is taken for the reason. The first
// hasty tries of them come at once, the others in calm, and all are forgotten when the program ends while nothing is under way
// ([InboxTx.Acquit]). Something that kills the program again and again, as a machine short of memory does, otherwise sets aside
// what people said: with three tries at once, 100 kills in 100 seconds did so once in ten runs, and with a fourth in calm, 1,000
// kills on a busy machine four times.
const (
	crashes = 6
	hasty   = 3
)

// errDeadly is why a row or an errand is given up that was under way each time when the program ended.
var errDeadly = errors.New("the program ended each time while handling it")

// suspect reports whether what was under way so often when the program ended has to wait for calm.
func (e *Engine) suspect(times int) bool {
	return times >= hasty && times < crashes && e.Now().Sub(e.began) < e.Calm
}

// handleCounted handles one row after an unclean stop: the attempt is counted in a commit of its own first, and a row
// that seems to take the program down is parked.
func (e *Engine) handleCounted(ctx context.Context) (int, error) {
	var rows []Received
	waits := false
	err := e.store.Do(ctx, func(tx Tx) error {
		var err error
		if rows, err = tx.Waiting(ctx, 1); err != nil || len(rows) == 0 || rows[0].Tries >= crashes {
			return err
		}
		if waits = e.suspect(rows[0].Tries); waits {
			return nil
		}
		return tx.CountTry(ctx, rows[0].ID)
	})
	if err != nil || len(rows) == 0 {
		e.careful = 0
		return 0, err
	}
	if waits {
		return 0, nil
	}
	e.careful--
	if rows[0].Tries >= crashes {
		return 1, e.park(ctx, rows[0], errDeadly)
	}
	return e.handleOne(ctx)
}
