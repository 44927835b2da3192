package storage_test

import (
	"context"
	"errors"
	"path/filepath"
	"testing"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
	"github.com/buurtbot/buurtbot/storage"
	"github.com/buurtbot/buurtbot/storage/storagetest"
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
	if l.store, err = storagetest.Open(l.t.Context(), l.options()); err != nil {
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

// What one of several reporters of a merged case takes back, and a picture that is taken back, stay away when a copy from before
// the merger is put back; so does a case that was merged and then withdrawn as a whole.
func TestWhatWasTakenBackOfAMergedCaseStaysAway(t *testing.T) {
	for name, alone := range map[string]bool{"one of several": false, "the only one": true} {
		l := begin(t)
		in := build(t, l.store)
		ana, chat := adopt(t, l.store, "ana", in)
		mine := in.told(t, l.store, ana.ID, chat, "zonnebloem")
		into := opened(t, l.store, in, "KAS-0001", noon)
		var drawn civic.Photo
		do(t, l.store, func(ctx context.Context, tx bot.Tx) error {
			drawn = civic.Photo{Owner: chat}
			return errors.Join(tx.AddPhoto(ctx, &drawn), tx.FillPhoto(ctx, drawn.ID, []byte("gezicht")))
		})
		copied := l.backup("copy.db")
		l.clock = noon.Add(time.Hour)
		do(t, l.store, func(ctx context.Context, tx bot.Tx) error {
			c, err := tx.Case(ctx, mine)
			if err = errors.Join(err, tx.MergeCase(ctx, c, into)); err != nil {
				return err
			}
			if alone {
				return errors.Join(tx.EraseReports(ctx, into.ID), tx.DropPhoto(ctx, drawn.ID))
			}
			return errors.Join(tx.EraseReportsOf(ctx, into.ID, ana.ID), tx.DropPhoto(ctx, drawn.ID))
		})
		l.restore(copied)
		do(t, l.store, func(ctx context.Context, tx bot.Tx) error {
			reports, err := tx.Reports(ctx, mine)
			for _, r := range reports {
				if r.Text != "" || r.Reporter != 0 || len(r.Photos) != 0 {
					t.Errorf("%s: of the report there is %+v", name, r)
				}
			}
			questions, err2 := tx.Questions(ctx, mine)
			for _, q := range questions {
				if q.Text != "" || q.Answer != "" {
					t.Errorf("%s: of a question there is %+v", name, q)
				}
			}
			if _, err := tx.Photo(ctx, drawn.ID); !errors.Is(err, bot.ErrNotFound) {
				t.Errorf("%s: the picture is back: %v", name, err)
			}
			return errors.Join(err, err2)
		})
	}
}

// A landmark by which somebody named a place is part of what they told.
func TestTheLandmarkOfAReportIsErasedWithIt(t *testing.T) {
	for name, erase := range map[string]func(ctx context.Context, tx bot.Tx, c, person, report int64) error{
		"own":    func(ctx context.Context, tx bot.Tx, _, p, _ int64) error { _, err := tx.EraseOwn(ctx, p); return err },
		"part":   func(ctx context.Context, tx bot.Tx, c, p, _ int64) error { return tx.EraseReportsOf(ctx, c, p) },
		"case":   func(ctx context.Context, tx bot.Tx, c, _, _ int64) error { return tx.EraseReports(ctx, c) },
		"report": func(ctx context.Context, tx bot.Tx, _, _, r int64) error { return tx.EraseReport(ctx, r) },
	} {
		s := fresh(t)
		in := build(t, s)
		ana, _ := adopt(t, s, "ana", in)
		c := opened(t, s, in, "KAS-7F3K", noon)
		do(t, s, func(ctx context.Context, tx bot.Tx) error {
			mark := civic.Landmark{Network: in.network, Name: "De Kiosk"}
			if err := tx.SaveLandmark(ctx, &mark); err != nil {
				return err
			}
			r := civic.Report{Case: c.ID, Reporter: ana.ID, Alias: 1, Text: "iets", When: civic.Earlier, Filed: noon}
			r.Place.Landmark = mark.ID
			if err := errors.Join(tx.AddReport(ctx, &r), erase(ctx, tx, c.ID, ana.ID, r.ID)); err != nil {
				return err
			}
			list, err := tx.Reports(ctx, c.ID)
			for _, r := range list {
				if r.Place.Landmark != 0 {
					t.Errorf("%s: the landmark stays", name)
				}
			}
			return err
		})
	}
}

// What was looked for, for somebody who is no member, is forgotten when that is over, in a backup that is put back as well; what
// is still being asked is not.
func TestALookupThatIsOverStaysForgotten(t *testing.T) {
	l := begin(t)
	in := build(t, l.store)
	els, _ := adopt(t, l.store, "els", in)
	look := func(words string) int64 {
		q := civic.Lookup{
			Network: in.network, By: els.ID, Sought: civic.Sought{Kind: civic.SoughtName, Words: words}, Why: "Brief 7",
			Made: noon, Expires: noon.Add(civic.LookupLife),
		}
		do(t, l.store, func(ctx context.Context, tx bot.Tx) error { return tx.AddLookup(ctx, &q) })
		return q.ID
	}
	over, open := look("Jan de Vries"), look("Piet de Wit")
	copied := l.backup("copy.db")
	l.clock = noon.Add(time.Hour)
	do(t, l.store, func(ctx context.Context, tx bot.Tx) error { return tx.EndLookup(ctx, over) })
	l.restore(copied)
	do(t, l.store, func(ctx context.Context, tx bot.Tx) error {
		if q, err := tx.Lookup(ctx, over); !errors.Is(err, bot.ErrNotFound) {
			t.Errorf("what was forgotten is back with the copy: %+v, %v", q, err)
		}
		q, err := tx.Lookup(ctx, open)
		if q.Words != "Piet de Wit" {
			t.Errorf("what is still asked is %+v", q)
		}
		return err
	})
}
