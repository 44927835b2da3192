package storage_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"testing"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/storage"
)

func TestTheAuditTrailShowsWhatWasChanged(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bin.db")
	s := open(t, path)
	for range 250 {
		do(t, s, func(ctx context.Context, tx bot.Tx) error {
			return tx.Audit(ctx, bot.AuditEntry{At: noon, Actor: 1, Action: "case.taken", Object: "case/1"})
		})
	}
	if n, err := s.VerifyAudit(t.Context()); err != nil || n != 250 {
		t.Fatalf("%d entries, %v", n, err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	_, err := storage.Open(t.Context(), storage.Options{
		Path: path, AuditKey: []byte("another"), ColumnKeys: [][]byte{[]byte("key")},
	})
	if !errors.Is(err, storage.ErrTrail) || !errors.Is(err, storage.ErrCorrupt) {
		t.Errorf("a trail under another key: %v", err)
	}
}

// A start looks at the newest entries only, so that it is quick; a change in them is found before anything is done.
func TestAStartLooksAtTheNewestEntries(t *testing.T) {
	for name, c := range map[string]struct {
		seq    int
		starts bool
	}{"old": {100, true}, "newest": {1250, false}, "among the newest": {251, false}} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "bin.db")
			s := open(t, path)
			do(t, s, func(ctx context.Context, tx bot.Tx) (err error) {
				for range 1250 {
					err = errors.Join(err, tx.Audit(ctx, bot.AuditEntry{At: noon, Actor: 1, Action: "case.taken", Object: "case/1"}))
				}
				return err
			})
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			tamper(t, path, "DROP TRIGGER audit_no_update", fmt.Sprint("UPDATE audit SET actor = 2 WHERE seq = ", c.seq))
			s, err := storage.Open(t.Context(), options(path))
			if c.starts != (err == nil) || !c.starts && !errors.Is(err, storage.ErrTrail) {
				t.Errorf("started: %v", err)
			}
			if err != nil {
				return
			}
			defer s.Close()
			if _, err := s.VerifyAudit(t.Context()); !errors.Is(err, storage.ErrTrail) {
				t.Errorf("the whole trail: %v", err)
			}
		})
	}
}

// Whose key is lost can begin the trail anew: it holds from there on, and what was there stays to be read.
func TestATrailCanBeBegunAnew(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bin.db")
	s := open(t, path)
	note(t, s, 5)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	o := storage.Options{Path: path, AuditKey: []byte("another"), ColumnKeys: [][]byte{[]byte("key")}}
	if err := storage.BeginTrail(t.Context(), o, noon); err != nil {
		t.Fatal(err)
	}
	s, err := storage.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	note(t, s, 2)
	if n, err := s.VerifyAudit(t.Context()); err != nil || n != 3 {
		t.Errorf("%d entries, %v", n, err)
	}
	if g, err := s.Gauges(t.Context()); err != nil || g.Audit != 8 {
		t.Errorf("%d entries in all, %v", g.Audit, err)
	}
}
