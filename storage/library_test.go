package storage_test

import (
	"os/exec"
	"strings"
	"testing"

	sqlite3 "modernc.org/sqlite/lib"
)

// Versions of SQLite up to 3.51.2 may damage a log that two connections reset at the same moment (sqlite.org/wal.html),
// and the library is made for one version of libc: another is not what was tried out.
func TestTheLibraryIsTheOneThatWasTriedOut(t *testing.T) {
	ask := func(args ...string) string {
		out, err := exec.CommandContext(t.Context(), "go", append([]string{"list", "-m", "-f"}, args...)...).Output()
		if err != nil {
			t.Fatal(err)
		}
		return strings.TrimSpace(string(out))
	}
	file := ask("{{.GoMod}}", "modernc.org/sqlite")
	out, err := exec.CommandContext(t.Context(), "go", "mod", "edit", "-json", file).Output()
	if err != nil {
		t.Fatal(err)
	}
	libc := ask("{{.Version}}", "modernc.org/libc")
	if !strings.Contains(strings.Join(strings.Fields(string(out)), ""), `"Path":"modernc.org/libc","Version":"`+libc+`"`) {
		t.Errorf("libc %s is not the one that SQLite asks for", libc)
	}
}

func TestTheLibraryIsRecentEnough(t *testing.T) {
	if sqlite3.SQLITE_VERSION_NUMBER < 3_052_000 {
		t.Errorf("SQLite %s", sqlite3.SQLITE_VERSION)
	}
}
