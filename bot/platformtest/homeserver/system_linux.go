package homeserver

import (
	"os"
	"syscall"
)

// dieWithParent lets no server outlive a test that was killed.
func dieWithParent() *syscall.SysProcAttr { return &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL} }

// alone waits until nobody else, in this process or another, holds the file at path, and holds it until release.
func alone(path string) (release func(), err error) {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	release = func() { _ = file.Close() } // which lets it go
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX); err != nil {
		release()
		return nil, err
	}
	return release, nil
}
