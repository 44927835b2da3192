package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"math/big"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/flows"
	"github.com/buurtbot/buurtbot/storage"
)

// town is one engine with its store and its platforms. A process runs one for the real networks, one for the sandbox, or
// both; they share nothing.
type town struct {
	log       *slog.Logger
	now       func() time.Time
	store     *storage.Store
	platforms []bot.Platform
	engine    *bot.Engine
	couriers  []*bot.Courier
	upkeep    *upkeep        // nil for a town that needs none
	polled    []bot.Platform // those that are asked for updates; the others bring them by themselves
}

// build puts a town together; nothing runs yet.
func build(c Config, store *storage.Store, texts bot.Texts, now func() time.Time, platforms ...bot.Platform) *town {
	t := &town{log: slog.Default(), now: now, store: store, platforms: platforms, polled: platforms}
	t.engine = flows.Bot(store, texts, platforms, flows.Options{
		ReportsPerHour: c.Limits.Person.ReportsPerHour, DraftsSpec: c.Schedules.DraftReminder,
		Retention: c.Retention.civic(), RetentionSpec: c.Schedules.Retention, Questions: c.Asked,
	})
	e := t.engine
	e.Now, e.Rand, e.Log, e.Share, e.Calm = now, rand.Reader, t.log, sharedCommit, calmAfter
	e.Flood = &bot.Flood{PerMinute: c.Limits.Person.MessagesPerMinute}
	for _, p := range platforms {
		courier := bot.NewCourier(store, p, now)
		courier.Log, courier.Jitter = t.log, jitter
		t.couriers = append(t.couriers, courier)
	}
	e.Wake = func() {
		for _, courier := range t.couriers {
			courier.Wake()
		}
	}
	return t
}

// calmAfter is longer than a program lives that is killed soon after each start, and short for those who wait.
const calmAfter = 2 * time.Second

// sharedCommit is how long turns may gather in one commit.
const sharedCommit = 5 * time.Millisecond

func jitter(d time.Duration) time.Duration {
	n, err := rand.Int(rand.Reader, big.NewInt(int64(d)+1))
	if err != nil {
		return 0
	}
	return time.Duration(n.Int64())
}

// start deals with what the last run left: letters that were being sent, updates that may have taken it down.
func (t *town) start(ctx context.Context) error {
	now := t.now()
	err := t.store.Do(ctx, func(tx bot.Tx) error {
		n, err := tx.Recover(ctx, now, now.Add(bot.Silence), t.once()...)
		if n > 0 {
			t.log.Warn("letters were being sent when the program ended", "letters", n)
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("recover: %w", err)
	}
	for _, courier := range t.couriers {
		if err := courier.Start(ctx); err != nil {
			return err
		}
	}
	if t.upkeep != nil {
		if err := t.missed(ctx); err != nil {
			return err
		}
	}
	return t.engine.Start(ctx)
}

// once are the platforms that recognise a letter that is sent again.
func (t *town) once() []string {
	var names []string
	for _, p := range t.platforms {
		if p.Caps().Once {
			names = append(names, p.Name())
		}
	}
	return names
}

// run keeps every loop going until ctx ends. Polls end at once, nothing more is claimed, and what is in flight is
// waited for.
func (t *town) run(ctx context.Context) error {
	acks := newAcks(t.platforms, t.log)
	t.engine.Answer = acks.add
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return acks.run(ctx) })
	g.Go(func() error { return t.engine.Run(ctx) })
	g.Go(func() error { return t.engine.RunErrands(ctx) })
	g.Go(func() error { return t.engine.RunClock(ctx) })
	g.Go(func() error { return t.store.TendLog(ctx) })
	for _, courier := range t.couriers {
		g.Go(func() error { return courier.Run(ctx) })
	}
	if t.upkeep != nil {
		g.Go(func() error { return t.upkeep.run(ctx) })
		g.Go(func() error { return t.upkeep.each(ctx, watchEvery, newLookout(t).look) })
	}
	for _, p := range t.polled {
		g.Go(func() error { return t.engine.Poll(ctx, p, t.store) })
	}
	return g.Wait()
}

// acks acknowledges presses beside the turns: best effort, because an answer that comes late helps nobody.
type acks struct {
	platforms map[string]bot.Platform
	waiting   chan ack
	log       *slog.Logger
}

type ack struct{ platform, query, text string }

func newAcks(platforms []bot.Platform, log *slog.Logger) *acks {
	const room = 256 // more wait only when the network is down, and then they are worth nothing
	a := &acks{platforms: map[string]bot.Platform{}, waiting: make(chan ack, room), log: log}
	for _, p := range platforms {
		a.platforms[p.Name()] = p
	}
	return a
}

func (a *acks) add(platform, query, text string) {
	select {
	case a.waiting <- ack{platform, query, text}:
	default:
		a.log.Info("press not acknowledged", "platform", platform, "reason", "too many wait")
	}
}

func (a *acks) run(ctx context.Context) error {
	const hands = 8
	var g errgroup.Group
	for range hands {
		g.Go(func() error {
			for {
				select {
				case <-ctx.Done():
					return nil
				case one := <-a.waiting:
					a.answer(ctx, one)
				}
			}
		})
	}
	return g.Wait()
}

func (a *acks) answer(ctx context.Context, one ack) {
	const patience = 10 * time.Second
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if err := a.platforms[one.platform].Answer(ctx, one.query, one.text); err != nil && !errors.Is(err, context.Canceled) {
		a.log.Info("press not acknowledged", "platform", one.platform, "error", err)
	}
}
