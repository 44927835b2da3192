package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/robfig/cron/v3"
	"golang.org/x/sync/errgroup"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/storage"
)

// keptCopies is how many nightly copies stay.
const keptCopies = 14

// scrubSpec is when the log is emptied, so that what somebody had erased is in no file an hour later.
const scrubSpec = "20 * * * *"

// upkeep is the work on the database that is not a turn: it takes long, and turns must come in between.
type upkeep struct {
	config Config
	store  *storage.Store
	now    func() time.Time
}

// run does each kind of work at its times until ctx ends.
func (u upkeep) run(ctx context.Context) error {
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return u.at(ctx, "backup", u.config.Schedules.Backup, u.copy) })
	g.Go(func() error { return u.at(ctx, "prune", u.config.Schedules.Prune, u.prune) })
	g.Go(func() error { return u.at(ctx, "scrub", scrubSpec, u.store.Scrub) })
	return g.Wait()
}

// at does the work once for each time of the schedule. What goes wrong is logged, and tried again the next time.
func (u upkeep) at(ctx context.Context, name, spec string, do func(context.Context) error) error {
	schedule, err := cron.ParseStandard(spec)
	if err != nil {
		return fmt.Errorf("schedule of %s: %w", name, err)
	}
	for {
		next := schedule.Next(u.now().In(u.config.Network.Zone))
		timer := time.NewTimer(next.Sub(u.now()))
		select {
		case <-ctx.Done():
			timer.Stop()
			return nil
		case <-timer.C:
		}
		if err := u.once(ctx, name, next, do); err != nil {
			slog.Error("upkeep", "work", name, "error", err)
		}
	}
}

// once takes the slot, so that two starts in one minute do the work once.
func (u upkeep) once(ctx context.Context, name string, slot time.Time, do func(context.Context) error) error {
	mine := false
	err := u.store.Do(ctx, func(tx bot.Tx) error {
		var err error
		mine, err = tx.RunSlot(ctx, "upkeep."+name, slot.UTC().Format(time.RFC3339), slot)
		return err
	})
	if err != nil || !mine {
		return err
	}
	return do(ctx)
}

func (u upkeep) prune(ctx context.Context) error {
	n, err := u.store.Prune(ctx, u.now())
	slog.Info("pruned", "rows", n)
	return err
}

// copy makes the nightly copy and drops the oldest.
func (u upkeep) copy(ctx context.Context) error {
	dir := u.config.Backup.Dir
	if dir == "" {
		return nil
	}
	to := filepath.Join(dir, "buurtbot-"+u.now().UTC().Format("20060102T150405Z")+".db")
	if err := u.store.Backup(ctx, to); err != nil {
		return err
	}
	slog.Info("backup made", "file", to)
	copies, err := filepath.Glob(filepath.Join(dir, "buurtbot-*Z.db"))
	if err != nil || len(copies) <= keptCopies {
		return err
	}
	slices.Sort(copies)
	for _, old := range copies[:len(copies)-keptCopies] {
		if err := os.Remove(old); err != nil {
			return fmt.Errorf("old backup: %w", err)
		}
	}
	return nil
}
