package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/robfig/cron/v3"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/flows"
	"github.com/buurtbot/buurtbot/storage"
)

// A machine that is off at the hour of the copies makes up for them, once; what failed is tried again and counts as not done.
func TestWorkThatWasMissedOrFailedIsDoneLater(t *testing.T) {
	o := observe(t)
	schedule, err := cron.ParseStandard("30 4 * * *")
	if err != nil {
		t.Fatal(err)
	}
	done, broken := 0, errors.New("no room")
	var fails error
	come := func(want int, wantErr error) {
		t.Helper()
		err := o.upkeep.once(t.Context(), backupWork, schedule, func(context.Context) error { done++; return fails })
		if !errors.Is(err, wantErr) || done != want {
			t.Errorf("at %s: done %d times, %v; want %d, %v", o.at.Format("2 15:04"), done, err, want, wantErr)
		}
	}
	at := func(day, hour int) { o.at = time.Date(2026, 10, day, hour, 0, 0, 0, time.UTC) }
	at(10, 9)
	come(0, nil) // it begins to count
	at(10, 18)
	come(0, nil)
	at(11, 9) // it was off in the night
	come(1, nil)
	come(1, nil)
	at(15, 9) // and for some nights
	come(2, nil)
	come(2, nil)
	at(16, 9)
	fails = broken
	come(3, broken)
	come(4, broken)
	fails = nil
	come(5, nil)
	come(5, nil)
}

// touch makes files in a folder.
func touch(t *testing.T, dir string, names ...string) {
	t.Helper()
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func filesIn(t *testing.T, dir string) (names []string) {
	t.Helper()
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		names = append(names, f.Name())
	}
	return names
}

// confirmed is a clock that others confirm.
func confirmed(time.Time) bool { return true }

// Nothing that was erased is in a copy for longer than was promised, and nothing half made stays.
func TestCopiesGoWhenTheirTimeIsOver(t *testing.T) {
	home := t.TempDir()
	backups := filepath.Join(home, "backups")
	known := true
	u := &upkeep{
		now:  func() time.Time { return time.Date(2026, 10, 20, 4, 30, 0, 0, time.UTC) },
		sure: func(time.Time) bool { return known },
	}
	u.config.Storage.Path, u.config.Backup.Dir = filepath.Join(home, "bin.db"), backups
	touch(t, home, "bin.db", "other.db.before-restore-20260101T000000Z", "bin.db.before-meeting",
		"bin.db.before-restore-20261012T042900Z", "bin.db.before-restore-20261012T042900Z-wal", "bin.db.before-restore-20261018T000000Z",
		"bin.db.before-schema-30-20260912T000000Z", "bin.db.before-restore-20261012T042900Z-2",
		"bin.db.restore.before-schema-30-20260912T000000Z")
	touch(t, backups, "erasures.json", "buurtbot-20261006T043000Z.db", "buurtbot-20261006T180000Z.db.age",
		"buurtbot-20261019T043000Z.db.part", "buurtbot-20261018T043000Z.db.age.plain", "buurtbot-20261018T043000Z.db.age.plain.part",
		"buurtbot-20261018T043000Z.db.part-journal", "buurtbot-20261018T043000Z.db.age", "buurtbot-mine.db")
	touch(t, filepath.Join(backups, ".buurtbot-123"), "plain.db", "in-use.lock")
	touch(t, filepath.Join(home, ".buurtbot-7"), "plain.db", "in-use.lock")
	if err := u.sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	want := []string{"backups", "bin.db", "bin.db.before-meeting", "bin.db.before-restore-20261018T000000Z", "other.db.before-restore-20260101T000000Z"}
	if got := filesIn(t, home); !slices.Equal(got, want) {
		t.Errorf("beside the database: %q", got)
	}
	want = []string{"buurtbot-20261006T180000Z.db.age", "buurtbot-20261018T043000Z.db.age", "buurtbot-mine.db", "erasures.json"}
	if got := filesIn(t, backups); !slices.Equal(got, want) {
		t.Errorf("backups: %q", got)
	}
	u.now = func() time.Time { return time.Date(2027, 10, 20, 4, 30, 0, 0, time.UTC) }
	known = false // the clock may be wrong
	if err := u.sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := filesIn(t, backups); !slices.Equal(got, want) {
		t.Errorf("by a clock that nobody confirms: %q", got)
	}
	known = true
	if err := u.sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	want = []string{"buurtbot-20261018T043000Z.db.age", "buurtbot-mine.db", "erasures.json"}
	if got := filesIn(t, backups); !slices.Equal(got, want) {
		t.Errorf("a year later: %q", got)
	}
}

