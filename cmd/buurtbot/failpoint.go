//go:build failpoints

package main

import (
	"os"
	"strconv"
	"strings"
	"syscall"

	"github.com/buurtbot/buurtbot/storage"
)

// failpoints lets the program kill itself at a commit, in a build that is made to be tested so. FAILPOINT is
// before or after, the label of the commit, and the how manieth of them: before/apply/7.
func failpoints() storage.Faults {
	when, rest, _ := strings.Cut(os.Getenv("FAILPOINT"), "/")
	label, nth, _ := strings.Cut(rest, "/")
	left, err := strconv.Atoi(nth)
	if err != nil {
		return storage.Faults{}
	}
	die := func(at string) error {
		if at != label {
			return nil
		}
		if left--; left == 0 {
			return syscall.Kill(os.Getpid(), syscall.SIGKILL)
		}
		return nil
	}
	if when == "before" {
		return storage.Faults{BeforeCommit: die}
	}
	return storage.Faults{AfterCommit: die}
}
