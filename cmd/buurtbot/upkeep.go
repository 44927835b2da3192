package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"time"

	"github.com/robfig/cron/v3"
	"golang.org/x/sync/errgroup"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/flows"
	"github.com/buurtbot/buurtbot/storage"
)

// scrubSpec is when the log is emptied, so that what somebody had erased is in no file an hour later. drillSpec is when a
// restore is rehearsed.
const (
	scrubSpec = "20 * * * *"
	drillSpec = "10 5 * * 0"
)

// How often it is looked whether work is due, and how long after a failure it is tried again.
const (
	dueEvery = time.Minute
	tryAgain = 30 * time.Minute
)

// The names under which the slots of work are kept.
const (
	upkeepWork = "upkeep." // all of it
	backupWork = upkeepWork + "backup"
	pruneWork  = upkeepWork + "prune"
	scrubWork  = upkeepWork + "scrub"
	drillWork  = upkeepWork + "drill"
)

// errClock keeps what cannot be undone from being done by a clock that nobody confirms.
var errClock = errors.New("no other clock says that ours is right: nothing is erased meanwhile")

// upkeep is the work on the database that is not a turn: it takes long, and turns must come in between.
type upkeep struct {
	config  Config
	store   *storage.Store
	now     func() time.Time
	sure    func(time.Time) bool // whether a time by our clock may be gone by for what cannot be undone
	listed  []storage.Erasure    // in the list beside the backups
	drilled time.Time            // when the operators were last told that a rehearsal failed
}

// run does each kind of work at its times until ctx ends.
func (u *upkeep) run(ctx context.Context) error {
	if err := u.sweep(ctx); err != nil {
		slog.Error("upkeep", "work", "sweep", "error", err)
	}
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return u.at(ctx, backupWork, u.config.Schedules.Backup, u.copy) })
	g.Go(func() error { return u.at(ctx, pruneWork, u.config.Schedules.Prune, u.prune) })
	g.Go(func() error { return u.at(ctx, scrubWork, scrubSpec, u.store.Scrub) })
	g.Go(func() error { return u.at(ctx, drillWork, drillSpec, u.drill) })
	g.Go(func() error { return u.each(ctx, time.Hour, u.sweep) })
	g.Go(func() error { return u.each(ctx, time.Minute, u.listErasures) })
	g.Go(func() error { return u.each(ctx, beatEvery, u.pulse()) })
	return g.Wait()
}

// pulse notes that the program runs, and sees from that and from the disk whether there is room.
func (u *upkeep) pulse() func(context.Context) error {
	h, r := &heart{now: u.now, write: u.store.Beat}, newReserve(u)
	return func(ctx context.Context) error {
		err := h.beat(ctx)
		return errors.Join(err, r.look(ctx, err))
	}
}

// at does the work once for each time of the schedule, also for one that came while the program was away. What goes wrong
// is logged, and tried again within the hour.
func (u *upkeep) at(ctx context.Context, name, spec string, do func(context.Context) error) error {
	schedule, err := cron.ParseStandard(spec)
	if err != nil {
		return fmt.Errorf("schedule of %s: %w", name, err)
	}
	var rest time.Time
	return u.each(ctx, dueEvery, func(ctx context.Context) error {
		if u.now().Before(rest) {
			return nil
		}
		err := u.once(ctx, name, schedule, do)
		if err != nil {
			rest = u.now().Add(tryAgain)
		}
		return about(err, name)
	})
}

// each does the work again and again. What goes wrong is logged, and tried again the next time; only a database whose file
// is gone, or a disk that takes nothing any more, ends it.
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
		if errors.Is(err, storage.ErrReplaced) || errors.Is(err, errDisk) {
			return err
		}
		if err != nil && ctx.Err() == nil {
			slog.Error("upkeep", "error", err)
		}
	}
}

