package main

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"time"

	"github.com/buurtbot/buurtbot/bot/disk"
	"github.com/buurtbot/buurtbot/flows"
	"github.com/buurtbot/buurtbot/storage"
)

// reserve is room on the disk of the database that the bot holds for the day on which there is none: a file that it gives
// up then, so that reports are still taken and somebody is told. A full disk takes not even the notice that it is full
// (reliability.md, C2).
type reserve struct {
	path                 string // of the file
	size                 int64
	scarce, ample, brink int64 // bytes of room: too little, enough again, and as good as none
	now                  func() time.Time
	room                 func(folder string) (bytes int64, known bool)
	tell                 func(ctx context.Context, state string) error

	told string // what the operators were told last; empty = nothing, or that there is room again
	at   time.Time
}

// reserveOf is where the reserve of a database stands.
func reserveOf(database string) string { return database + ".reserve" }

// newReserve is the reserve of a database: as much as a month of reports takes, and told of in time to make room at leisure.
func newReserve(u *upkeep) *reserve {
	const mega = 1 << 20
	return &reserve{
		path: reserveOf(u.config.Storage.Path), size: 64 * mega, scarce: 512 * mega, ample: 1024 * mega, brink: 16 * mega,
		now: u.now, room: disk.Room,
		tell: func(ctx context.Context, state string) error { return notice(ctx, u.store, u.now(), state, "") },
	}
}

// look looks once; written is what became of the last write to the database.
func (r *reserve) look(ctx context.Context, written error) error {
	room, known := r.room(filepath.Dir(r.path))
	switch {
	case errors.Is(written, storage.ErrFull), known && room < r.brink:
		if err := r.giveUp(); err != nil {
			return err
		}
		return r.say(ctx, flows.OpsFull)
	case !known:
		return nil
	case room < r.scarce && r.told != flows.OpsFull:
		return r.say(ctx, flows.OpsScarce)
	case room >= r.ample:
		if err := r.hold(); err != nil {
			return err
		}
		return r.relieved(ctx)
	}
	return nil
}

// say tells the operators, once a day while it lasts.
func (r *reserve) say(ctx context.Context, state string) error {
	if r.told == state && r.now().Sub(r.at) < tellAgain {
		return nil
	}
	if err := r.tell(ctx, state); err != nil {
		return err
	}
	r.told, r.at = state, r.now()
	return nil
}

// relieved tells that there is room again, to those who heard that there was none.
func (r *reserve) relieved(ctx context.Context) error {
	if r.told == "" {
		return nil
	}
	if err := r.tell(ctx, flows.OpsRoomy); err != nil {
		return err
	}
	r.told = ""
	return nil
}

// hold makes the file if it is not there. What stands in it is random, for disks that press together what is alike.
func (r *reserve) hold() error {
	if _, err := os.Stat(r.path); !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return disk.Write(r.path, func(w io.Writer) error {
		_, err := io.CopyN(w, rand.NewChaCha8([32]byte{}), r.size)
		return err
	})
}

// giveUp removes the file.
func (r *reserve) giveUp() error {
	err := os.Remove(r.path)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err == nil {
		slog.Warn("the disk is full: the reserve is given up", "bytes", r.size)
	}
	return err
}
