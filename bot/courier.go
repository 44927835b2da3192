package bot

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"
)

// Silence is how long a chat is left alone after a crash in the middle of a delivery to it: the answer that was lost may
// have asked for it.
const Silence = 35 * time.Second

// The timers that a courier sets for flows.
const (
	goneTimer   = "chat.gone"  // ref: our id of a chat that cannot be reached any more
	endedTimer  = "chat.ended" // ref: likewise, of a person whose account is no more
	downTimer   = "chat.down"  // ref: the platform that refuses us as a whole
	reportDelay = time.Second  // how long fates of one report are gathered
	downPause   = 5 * time.Minute
	longestWait = 5 * time.Minute
	// contest is how long answers and digests wait after another program was noticed: it hears the same people, and nobody
	// is to be answered twice. What warns and what tells of a report goes all the same.
	contest = 90 * time.Second
)

// Courier delivers the letters of one platform.
type Courier struct {
	Now func() time.Time
	Log *slog.Logger
	// Jitter gives a random part of d, so that retries do not march in step; nil = none.
	Jitter func(d time.Duration) time.Duration

	store    Store
	platform Platform
	caps     Caps
	pace     *pace
	bell     bell
	pulse    pulse

	mu     sync.Mutex
	flying map[int64]bool // chats with a letter in flight, or back without being stored
	back   []outcome      // of attempts, to be stored
	begun  time.Time      // when somebody said so:
	paused time.Time      // the platform as a whole is left alone until then
	sent   time.Time      // the last delivery
	slowed int64          // how often the platform asked for a pause
	ailing time.Time      // see [Courier.Ailing]

	careful bool // an outcome could not be stored: each is stored apart from the others
}

// NewCourier makes the courier of a platform.
func NewCourier(store Store, p Platform, now func() time.Time) *Courier {
	return &Courier{
		Now: now, Log: slog.New(slog.DiscardHandler), store: store, platform: p, caps: p.Caps(),
		pace: newPace(p.Caps()), flying: map[int64]bool{}, bell: newBell(),
	}
}

// Start deals with what was under way when the program ended, and remembers the last minute's writes and
// how long the platform wants to be left alone.
func (c *Courier) Start(ctx context.Context) error {
	now := c.Now()
	return c.store.Do(ctx, func(tx Tx) error {
		writes, err := tx.Writes(ctx, c.platform.Name(), now.Add(-time.Minute))
		if err != nil {
			return fmt.Errorf("recent writes: %w", err)
		}
		for _, w := range writes {
			ago := max(0, now.Sub(w.At)) // the clock may have been ahead when it was written
			c.pace.note(w.Chat, now.Add(-ago))
		}
		until, err := tx.BlockedUntil(ctx, c.platform.Name())
		c.pause(now, glimpse(until, now))
		return err
	})
}

// DeliverNext claims one letter, sends it and stores what became of it; false means that none may go now.
func (c *Courier) DeliverNext(ctx context.Context) (bool, error) {
	r, err := c.exchange(ctx, 1)
	if err != nil || len(r.letters) == 0 {
		return false, err
	}
	c.land(c.send(ctx, r.letters[0]))
	_, err = c.exchange(ctx, 0)
	return true, err
}

// round is what a transaction of the courier came to.
type round struct {
	letters []Letter  // to be sent now
	limit   int       // how many there could have been
	next    time.Time // when the next one may go, if there are none now; zero: none waits
}

// exchange stores what came back and claims what may go next, at most limit letters, in one transaction.
func (c *Courier) exchange(ctx context.Context, limit int) (round, error) {
	now := c.Now()
	back := c.takeBack()
	r := round{limit: c.allowed(now, limit)}
	if len(back) == 0 && r.limit == 0 {
		return r, nil
	}
	var kept []outcome
	err := c.store.Do(ctx, func(tx Tx) (err error) {
		r.letters, r.next = nil, time.Time{}
		if kept, err = c.storeAll(ctx, tx, back, now); err != nil || r.limit == 0 {
			return err
		}
		return c.claim(ctx, tx, now, &r)
	})
	if err != nil {
		c.careful = !errors.Is(err, ErrVoid)
		c.putBack(back)
		return round{}, fmt.Errorf("letters: %w", err)
	}
	c.careful = len(kept) > 0
	c.putBack(kept)
	c.takeOff(r.letters, now)
	return r, nil
}

// allowed is how many of so many letters may be begun now.
func (c *Courier) allowed(now time.Time, limit int) int {
	if now.Before(c.pausedUntil(now)) {
		return 0
	}
	return max(0, min(limit, c.pace.tokens(now)))
}

// claim marks letters as being sent, and looks when the next one may go if there are none. An errand
// may have been asked to leave the platform alone: that holds for letters, too.
func (c *Courier) claim(ctx context.Context, tx Tx, now time.Time, r *round) error {
	until, err := tx.BlockedUntil(ctx, c.platform.Name())
	if err != nil || until.After(now) {
		c.pause(now, glimpse(until, now))
		return err
	}
	ids, err := c.choose(ctx, tx, now, r.limit)
	if err != nil {
		return err
	}
	if len(ids) > 0 {
		if r.letters, err = c.claimed(ctx, tx, ids, now); err != nil {
			return err
		}
	}
	if len(r.letters) == 0 { // else a landing asks again
		r.next, err = tx.NextLetter(ctx, c.platform.Name())
	}
	return err
}

