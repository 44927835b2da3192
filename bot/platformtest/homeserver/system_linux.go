package homeserver

import (
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// dieWithParent lets no server outlive a test that was killed.
func dieWithParent() *syscall.SysProcAttr { return &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL} }

// alone waits until nobody else, in this process or another, holds the file at path, and holds it until release.
func alone(path string) (release func(), err error) {
	file, release, err := open(path)
	if err != nil {
		return nil, err
	}
	if err := unix.Flock(int(file.Fd()), unix.LOCK_EX); err != nil {
		release()
		return nil, err
	}
	return release, nil
}

// reserve holds a byte of the file at path, when nobody else, in this process or another, holds the same.
func reserve(path string, place int) (release func(), err error) {
	file, release, err := open(path)
	if err != nil {
		return nil, err
	}
	want := unix.Flock_t{Type: unix.F_WRLCK, Start: int64(place), Len: 1}
	if err := unix.FcntlFlock(file.Fd(), unix.F_OFD_SETLK, &want); err != nil {
		release()
		return nil, err
	}
	return release, nil
}

// open gives a file that is there for its locks; they end with release, or with the process.
func open(path string) (file *os.File, release func(), err error) {
	file, err = os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, nil, err
	}
	return file, func() { _ = file.Close() }, nil
}
