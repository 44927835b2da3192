//go:build !linux

package homeserver

import "syscall"

// dieWithParent can be asked of Linux only.
func dieWithParent() *syscall.SysProcAttr { return nil }

// alone lets everybody through: elsewhere the homeserver may be built twice, which costs time alone.
func alone(string) (release func(), err error) { return func() {}, nil }

// reserve lets everybody through as well: two packages had better be tested one after the other.
func reserve(string, int) (release func(), err error) { return func() {}, nil }