// claimed claims letters and gives those that may still be read where they go: a role may have ended while they waited.
func (c *Courier) claimed(ctx context.Context, tx Tx, ids []int64, now time.Time) ([]Letter, error) {
	letters, err := tx.Claim(ctx, ids, now)
	if err != nil {
		return nil, err
	}
	var kept []Letter
	for _, l := range letters {
		ok, err := l.For.include(ctx, tx, l.Chat, l.To.Kind, now)
		if err != nil {
			return nil, fmt.Errorf("readers of letter %d: %w", l.ID, err)
		}
		if ok {
			kept = append(kept, l)
			continue
		}
		over := outcome{letter: l, failure: &SendError{Remedy: Over, Err: errOver}}
		if err := c.settle(ctx, tx, over, now); err != nil {
			return nil, err
		}
	}
	return kept, nil
}

func (c *Courier) takeOff(letters []Letter, now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, l := range letters {
		c.flying[l.Chat] = true
		c.pace.take(l.Chat, now)
	}
}

// glimpse is until when the database need not be asked again how long the platform is to be left alone: the clock may be
// set back meanwhile, and what is stored with it. It is counted from now, so that a clock that also runs when it is set is gone
// by.
func glimpse(until, now time.Time) time.Time {
	return now.Add(min(until.Sub(now), longestWait))
}

// pause leaves the platform alone from now until then, and no shorter than before.
func (c *Courier) pause(now, until time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if until.After(c.paused) {
		c.begun, c.paused = now, until
	}
}

// pausedUntil is until when the platform is left alone. A pause that has not even begun by the clock was told of by a clock
// that has been set back since: it begins now, and takes as long as it was to.
func (c *Courier) pausedUntil(now time.Time) time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	if now.Before(c.begun) {
		c.begun, c.paused = now, now.Add(c.paused.Sub(c.begun))
	}
	return c.paused
}

// LastSent is when a letter was last delivered in this run; the zero time means never.
func (c *Courier) LastSent() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.sent
}

// Ailing is since when every attempt has failed because of the platform as a whole; the zero time when the last one did not.
func (c *Courier) Ailing() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.ailing
}

// Slowed is how often in this run the platform said that we write too fast.
func (c *Courier) Slowed() int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.slowed
}

// choose picks letters: every fifth goes to whoever waits longest in the middle lanes, the others go by lane.
func (c *Courier) choose(ctx context.Context, tx Tx, now time.Time, limit int) ([]int64, error) {
	chosen := map[int64]bool{} // chats
	var ids []int64
	fair := c.pace.fair(limit)
	for _, share := range []struct {
		order Order
		upTo  int
	}{{ByAge, fair}, {ByLane, limit}} {
		query := CandidateQuery{Platform: c.platform.Name(), At: now, Order: share.order}
		more, err := c.pick(ctx, tx, query, share.upTo-len(ids), chosen)
		if err != nil {
			return nil, err
		}
		ids = append(ids, more...)
	}
	return ids, nil
}

// pick pages through candidates until it has enough whose chats may be written to.
func (c *Courier) pick(ctx context.Context, tx Tx, q CandidateQuery, want int, chosen map[int64]bool) ([]int64, error) {
	const smallest, largest = 16, 128
	page := min(max(want+len(chosen), smallest), largest)
	var ids []int64
	for q.Limit = page; len(ids) < want; {
		found, err := tx.Candidates(ctx, q)
		if err != nil {
			return nil, fmt.Errorf("candidates: %w", err)
		}
		for _, l := range found {
			if len(ids) < want && !chosen[l.Chat] && c.free(l, q.At) {
				chosen[l.Chat] = true
				ids = append(ids, l.ID)
			}
		}
		if len(found) < page {
			break
		}
		q.After = found[len(found)-1]
	}
	return ids, nil
}

func (c *Courier) free(l Candidate, now time.Time) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return !c.flying[l.Chat] && c.pace.free(l, now) && (l.Rank <= 1+int(LaneRoutine) || !c.contested(now))
}

// contested reports whether another program was noticed lately.
func (c *Courier) contested(now time.Time) bool {
	p, is := c.platform.(Contested)
	return is && !past(p.LastRival(), contest, now)
}

// follow does to the chat what the remedy asks for.
func (c *Courier) follow(ctx context.Context, tx Tx, l Letter, fail *SendError, now time.Time) error {
	switch fail.Remedy {
	case Later, Uncertain:
		switch {
		case fail.After <= 0:
		case fail.Right:
		case fail.Global:
			return tx.BlockPlatform(ctx, c.platform.Name(), now.Add(fail.After))
		default:
			return tx.BlockChat(ctx, l.Chat, now.Add(fail.After))
		}
	case MovedTo:
		return tx.MoveChat(ctx, l.To, fail.To, now)
	case Gone:
		chat, err := tx.Chat(ctx, l.Chat)
		if err != nil || !chat.Reachable {
			return err // it told us itself before
		}
		if err := tx.Reach(ctx, l.Chat, false, fail.Error(), now); err != nil {
			return err
		}
		if fail.Ended {
			return tx.Wake(ctx, Timer{Kind: endedTimer, Ref: chatRef(l.Chat), At: now})
		}
		return tx.Wake(ctx, Timer{Kind: goneTimer, Ref: chatRef(l.Chat), At: now})
	case Down:
		return tx.WakeBy(ctx, Timer{Kind: downTimer, Ref: c.platform.Name(), At: now})
	case Never, Unchanged, Lost, Markup, Over:
	}
	return nil
}

// hold leaves the whole platform alone when it asked for that.
func (c *Courier) hold(l Letter, fail *SendError, now time.Time) {
	if fail == nil || fail.Right {
		return
	}
	pause := time.Duration(0)
	switch {
	case fail.Remedy == Down:
		pause = max(fail.After, downPause)
	case fail.Global:
		pause = fail.After
	}
	if pause > 0 {
		c.pause(now, now.Add(pause))
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if fail.Remedy == Later && fail.After > 0 {
		c.pace.hold(l.Chat, now.Add(fail.After))
	}
}
