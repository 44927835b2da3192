//go:build !goolm

package matrix

// beEcho is for programs with encryption only.
func beEcho() bool { return false }
