package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/flows"
	"github.com/buurtbot/buurtbot/storage"
)

// putBack makes a backup, and puts it back so much later.
func (o *observed) putBack(later time.Duration) {
	o.t.Helper()
	ctx, copied := o.t.Context(), filepath.Join(o.t.TempDir(), "copy.db")
	if err := errors.Join(o.store.Backup(ctx, copied), o.store.Close()); err != nil {
		o.t.Fatal(err)
	}
	o.at = o.at.Add(later)
	if _, err := storage.Restore(ctx, copied, o.options, nil, o.at); err != nil {
		o.t.Fatal(err)
	}
	store, err := storage.Open(ctx, o.options)
	if err != nil {
		o.t.Fatal(err)
	}
	o.begin(store)
}

// Who was away for more than a day, or came back from a backup, says so once, however often the program is started until it has
// said that it runs.
func TestWhatMayBeLostIsTold(t *testing.T) {
	for name, c := range map[string]struct {
		away   time.Duration
		copied bool
		says   string
	}{
		"never ran":  {0, false, ""},
		"a night":    {9 * time.Hour, false, ""},
		"a long day": {30 * time.Hour, false, "Tussen 14 oktober, 20.15 uur en"},
		"a backup":   {2 * time.Hour, true, "Tussen 20.15 uur en 22.15 uur luisterde ik niet"},
	} {
		t.Run(name, func(t *testing.T) {
			o := observe(t)
			if c.away > 0 {
				if err := o.store.Beat(t.Context(), o.at); err != nil {
					t.Fatal(err)
				}
			}
			if c.copied {
				o.putBack(c.away)
			} else {
				o.at = o.at.Add(c.away)
			}
			var got string
			for range 2 {
				if err := o.missed(t.Context()); err != nil {
					t.Fatal(err)
				}
				o.at = o.at.Add(10 * time.Second)
				got = o.reads()
			}
			if c.says == "" && got != "" || c.says != "" && strings.Count(got, c.says) != 1 {
				t.Errorf("told: %s", got)
			}
		})
	}
}

// What was done between a backup and its being put back is not done again; only what erases is, and what makes copies.
func TestJobsFromBeforeARestoreAreNotDoneAgain(t *testing.T) {
	o := observe(t)
	made := o.at
	put := made.Add(30 * time.Hour)
	o.at = put.Add(10 * time.Minute)
	var last map[string]time.Time
	err := o.store.Do(t.Context(), func(tx bot.Tx) (err error) {
		for _, name := range []string{"still", "still/2", "retention", pruneWork, backupWork} {
			_, slot := tx.RunSlot(t.Context(), name, "before", made)
			err = errors.Join(err, slot)
		}
		err = errors.Join(err, restored(t.Context(), tx, storage.Past{Restored: true, Copied: made, At: put}, o.at))
		if err != nil {
			return err
		}
		last, err = tx.LastSlots(t.Context())
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]time.Time{
		"still": put, "still/2": put, "retention": made, pruneWork: made, backupWork: made,
	} {
		if !last[name].Equal(want) {
			t.Errorf("%s was last done at %v, want %v", name, last[name], want)
		}
	}
}

// A program that ran all the time and heard nothing for more than a day says so once it hears again: the network keeps what was
// said no longer.
func TestAGapOfARunningProgramIsTold(t *testing.T) {
	o := observe(t)
	l := newLookout(o.town)
	look := func(pause time.Duration, hears bool) string {
		t.Helper()
		o.at = o.at.Add(pause)
		if hears {
			o.far.heard = o.at
		}
		if err := l.look(t.Context()); err != nil {
			t.Fatal(err)
		}
		return o.reads()
	}
	const says = "kunnen verloren zijn"
	for range 3 {
		if got := look(20*time.Hour, true); strings.Contains(got, says) {
			t.Fatalf("heard each day: %s", got)
		}
	}
	look(15*time.Hour, false)
	if got := look(15*time.Hour, false); strings.Contains(got, says) {
		t.Errorf("while it is deaf: %s", got)
	}
	for range 2 {
		if got := look(time.Minute, true); strings.Count(got, says) != 1 {
			t.Errorf("once it hears again: %s", got)
		}
	}
}

// What was pressed while nothing was heard for longer than Telegram keeps presses went nowhere, and whoever pressed is told: after
// a silence of a running program, and after a program that was away. A short pause is nobody's concern.
func TestPressesThatWentNowhereAreTold(t *testing.T) {
	o := observe(t)
	l := newLookout(o.town)
	heard := func(pause time.Duration) int {
		t.Helper()
		o.at = o.at.Add(pause)
		o.far.heard = o.at
		if err := l.look(t.Context()); err != nil {
			t.Fatal(err)
		}
		return o.presses()
	}
	if n := heard(2 * time.Minute); n != 0 {
		t.Errorf("%d told after two minutes", n)
	}
	if n := heard(8 * time.Minute); n != 1 {
		t.Errorf("%d told after eight minutes", n)
	}
	if n := heard(10 * time.Second); n != 1 {
		t.Errorf("%d told once it hears again", n)
	}
	if err := o.store.Beat(t.Context(), o.at); err != nil {
		t.Fatal(err)
	}
	o.at = o.at.Add(9 * time.Hour)
	if err := o.missed(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := o.presses(); n != 2 {
		t.Errorf("%d told after a night", n)
	}
}

// presses counts how often it is to be told that what was pressed went nowhere.
func (o *observed) presses() (n int) {
	o.t.Helper()
	err := o.store.View(o.t.Context(), func(tx bot.Tx) error {
		all, err := tx.Timers(o.t.Context(), flows.OpsPresses, "")
		n = len(all)
		return err
	})
	if err != nil {
		o.t.Fatal(err)
	}
	return n
}

// A database whose file was moved away ends the program: what it would write from then on is nowhere.
func TestAProgramWhoseDatabaseIsGoneEnds(t *testing.T) {
	o := observe(t)
	l := newLookout(o.town)
	if err := l.look(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(o.options.Path, o.options.Path+".moved"); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if err := o.upkeep.each(ctx, time.Millisecond, l.look); !errors.Is(err, storage.ErrReplaced) {
		t.Errorf("it ends with %v", err)
	}
}
