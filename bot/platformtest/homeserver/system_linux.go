package homeserver

import "syscall"

// dieWithParent lets no server outlive a test that was killed.
func dieWithParent() *syscall.SysProcAttr { return &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL} }
