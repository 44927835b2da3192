package storage_test

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/storage"
)

// life is a database over some hours, whose clock tests set.
type life struct {
	t     *testing.T
	path  string
	clock time.Time
	store *storage.Store
}

func begin(t *testing.T) *life {
	t.Helper()
	l := &life{t: t, path: filepath.Join(t.TempDir(), "bin.db"), clock: noon}
	l.open()
	t.Cleanup(func() { _ = l.store.Close() })
	return l
}

func (l *life) options() storage.Options {
	return storage.Options{Path: l.path, AuditKey: []byte("key"), Now: func() time.Time { return l.clock }}
}

func (l *life) open() {
	l.t.Helper()
	var err error
	if l.store, err = storage.Open(l.t.Context(), l.options()); err != nil {
		l.t.Fatal(err)
	}
}

// backup makes a copy under this name beside the database.
func (l *life) backup(name string) string {
	l.t.Helper()
	to := filepath.Join(filepath.Dir(l.path), name)
	if err := l.store.Backup(l.t.Context(), to); err != nil {
		l.t.Fatal(err)
	}
	return to
}

// restore puts a copy back, with what the database and a list beside it tell of erasures, and gives how many were done again.
func (l *life) restore(from string, beside ...storage.Erasure) int {
	l.t.Helper()
	if err := l.store.Close(); err != nil {
		l.t.Fatal(err)
	}
	erased, err := storage.ErasuresIn(l.t.Context(), l.path, time.Time{})
	if err != nil {
		l.t.Fatal(err)
	}
	r, err := storage.Restore(l.t.Context(), from, l.options(), append(erased, beside...), l.clock)
	if err != nil {
		l.t.Fatal(err)
	}
	l.open()
	return r.Erased
}

// told is what stands in the report of a case.
func (l *life) told(number int64) (text string) {
	l.t.Helper()
	do(l.t, l.store, func(ctx context.Context, tx bot.Tx) error {
		reports, err := tx.Reports(ctx, number)
		if len(reports) == 1 {
			text = reports[0].Text
		}
		return err
	})
	return text
}

// What was erased after a copy is erased again, although the clock was set back in between, and is counted once, although two
// lists tell of it.
func TestErasuresAreFoundThoughTheClockWasSetBack(t *testing.T) {
	l := begin(t)
	in := build(t, l.store)
	ana, chat := adopt(t, l.store, "ana", in)
	mine := in.told(t, l.store, ana.ID, chat, "zonnebloem")
	copied := l.backup("copy.db")
	l.clock = noon.Add(-3 * time.Hour)
	do(t, l.store, func(ctx context.Context, tx bot.Tx) error { _, err := tx.EraseOwn(ctx, ana.ID); return err })
	beside, err := l.store.Erasures(t.Context(), time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	l.clock = noon.Add(time.Hour)
	if n := l.restore(copied, beside...); n != 1 {
		t.Errorf("%d things were erased again", n)
	}
	if text := l.told(mine); text != "" {
		t.Errorf("%q is back", text)
	}
}

// Who had something erased and told something new keeps the new, whichever copies are put back one after the other.
func TestWhatWasToldAfterAnErasureOutlivesEveryRestore(t *testing.T) {
	l := begin(t)
	in := build(t, l.store)
	ana, chat := adopt(t, l.store, "ana", in)
	old := in.told(t, l.store, ana.ID, chat, "zonnebloem")
	first := l.backup("first.db")
	l.clock = noon.Add(time.Hour)
	do(t, l.store, func(ctx context.Context, tx bot.Tx) error { _, err := tx.EraseOwn(ctx, ana.ID); return err })
	l.clock = noon.Add(2 * time.Hour)
	later := in.told(t, l.store, ana.ID, chat, "wolkbreuk")
	l.clock = noon.Add(3 * time.Hour)
	second := l.backup("second.db")
	l.clock = noon.Add(4 * time.Hour)
	l.restore(first)
	if text := l.told(old); text != "" {
		t.Errorf("%q is back", text)
	}
	l.clock = noon.Add(5 * time.Hour)
	if n := l.restore(second); n != 0 {
		t.Errorf("%d things were erased again", n)
	}
	if text := l.told(later); text != "wolkbreuk" {
		t.Errorf("of what was told later %q is left", text)
	}
}

// A list that is older than what a copy remembers of erasures says nothing about it.
func TestAnOldListErasesNothingNew(t *testing.T) {
	l := begin(t)
	in := build(t, l.store)
	ana, chat := adopt(t, l.store, "ana", in)
	mine := in.told(t, l.store, ana.ID, chat, "zonnebloem")
	copied := l.backup("copy.db")
	old := storage.Erasure{Kind: storage.ErasedOwn, Number: ana.ID, At: noon.AddDate(0, 0, -61)}
	if n := l.restore(copied, old); n != 0 || l.told(mine) != "zonnebloem" {
		t.Errorf("%d things were erased again, and %q is left", n, l.told(mine))
	}
}
