//go:build !linux

package homeserver

import "syscall"

// dieWithParent can be asked of Linux only.
func dieWithParent() *syscall.SysProcAttr { return nil }

// alone lets everybody through: elsewhere the homeserver may be built twice, which costs time alone.
func alone(string) (release func(), err error) { return func() {}, nil }
