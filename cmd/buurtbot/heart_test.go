package main

import (
	"bytes"
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/storage"
	"github.com/buurtbot/buurtbot/storage/storagetest"
)

// A disk that takes nothing for a minute ends the program, so that it is begun anew; one that is full, or that fails now and
// then, is waited for.
func TestADiskThatTakesNothingForAMinuteEndsTheProgram(t *testing.T) {
	var fault error
	now := time.Date(2026, 10, 14, 20, 15, 0, 0, time.UTC)
	store, err := storagetest.Open(t.Context(), storage.Options{
		Path: filepath.Join(t.TempDir(), "t.db"), AuditKey: []byte("heart"),
		Faults: storage.Faults{BeforeCommit: func(string) error { return fault }},
	})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	h := heart{now: func() time.Time { return now }, write: func(ctx context.Context, at time.Time) error {
		return store.Do(ctx, func(tx bot.Tx) error {
			return tx.Audit(ctx, bot.AuditEntry{At: at, Action: "beat", Object: "heart/1"})
		})
	}}
	beats := func(n int, with error) (err error) {
		for fault = with; n > 0 && !errors.Is(err, errDisk); n-- {
			if err = h.beat(t.Context()); with != nil && !errors.Is(err, errDisk) && !errors.Is(err, with) {
				t.Fatalf("with %v it says %v", with, err)
			}
			now = now.Add(beatEvery)
		}
		return err
	}
	if err := beats(400, storage.FaultFull); errors.Is(err, errDisk) {
		t.Errorf("a full disk ends it: %v", err)
	}
	for range 3 {
		if err := beats(4, storage.FaultIO); errors.Is(err, errDisk) {
			t.Errorf("a disk that fails for less than a minute ends it: %v", err)
		}
		if err := beats(1, nil); err != nil {
			t.Errorf("on a disk that is well again: %v", err)
		}
	}
	err = beats(6, storage.FaultIO)
	if !errors.Is(err, errDisk) {
		t.Fatalf("after more than a minute: %v", err)
	}
	var said bytes.Buffer
	if code := fail(&said, err); code != exitFailed || !strings.Contains(said.String(), "Nothing that was confirmed is lost.") {
		t.Errorf("exit %d, and it says %s", code, said.String())
	}
}
