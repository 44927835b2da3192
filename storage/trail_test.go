package storage_test

import (
	"context"
	"database/sql"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/storage"
)

// note adds entries to the trail, one turn for each.
func note(t *testing.T, s *storage.Store, n int) {
	t.Helper()
	for range n {
		do(t, s, func(ctx context.Context, tx bot.Tx) error {
			return tx.Audit(ctx, bot.AuditEntry{At: noon, Actor: 7, Action: "case.taken", Object: "case/1", Detail: "by hand"})
		})
	}
}

// The trail goes on where it ended, over restarts and over turns that were undone.
func TestTheTrailGoesOnWhereItEnded(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bin.db")
	s := open(t, path)
	note(t, s, 3)
	broken := errors.New("broken")
	err := s.Do(t.Context(), func(tx bot.Tx) error {
		return errors.Join(tx.Audit(t.Context(), bot.AuditEntry{At: noon, Action: "never happened"}), broken)
	})
	if !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
	note(t, s, 2)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = open(t, path)
	defer s.Close()
	note(t, s, 2)
	if n, err := s.VerifyAudit(t.Context()); err != nil || n != 7 {
		t.Errorf("%d entries, %v", n, err)
	}
}

// tamper does to the closed database what the program never does.
func tamper(t *testing.T, path string, statements ...string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, statement := range statements {
		if _, err := db.ExecContext(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
}

// startsAndHolds opens the database, adds to its trail and walks that.
func startsAndHolds(t *testing.T, path string) error {
	t.Helper()
	s, err := storage.Open(t.Context(), options(path))
	if err != nil {
		return err
	}
	defer s.Close()
	note(t, s, 3)
	_, err = s.VerifyAudit(t.Context())
	return err
}

// A change to the trail is refused by the database; one that goes around it is found, at the entry where it was made.
func TestAChangedTrailIsFound(t *testing.T) {
	for name, c := range map[string]struct{ how, found string }{
		"who":     {"UPDATE audit SET actor = 8 WHERE seq = 5", "entry 5"},
		"what":    {"UPDATE audit SET detail = 'by nobody' WHERE seq = 9", "entry 9"},
		"when":    {"UPDATE audit SET at = at + 1 WHERE seq = 2", "entry 2"},
		"missing": {"DELETE FROM audit WHERE seq = 6", "entry 7"},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "bin.db")
			s := open(t, path)
			note(t, s, 10)
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			db, err := sql.Open("sqlite", path)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := db.ExecContext(t.Context(), c.how); err == nil || !strings.Contains(err.Error(), "the audit trail is not") {
				t.Errorf("the database let it pass: %v", err)
			}
			if err := db.Close(); err != nil {
				t.Fatal(err)
			}
			tamper(t, path, "DROP TRIGGER audit_no_update", "DROP TRIGGER audit_no_delete", c.how)
			if err := startsAndHolds(t, path); !errors.Is(err, storage.ErrCorrupt) || !strings.Contains(err.Error(), c.found) {
				t.Errorf("got %v", err)
			}
		})
	}
}

// A trail whose beginning was cleared away by the program holds from its anchor on; one that somebody else shortened, with
// the anchor moved along or without, does not.
func TestATrailHoldsFromItsSealedAnchorOn(t *testing.T) {
	const cut = "DELETE FROM audit WHERE seq <= (SELECT seq FROM audit_anchor)"
	for name, c := range map[string]struct {
		how   []string
		found string
	}{
		"as trimmed":        {nil, ""},
		"trimmed further":   {[]string{"UPDATE audit_anchor SET (seq, mac) = (SELECT seq, mac FROM audit WHERE seq = 8)", cut}, "entry 8"},
		"without its seal":  {[]string{"UPDATE audit_anchor SET seal = x''"}, "entry 5"},
		"without an anchor": {[]string{"DELETE FROM audit_anchor"}, "entry 6"},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "bin.db")
			s := open(t, path)
			note(t, s, 5)
			do(t, s, func(ctx context.Context, tx bot.Tx) error { return tx.TrimTrail(ctx, noon.Add(time.Hour)) })
			note(t, s, 5)
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			tamper(t, path, c.how...)
			switch err := startsAndHolds(t, path); {
			case c.found == "" && err != nil:
				t.Error(err)
			case c.found != "" && (!errors.Is(err, storage.ErrCorrupt) || !strings.Contains(err.Error(), c.found)):
				t.Errorf("got %v", err)
			}
		})
	}
}
