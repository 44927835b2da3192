package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"strings"
	"syscall"
)

// dropPages lets go of the pages of the program's own file that its start has read: most of them are not needed again, and
// those that are come back by themselves (madvise(2), MADV_DONTNEED on a private mapping of a file). It only saves memory, so
// what fails is left as it is.
func dropPages() {
	self, err := os.Executable()
	if err != nil {
		return
	}
	list, err := os.Open("/proc/self/smaps")
	if err != nil {
		return
	}
	defer func() { _ = list.Close() }()
	for _, p := range ofFile(list, self) {
		_, _, _ = syscall.Syscall(syscall.SYS_MADVISE, p.from, p.to-p.from, syscall.MADV_DONTNEED)
	}
}

// pages are addresses from and up to which a file stands in memory.
type pages struct{ from, to uintptr }

// ofFile finds, in a list as proc(5) describes smaps, where a file stands in memory just as it is on the disk: not to be
// written to, and never changed after it was read.
func ofFile(list io.Reader, path string) (all []pages) {
	var here pages
	ours := false
	for lines := bufio.NewScanner(list); lines.Scan(); {
		line := lines.Text()
		var (
			p   pages
			may string
		)
		if n, _ := fmt.Sscanf(line, "%x-%x %s", &p.from, &p.to, &may); n == 3 {
			here, ours = p, strings.HasSuffix(line, " "+path) && !strings.Contains(may, "w")
			continue
		}
		if name, size, _ := strings.Cut(line, ":"); ours && name == "Anonymous" && strings.TrimSpace(size) == "0 kB" {
			all = append(all, here)
		}
	}
	return all
}