// Operators hear that no copy is made, once a day while it lasts, and that there is one again.
func TestOperatorsHearThatNoCopyIsMade(t *testing.T) {
	o := observe(t)
	o.upkeep.config.Backup.Dir, o.upkeep.config.Schedules.Backup = t.TempDir(), "30 4 * * *"
	l := newLookout(o.town)
	look := func(later time.Duration, says string) {
		t.Helper()
		before := o.reads()
		o.at = o.at.Add(later)
		o.far.heard, l.heard = o.at, o.at // it was heard all the time
		if err := l.look(t.Context()); err != nil {
			t.Fatal(err)
		}
		got := strings.TrimPrefix(o.reads(), before)
		if says == "" && got != "" || !strings.Contains(got, says) {
			t.Errorf("after %v: %q, want %q", later, got, says)
		}
	}
	took := func() {
		t.Helper()
		err := o.store.Do(t.Context(), func(tx bot.Tx) error {
			_, err := tx.RunSlot(t.Context(), backupWork, o.at.String(), o.at)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	look(30*time.Hour, "") // it never began
	took()
	look(25*time.Hour, "")
	ahead := filepath.Join(o.upkeep.config.Backup.Dir, "buurtbot-20371018T043000Z.db")
	if err := os.WriteFile(ahead, nil, 0o600); err != nil { // made while the clock was wrong
		t.Fatal(err)
	}
	look(2*time.Hour, "geen reservekopie gelukt")
	look(time.Hour, "")
	look(24*time.Hour, "geen reservekopie gelukt")
	took()
	look(time.Hour, "weer een verse reservekopie")
	look(time.Hour, "")
	l.house.since = o.at.Add(50 * time.Hour)
	look(50*time.Hour, "") // it has just started, and makes up for what it missed
}

func TestOperatorsHearThatTheLogGrows(t *testing.T) {
	o := observe(t)
	h := housekeeping{since: o.at}
	told := ""
	for _, c := range []struct {
		later time.Duration
		log   int64
		says  string
	}{
		{0, 65 << 20, ""},
		{time.Minute, 64 << 20, ""},
		{time.Minute, 65 << 20, ""},
		{6 * time.Minute, 65 << 20, "groter dan 64 MB"},
		{time.Hour, 65 << 20, ""},
		{24 * time.Hour, 65 << 20, "groter dan 64 MB"},
	} {
		o.at = o.at.Add(c.later)
		if err := h.look(t.Context(), o.town, storage.Gauges{Log: c.log}); err != nil {
			t.Fatal(err)
		}
		got := strings.TrimPrefix(o.reads(), told)
		told += got
		if c.says == "" && got != "" || !strings.Contains(got, c.says) {
			t.Errorf("%d bytes after %v: %q", c.log, c.later, got)
		}
	}
}

// A copy that would not come back is noticed before somebody needs it.
func TestARestoreIsRehearsed(t *testing.T) {
	t.Chdir(t.TempDir())
	if got := play(t, nil, "invite", "--role", "admin"); got.code != exitFine { // makes the database
		t.Fatalf("invite: %+v", got)
	}
	c, err := LoadConfig("", nil)
	if err != nil {
		t.Fatal(err)
	}
	sh := shell{ctx: t.Context()}
	err = sh.withStore(c, func(store *storage.Store) error {
		at := time.Now()
		u := &upkeep{config: c, store: store, now: func() time.Time { return at }, sure: confirmed}
		told := func() int {
			var timers []bot.Timer
			err := store.View(t.Context(), func(tx bot.Tx) (err error) {
				timers, err = tx.Timers(t.Context(), flows.OpsNotice, flows.OpsDrill)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			return len(timers)
		}
		for name, prepare := range map[string]func() error{
			"no copy yet": func() error { return nil },
			"a copy":      func() error { return u.copy(t.Context()) },
		} {
			if err := errors.Join(prepare(), u.drill(t.Context())); err != nil || told() != 0 {
				t.Errorf("%s: %v, told %d times", name, err, told())
			}
		}
		copies, err := nightlyCopies(c.Backup.Dir)
		if err != nil || len(copies) != 1 {
			t.Fatalf("copies: %v, %v", copies, err)
		}
		if err := os.Truncate(copies[0], 9000); err != nil {
			return err
		}
		if err := u.drill(t.Context()); !errors.Is(err, storage.ErrCorrupt) || told() != 1 {
			t.Errorf("half a copy: %v, told %d times", err, told())
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if rooms, err := filepath.Glob(".buurtbot-*"); err != nil || len(rooms) > 0 {
		t.Errorf("left behind: %v, %v", rooms, err)
	}
}

// Where copies are made once a week, nobody is told each day that there is none.
func TestACopyMayBeAsOldAsItsScheduleMakesIt(t *testing.T) {
	var c Config
	c.Network.Zone = time.UTC
	now := time.Date(2026, 10, 14, 12, 0, 0, 0, time.UTC)
	for spec, want := range map[string]time.Duration{
		"30 4 * * *": 26 * time.Hour, "0 * * * *": 26 * time.Hour, "30 4 * * 0": 170 * time.Hour, "30 4 * * 1-5": 74 * time.Hour, "?": 26 * time.Hour,
	} {
		c.Schedules.Backup = spec
		if got := copyAge(c, now); got != want {
			t.Errorf("%s: %v, want %v", spec, got, want)
		}
	}
}

func TestOperatorsHearThatTheDiskIsSlow(t *testing.T) {
	o := observe(t)
	h := housekeeping{since: o.at}
	for _, c := range []struct {
		later  time.Duration
		commit time.Duration
		told   int
	}{
		{0, 300 * time.Millisecond, 0},
		{50 * time.Second, 200 * time.Millisecond, 0},
		{20 * time.Second, 300 * time.Millisecond, 0},
		{70 * time.Second, 300 * time.Millisecond, 1},
		{time.Hour, 300 * time.Millisecond, 1},
		{24 * time.Hour, 300 * time.Millisecond, 2},
	} {
		o.at = o.at.Add(c.later)
		if err := h.look(t.Context(), o.town, storage.Gauges{Commit: c.commit}); err != nil {
			t.Fatal(err)
		}
		if got := strings.Count(o.reads(), "De schijf van de bot is traag"); got != c.told {
			t.Errorf("%v a commit after %v: told %d times, want %d", c.commit, c.later, got, c.told)
		}
	}
}
