package storage

import (
	"fmt"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// Kinds of file systems on which a log shared by several connections is not safe, because locks and shared memory are not
// those of one machine (sqlite.org/wal.html, statfs(2)).
var distant = map[uint32]string{
	unix.NFS_SUPER_MAGIC: "NFS", unix.SMB_SUPER_MAGIC: "SMB", unix.SMB2_SUPER_MAGIC: "SMB", unix.CIFS_SUPER_MAGIC: "CIFS",
	unix.V9FS_MAGIC: "9P", unix.AFS_SUPER_MAGIC: "AFS", unix.CEPH_SUPER_MAGIC: "Ceph",
}

// Kinds of file systems that are empty after a restart of the machine, or that end with their container.
var fleeting = map[uint32]string{unix.TMPFS_MAGIC: "tmpfs", unix.OVERLAYFS_SUPER_MAGIC: "overlay"}

// near refuses a database on a disk of another machine, with an error that wraps [ErrDistant].
func near(path string) error {
	if name := distant[kindOf(path)]; name != "" {
		return fmt.Errorf("%w: %s", ErrDistant, name)
	}
	return nil
}

// Fleeting names the kind of disk a file stands on when what is there does not outlive the machine or the container, such
// as "tmpfs"; empty when it does, or when that is not known.
func Fleeting(path string) string { return fleeting[kindOf(path)] }

// kindOf is the number of the file system that a path, or its folder, stands on; 0 = not known.
func kindOf(path string) uint32 {
	var about unix.Statfs_t
	if unix.Statfs(path, &about) != nil && unix.Statfs(filepath.Dir(path), &about) != nil {
		return 0
	}
	return uint32(about.Type) //nolint:gosec // the numbers have 32 bits, whatever the type of the field
}
