//go:build !linux

package homeserver

import "syscall"

// dieWithParent can be asked of Linux only.
func dieWithParent() *syscall.SysProcAttr { return nil }
