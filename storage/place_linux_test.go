package storage

import (
	"errors"
	"testing"

	"golang.org/x/sys/unix"
)

// What statfs says of a disk decides whether a database may stand there; the folders of tests are of this machine.
func TestADatabaseOnANetworkDiskIsRefused(t *testing.T) {
	if err := near(t.TempDir() + "/bin.db"); err != nil {
		t.Errorf("here: %v", err)
	}
	for kind, name := range map[uint32]string{ // statfs(2)
		0x6969: "NFS", 0x517b: "SMB", 0xfe534d42: "SMB", 0xff534d42: "CIFS", 0x01021997: "9P", 0x5346414f: "AFS", 0x00c36400: "Ceph",
	} {
		if distant[kind] != name {
			t.Errorf("%s, %#x, is %q", name, kind, distant[kind])
		}
	}
	here := kindOf(t.TempDir())
	if here == 0 {
		t.Fatal("the kind of this disk is not known")
	}
	distant[here], fleeting[here] = "here", "gone"
	defer func() { delete(distant, here); delete(fleeting, here); fleeting[unix.TMPFS_MAGIC] = "tmpfs" }()
	path := t.TempDir() + "/bin.db"
	if _, err := Open(t.Context(), Options{Path: path, AuditKey: make([]byte, 32)}); !errors.Is(err, ErrDistant) {
		t.Errorf("a network disk: %v", err)
	}
	if kind := Fleeting(path); kind != "gone" {
		t.Errorf("a disk that is emptied: %q", kind)
	}
}
