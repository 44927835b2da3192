package main

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/buurtbot/buurtbot/storage"
)

// What the names of nightly copies are made of: buurtbot-20261014T023000Z.db, and .age behind it when it is encrypted.
const (
	copyMark     = "buurtbot-"
	copyLayout   = "20060102T150405Z"
	sealedSuffix = ".age"
)

// How long copies are kept. People are told that nothing erased is in a backup after fourteen days; it is looked each hour.
const (
	keptCopies = 14*24*time.Hour - 2*time.Hour
	keptAsides = 7 * 24 * time.Hour // what lies beside the database from before a restore or an upgrade
)

var (
	nightly  = regexp.MustCompile(`^buurtbot-(\d{8}T\d{6}Z)\.db(\.age)?$`)
	halfMade = regexp.MustCompile(`^buurtbot-\d{8}T\d{6}Z\.db.+$`)
	asideOf  = regexp.MustCompile(`^(?:\.restore)?\.before-(?:schema-\d+|restore)-(\d{8}T\d{6}Z)`)
)

// sweep removes what was left of copies that were cut short, and what is older than it may be. The newest nightly copy
// stays, however old it is. By a clock that nobody confirms nothing is old.
func (u *upkeep) sweep(context.Context) error {
	path, dir := u.config.Storage.Path, u.config.Backup.Dir
	now := u.now()
	var before time.Time
	if u.sure(now) {
		before = now
	}
	failed := errors.Join(storage.Sweep(filepath.Dir(path)), removeOld(path, before.Add(-keptAsides)))
	if dir == "" {
		return failed
	}
	failed = errors.Join(failed, storage.Sweep(dir), removeHalfMade(dir))
	copies, err := nightlyCopies(dir)
	for _, name := range copies[:max(0, len(copies)-1)] {
		if copyTime(name).Before(before.Add(-keptCopies)) {
			err = errors.Join(err, os.Remove(name))
		}
	}
	return errors.Join(failed, err)
}

// removeOld removes databases beside the one at path that were put aside before a time.
func removeOld(path string, before time.Time) error {
	return eachFile(filepath.Dir(path), func(name string) error {
		rest, is := strings.CutPrefix(name, filepath.Base(path))
		if m := asideOf.FindStringSubmatch(rest); is && m != nil && stampOf(m[1]).Before(before) {
			return os.Remove(filepath.Join(filepath.Dir(path), name))
		}
		return nil
	})
}

// removeHalfMade removes what releases before this one left of nightly copies when they were killed, some of it plain.
func removeHalfMade(dir string) error {
	return eachFile(dir, func(name string) error {
		if halfMade.MatchString(name) && !nightly.MatchString(name) {
			return os.Remove(filepath.Join(dir, name))
		}
		return nil
	})
}

// nightlyCopies lists the nightly copies in a folder, plain and encrypted, the oldest first: their names hold the time.
func nightlyCopies(dir string) (all []string, err error) {
	err = eachFile(dir, func(name string) error {
		if nightly.MatchString(name) {
			all = append(all, filepath.Join(dir, name))
		}
		return nil
	})
	slices.Sort(all)
	return all, err
}

// eachFile does something with the name of each file in a folder, if there is one.
func eachFile(dir string, do func(name string) error) error {
	files, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	for _, f := range files {
		if f.Type().IsRegular() {
			err = errors.Join(err, do(f.Name()))
		}
	}
	return err
}

// newestCopy is when the newest nightly copy was made; zero when there is none. One that was made while the clock was ahead says
// nothing of how old the others are.
func newestCopy(dir string, now time.Time) time.Time {
	copies, err := nightlyCopies(dir)
	if err != nil {
		return time.Time{}
	}
	for _, path := range slices.Backward(copies) {
		if at := copyTime(path); !at.After(now) {
			return at
		}
	}
	return time.Time{}
}

// copyTime is when a nightly copy was made.
func copyTime(path string) time.Time {
	return stampOf(nightly.FindStringSubmatch(filepath.Base(path))[1])
}

// stampOf reads the time in a name; digits that are no time are the beginning of time.
func stampOf(s string) time.Time {
	at, err := time.Parse(copyLayout, s)
	if err != nil {
		return time.Time{}
	}
	return at
}
