package main

import (
	"context"
	"errors"
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
	listed int // erasures in the list beside the backups
}

// run does each kind of work at its times until ctx ends.
func (u *upkeep) run(ctx context.Context) error {
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return u.at(ctx, "backup", u.config.Schedules.Backup, u.copy) })
	g.Go(func() error { return u.at(ctx, "prune", u.config.Schedules.Prune, u.prune) })
	g.Go(func() error { return u.at(ctx, "scrub", scrubSpec, u.store.Scrub) })
	g.Go(func() error { return u.each(ctx, time.Minute, u.listErasures) })
	g.Go(func() error {
		return u.each(ctx, time.Minute, func(ctx context.Context) error { return u.store.Beat(ctx, u.now()) })
	})
	return g.Wait()
}

// at does the work once for each time of the schedule. What goes wrong is logged, and tried again the next time.
func (u *upkeep) at(ctx context.Context, name, spec string, do func(context.Context) error) error {
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

// each does the work again and again. What goes wrong is logged, and tried again the next time; only a database whose file
// is gone ends it, because all that is written from then on is lost.
func (u *upkeep) each(ctx context.Context, pause time.Duration, do func(context.Context) error) error {
	ticker := time.NewTicker(pause)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
		}
		err := do(ctx)
		if errors.Is(err, storage.ErrReplaced) {
			return err
		}
		if err != nil && ctx.Err() == nil {
			slog.Error("upkeep", "error", err)
		}
	}
}

// once takes the slot, so that two starts in one minute do the work once.
func (u *upkeep) once(ctx context.Context, name string, slot time.Time, do func(context.Context) error) error {
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

func (u *upkeep) prune(ctx context.Context) error {
	n, err := u.store.Prune(ctx, u.now())
	slog.Info("pruned", "rows", n)
	return err
}

// copy makes the nightly copy and drops the oldest.
func (u *upkeep) copy(ctx context.Context) error {
	dir := u.config.Backup.Dir
	if dir == "" {
		return nil
	}
	to := filepath.Join(dir, "buurtbot-"+u.now().UTC().Format("20060102T150405Z")+".db")
	if u.config.Backup.Recipient != "" {
		to += sealedSuffix
	}
	if err := copied(to, u.config.Backup.Recipient, func(to string) error { return u.store.Backup(ctx, to) }); err != nil {
		return err
	}
	slog.Info("backup made", "file", to)
	copies, err := nightlyCopies(dir)
	if err != nil || len(copies) <= keptCopies {
		return err
	}
	for _, old := range copies[:len(copies)-keptCopies] {
		if err := os.Remove(old); err != nil {
			return fmt.Errorf("old backup: %w", err)
		}
	}
	return nil
}

// sealedSuffix is what the name of an encrypted copy ends in.
const sealedSuffix = ".age"

// nightlyCopies lists the nightly copies in a folder, plain and encrypted, the oldest first: their names hold the time.
func nightlyCopies(dir string) ([]string, error) {
	plain, err := filepath.Glob(filepath.Join(dir, "buurtbot-*Z.db"))
	if err != nil {
		return nil, err
	}
	encrypted, err := filepath.Glob(filepath.Join(dir, "buurtbot-*Z.db"+sealedSuffix))
	all := append(plain, encrypted...)
	slices.Sort(all)
	return all, err
}