// once does the work if a time of its schedule has come since it was last done. It counts as done when it went well. Work
// that was never done begins to count now.
func (u *upkeep) once(ctx context.Context, name string, schedule cron.Schedule, do func(context.Context) error) error {
	last, err := u.lastDone(ctx, name)
	if err != nil {
		return err
	}
	now := u.now().In(u.config.Network.Zone)
	slot, come := now, last.IsZero()
	if !come {
		slot, come = bot.NewestSlot(schedule, last.In(u.config.Network.Zone), now)
	}
	if !come {
		return nil
	}
	if !last.IsZero() {
		if err := do(ctx); err != nil {
			return err
		}
	}
	return u.store.Do(ctx, func(tx bot.Tx) error {
		_, err := tx.RunSlot(ctx, name, slot.Format(time.DateTime), now)
		return err
	})
}

// lastDone is when work was last begun that went well; zero = never.
func (u *upkeep) lastDone(ctx context.Context, name string) (last time.Time, err error) {
	err = u.store.View(ctx, func(tx bot.Tx) error {
		slots, err := tx.LastSlots(ctx)
		last = slots[name]
		return err
	})
	return last, err
}

func (u *upkeep) prune(ctx context.Context) error {
	now := u.now()
	if !u.sure(now) {
		return errClock
	}
	n, err := u.store.Prune(ctx, now)
	slog.Info("pruned", "rows", n)
	return err
}

// copy makes the nightly copy.
func (u *upkeep) copy(ctx context.Context) error {
	dir := u.config.Backup.Dir
	if dir == "" {
		return nil
	}
	to := filepath.Join(dir, copyMark+u.now().UTC().Format(copyLayout)+".db")
	if u.config.Backup.Recipient != "" {
		to += sealedSuffix
	}
	if err := copied(to, u.config.Backup.Recipient, func(to string) error { return u.store.Backup(ctx, to) }); err != nil {
		return err
	}
	slog.Info("backup made", "file", to)
	return nil
}

// drill rehearses a restore, and tells the operators when it fails, once a day at most.
func (u *upkeep) drill(ctx context.Context) error {
	err := u.rehearse(ctx)
	if err == nil || ctx.Err() != nil {
		return err
	}
	if u.now().Sub(u.drilled) < 24*time.Hour {
		return err
	}
	u.drilled = u.now()
	return errors.Join(err, notice(ctx, u.store, u.now(), flows.OpsDrill, ""))
}

// rehearse brings the newest nightly copy back in a folder that goes away, and looks through its trail. Of an encrypted
// copy only its owner has the key, so that a fresh one takes its place.
func (u *upkeep) rehearse(ctx context.Context) (err error) {
	path := u.config.Storage.Path
	room, leave, err := storage.Workroom(filepath.Dir(path))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, leave()) }()
	from, err := u.plainCopy(ctx, room)
	if err != nil {
		return err
	}
	o, err := options(ctx, u.config, path)
	if err != nil {
		return err
	}
	erased, err := u.store.Erasures(ctx, time.Time{})
	if err != nil {
		return err
	}
	o.Path = filepath.Join(room, "drill", filepath.Base(path))
	store, _, err := storage.Rehearse(ctx, from, o, erased, u.now())
	if err != nil {
		return err
	}
	n, err := store.VerifyAudit(ctx)
	if err == nil {
		slog.Info("a restore was rehearsed", "copy", filepath.Base(from), "audit_entries", n)
	}
	return errors.Join(err, store.Close())
}

// plainCopy is the newest nightly copy, or a fresh one in room when that is encrypted or there is none.
func (u *upkeep) plainCopy(ctx context.Context, room string) (string, error) {
	copies, err := nightlyCopies(u.config.Backup.Dir)
	if err != nil {
		return "", err
	}
	if len(copies) > 0 && !sealed(copies[len(copies)-1]) {
		return copies[len(copies)-1], nil
	}
	fresh := filepath.Join(room, "fresh.db")
	return fresh, u.store.Backup(ctx, fresh)
}
