package storage

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// What is not whole yet, or not sealed yet, lies in a folder that is locked for as long as its process lives. So whoever
// comes after a process that was killed can tell what is left of it, and removes it.
const (
	workroomMark = ".buurtbot-"
	workroomLock = "in-use"
)

// Workroom makes a folder in dir, which is made when missing, for what is not whole yet. leave removes it with all that is in
// it. What is left in dir of processes that were killed is removed first.
func Workroom(dir string) (room string, leave func() error, err error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", nil, denied(err)
	}
	if err := Sweep(dir); err != nil {
		return "", nil, err
	}
	const tries = 5 // somebody who sweeps may come between the folder and its lock
	for range tries {
		var held *lock
		if room, held, err = newWorkroom(dir); err == nil {
			return room, func() error { return errors.Join(os.RemoveAll(room), held.release()) }, nil
		}
	}
	return "", nil, denied(err)
}

func newWorkroom(dir string) (string, *lock, error) {
	room, err := os.MkdirTemp(dir, workroomMark)
	if err != nil {
		return "", nil, err
	}
	held, err := hold(filepath.Join(room, workroomLock))
	if err != nil {
		return "", nil, errors.Join(err, os.RemoveAll(room))
	}
	if _, err := os.Stat(room); err != nil {
		return "", nil, errors.Join(err, held.release())
	}
	return room, held, nil
}

// Sweep removes the workrooms in dir whose processes were killed.
func Sweep(dir string) error {
	files, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	for _, f := range files {
		if room := filepath.Join(dir, f.Name()); f.IsDir() && strings.HasPrefix(f.Name(), workroomMark) {
			err = errors.Join(err, sweepRoom(room))
		}
	}
	return denied(err)
}

func sweepRoom(room string) error {
	const young = time.Minute // somebody may be about to lock it
	door := filepath.Join(room, workroomLock)
	info, err := os.Stat(room)
	if errors.Is(err, fs.ErrNotExist) {
		return nil // somebody else swept it
	}
	if err != nil || unlocked(door) && time.Since(info.ModTime()) < young {
		return err
	}
	held, err := hold(door)
	switch {
	case errors.Is(err, ErrLocked), errors.Is(err, fs.ErrNotExist):
		return nil // it is in use, or gone
	case err != nil:
		return err
	}
	return errors.Join(os.RemoveAll(room), held.release())
}

// unlocked reports whether a folder has no lock yet.
func unlocked(door string) bool {
	_, err := os.Stat(door + ".lock")
	return err != nil
}
