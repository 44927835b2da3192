//go:build unix

package main

import (
	"net"

	"golang.org/x/sys/unix"
)

// alone makes a socket that nobody else may open, not even between its making and the next line.
func alone(open func() (net.Listener, error)) (net.Listener, error) {
	const owner = 0o177
	before := unix.Umask(owner)
	defer unix.Umask(before)
	return open()
}
