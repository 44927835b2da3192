package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/buurtbot/buurtbot/storage"
)

// How often the program notes that it runs, and how long a disk may take nothing (reliability.md, C3).
const (
	beatEvery   = 15 * time.Second
	diskPatient = time.Minute
)

// errDisk is a disk on which nothing can be written any more. It ends the program: one that begins anew may find the disk
// mended, and if not, whoever started it sees that it does not run.
var errDisk = errors.New("the disk has taken nothing for a minute")

// heart notes that the program runs, and for how long that has failed.
type heart struct {
	now   func() time.Time
	write func(ctx context.Context, at time.Time) error
	sick  time.Time // since when; zero = it does not
}

// beat beats once. A disk that is full is waited for, however long that takes: it goes on by itself once there is room.
func (h *heart) beat(ctx context.Context) error {
	now := h.now()
	err := h.write(ctx, now)
	switch {
	case !errors.Is(err, storage.ErrDisk) && !errors.Is(err, storage.ErrReadOnly):
		h.sick = time.Time{}
	case h.sick.IsZero():
		h.sick = now
	case now.Sub(h.sick) >= diskPatient:
		return fmt.Errorf("%w: %s", errDisk, err) //nolint:errorlint // it is no database that cannot be used: begin anew
	}
	return err
}
