package storage_test

import (
	"context"
	"database/sql"
	"errors"
	"path/filepath"
	"testing"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/storage"
)

// That the last entries were taken away nobody sees from those that are left; whoever kept a mark does.
func TestAMarkShowsThatEntriesWereTakenAway(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bin.db")
	s := open(t, path)
	marks := []string{""}
	for range 4 {
		do(t, s, func(ctx context.Context, tx bot.Tx) error {
			mark, err := tx.TrailMark(ctx)
			same(t, "mark", marks[len(marks)-1], mark)
			if err == nil {
				err = tx.Audit(ctx, bot.AuditEntry{At: noon, Action: "x"})
			}
			if err == nil {
				mark, err = tx.TrailMark(ctx)
			}
			marks = append(marks, mark)
			return err
		})
	}
	for _, mark := range append(marks[1:], " "+marks[1]+"\n") {
		if err := s.TrailHas(t.Context(), mark); err != nil {
			t.Errorf("%s: %v", mark, err)
		}
	}
	for _, wrong := range []string{"", "1", "1-", "x-9f3a7c21d0e4b5f6", "0-9f3a7c21d0e4b5f6", marks[1] + "0"} {
		if err := s.TrailHas(t.Context(), wrong); !errors.Is(err, storage.ErrMark) {
			t.Errorf("%q: %v", wrong, err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	for _, query := range []string{"DROP TRIGGER audit_no_delete", "DELETE FROM audit WHERE seq > 2"} {
		if _, err := db.Exec(query); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	s = open(t, path)
	defer s.Close()
	if n, err := s.VerifyAudit(t.Context()); n != 2 || err != nil {
		t.Fatalf("what is left: %d entries, %v", n, err)
	}
	if err := s.TrailHas(t.Context(), marks[2]); err != nil {
		t.Errorf("of what is left: %v", err)
	}
	if err := s.TrailHas(t.Context(), marks[4]); !errors.Is(err, storage.ErrTrail) {
		t.Errorf("of what was taken away: %v", err)
	}
}
