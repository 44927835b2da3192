//go:build !linux

package storage

// near refuses nothing here: the kinds of disks are known on Linux only.
func near(string) error { return nil }

// Fleeting names nothing here: the kinds of disks are known on Linux only.
func Fleeting(string) string { return "" }
