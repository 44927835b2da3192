package storage

import (
	"context"
	"database/sql"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The settings of a connection belong to it alone, so each connection has them, whichever is opened: what is written is on disk
// at the commit, and what is erased is nowhere; a reader changes nothing.
func TestEveryConnectionHasItsSettings(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "bin.db")
	s := openWith(t, Options{Path: path})
	t.Cleanup(func() { _ = s.Close() })
	same := map[string]string{
		"foreign_keys": "1", "busy_timeout": "5000", "temp_store": "2", "trusted_schema": "0", "cell_size_check": "1",
		"journal_mode": "wal",
	}
	const full = "2"
	for name, c := range map[string]struct {
		address string
		own     map[string]string
	}{
		"writer": {writerAddress(Options{Path: path}), map[string]string{
			"synchronous": full, "secure_delete": "1", "journal_size_limit": "67108864", "cache_size": "-2000", "query_only": "0",
		}},
		"reader": {readerAddress(path), map[string]string{"cache_size": "-1000", "query_only": "1"}},
	} {
		db, err := sql.Open(driverName, c.address)
		if err != nil {
			t.Fatal(err)
		}
		for n := range 2 { // the second connection as well
			conn, err := db.Conn(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			for _, settings := range []map[string]string{same, c.own} {
				if diff := cmp.Diff(settings, settingsOf(t.Context(), t, conn, settings)); diff != "" {
					t.Errorf("%s, connection %d (-want +got):\n%s", name, n+1, diff)
				}
			}
		}
		t.Cleanup(func() { _ = db.Close() })
	}
}

func settingsOf(ctx context.Context, t *testing.T, conn *sql.Conn, of map[string]string) map[string]string {
	t.Helper()
	got := map[string]string{}
	for name := range of {
		var value string
		if err := conn.QueryRowContext(ctx, "PRAGMA "+name).Scan(&value); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		got[name] = value
	}
	return got
}
