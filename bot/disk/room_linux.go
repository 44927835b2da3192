package disk

import "golang.org/x/sys/unix"

// Room is how many bytes there is still room for on the disk of a folder; false when that is not known.
func Room(folder string) (bytes int64, known bool) {
	var about unix.Statfs_t
	if unix.Statfs(folder, &about) != nil {
		return 0, false
	}
	return int64(about.Bavail) * about.Frsize, true //nolint:gosec // no disk has 2^63 bytes
}
