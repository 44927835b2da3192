package main

import (
	"os"
	"runtime/debug"
)

// thrift gives back what only the start needed, and keeps the heap small: the program shares its machine with others, and
// is idle nearly always. GOGC in the environment has the last word.
func thrift() {
	const percent = 50
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(percent)
	}
	debug.FreeOSMemory()
	dropPages()
}
