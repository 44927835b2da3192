package storage_test

import (
	"context"
	"errors"
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
	forged, err := storage.Open(t.Context(), storage.Options{
		Path: path, AuditKey: []byte("another"), ColumnKeys: [][]byte{[]byte("key")},
	})
	if err != nil {
		t.Fatal(err)
	}
	defer forged.Close()
	if _, err := forged.VerifyAudit(t.Context()); !errors.Is(err, storage.ErrCorrupt) {
		t.Errorf("a trail under another key: %v", err)
	}
}
