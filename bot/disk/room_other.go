//go:build !linux

package disk

// Room is not known here.
func Room(string) (bytes int64, known bool) { return 0, false }
