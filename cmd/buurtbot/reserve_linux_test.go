package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/storage"
)

// small is a disk of so many bytes, on which the temporary folders of the test stand.
func small(t *testing.T, bytes string) string {
	t.Helper()
	at, err := os.MkdirTemp("", "disk") //nolint:usetesting // the test's own folder is to stand on it
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.Remove(at) })
	if err := unix.Mount("tmpfs", at, "tmpfs", 0, "size="+bytes); err != nil {
		t.Skipf("a disk of its own takes the rights of root: %v", err)
	}
	t.Cleanup(func() { _ = unix.Unmount(at, unix.MNT_DETACH) })
	t.Setenv("TMPDIR", at)
	return at
}

// gorge fills a disk to the last byte with a file, and gives its name.
func gorge(t *testing.T, dir string) string {
	t.Helper()
	name := filepath.Join(dir, "hog")
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	for size := 1 << 16; size > 0; size /= 2 {
		for err = nil; err == nil; {
			_, err = f.Write(make([]byte, size))
		}
		if !errors.Is(err, unix.ENOSPC) {
			t.Fatal(err)
		}
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return name
}

// On a disk without a byte of room nothing can be taken, and not even that be told. With its reserve the bot goes on and tells
// it, nothing that was confirmed is lost, and what was told before can be read all the time.
func TestTheReserveCarriesOnOverAFullDisk(t *testing.T) {
	const mega = 1 << 20
	dir := small(t, "24m")
	o := observe(t)
	o.upkeep.config.Storage.Path = filepath.Join(dir, "t.db")
	r := newReserve(o.upkeep)
	r.size, r.scarce, r.ample, r.brink = 4*mega, 2*mega, 5*mega, mega/4
	look := func() string {
		t.Helper()
		err := o.store.Beat(t.Context(), o.at)
		if err := r.look(t.Context(), err); err != nil {
			t.Fatal(err)
		}
		return o.reads()
	}
	if got := look(); got != "" {
		t.Errorf("with room: %s", got)
	}
	taken := 0
	take := func(n int) (err error) {
		for ; n > 0 && err == nil; n-- {
			raw := bot.Raw{External: strings.Repeat("u", taken+1), Body: make([]byte, 20_000)}
			if err = o.store.Receive(t.Context(), "p", "bot", []bot.Raw{raw}, "x"); err == nil {
				taken++
			}
		}
		return err
	}
	hog := gorge(t, dir)
	if err := take(500); !errors.Is(err, storage.ErrFull) || !errors.Is(err, bot.ErrVoid) {
		t.Fatalf("%d updates were taken on a full disk: %v", taken, err)
	}
	before := taken
	if got := look(); strings.Count(got, "De schijf van de bot is vol") != 1 {
		t.Errorf("the operators read %q", got)
	}
	if err := take(50); err != nil {
		t.Errorf("on the reserve: %v, after %d more updates", err, taken-before)
	}
	if err := os.Remove(hog); err != nil {
		t.Fatal(err)
	}
	if got := look(); strings.Count(got, "weer genoeg ruimte") != 1 {
		t.Errorf("with room again, the operators read %q", got)
	}
	if info, err := os.Stat(r.path); err != nil || info.Size() != r.size {
		t.Errorf("the reserve is not there again: %v", err)
	}
	waiting := 0
	err := o.store.View(context.Background(), func(bot.Tx) error { return nil })
	if g, failed := o.store.Gauges(t.Context()); failed == nil {
		waiting = g.Waiting
	}
	if err != nil || waiting != taken {
		t.Errorf("%d updates were confirmed, %d are there: %v", taken, waiting, err)
	}
}

// A program that finds the disk full when it starts gives up its reserve first.
func TestAStartOnAFullDiskUsesTheReserve(t *testing.T) {
	dir := small(t, "12m")
	c, err := LoadConfig("", nil)
	if err != nil {
		t.Fatal(err)
	}
	c.Storage.Path, c.Keys.Dir = filepath.Join(dir, "t.db"), filepath.Join(dir, "keys")
	begin := func() error {
		d := deployment{config: c, now: time.Now}
		defer d.close()
		_, err := d.database(t.Context(), c.Storage.Path, d.now)
		return err
	}
	if err := begin(); err != nil {
		t.Fatal(err)
	}
	reserved := &reserve{path: reserveOf(c.Storage.Path), size: 5 << 20}
	if err := reserved.hold(); err != nil {
		t.Fatal(err)
	}
	gorge(t, dir)
	if err := begin(); err != nil {
		t.Errorf("it does not start: %v", err)
	}
	if _, err := os.Stat(reserved.path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the reserve: %v", err)
	}
}
