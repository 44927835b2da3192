package bot_test

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
	"github.com/buurtbot/buurtbot/locales"
	"github.com/buurtbot/buurtbot/storage"
	"github.com/buurtbot/buurtbot/storage/storagetest"
)

// A job of every network runs at the hour that its own clock shows, once a day, also over a restart; a job of the program
// runs once, by the clock of the first.
func TestJobsRunByTheClockOfTheirNetwork(t *testing.T) {
	now := time.Date(2025, 10, 14, 6, 0, 0, 0, time.UTC)
	store, texts := networksIn(t, func() time.Time { return now }, "Europe/Amsterdam", "America/Curacao")
	var ran []string
	note := func(name string) func(context.Context, *bot.Turn) error {
		return func(_ context.Context, turn *bot.Turn) error {
			ran = append(ran, name+" "+turn.Network.Name+" "+turn.Now.In(turn.Zone()).Format("15:04"))
			return nil
		}
	}
	for range 2 {
		e := bot.New(store, texts, nil, bot.Feature{Name: "jobs", Jobs: []bot.Job{
			{Name: "each", Spec: "0 9 * * *", Each: true, Do: note("each")}, {Name: "one", Spec: "0 9 * * *", Do: note("one")},
		}})
		e.Now = func() time.Time { return now }
		for range 30 * 2 {
			if err := e.Tick(t.Context()); err != nil {
				t.Fatal(err)
			}
			now = now.Add(30 * time.Minute)
		}
	}
	day := []string{"each Europe/Amsterdam 09:00", "one Europe/Amsterdam 09:00", "each America/Curacao 09:00"}
	want := append(append(append([]string{}, day...), day...), day...)
	if diff := cmp.Diff(want[:len(ran)], ran); diff != "" || len(ran) < 6 {
		t.Errorf("%v: %s", ran, diff)
	}
}

// A slot in an hour that the clock skips runs at the first moment after it, one in an hour that comes twice runs once, and
// one that was missed while nothing ran is made up for once (reliability.md, D3 to D5). Beirut skips midnight itself.
func TestASlotOfAnHourThatIsMissingOrComesTwiceRunsOnce(t *testing.T) {
	for _, c := range []struct{ what, zone, spec, from, until, want string }{
		{"skipped", "Europe/Amsterdam", "30 2 * * *", "2027-03-28T00:00", "2027-03-29T01:00", "2027-03-28T03:00"},
		{"twice", "Europe/Amsterdam", "30 2 * * *", "2026-10-25T00:00", "2026-10-26T01:00", "2026-10-25T02:30"},
		{"no midnight", "Asia/Beirut", "0 0 * * *", "2026-03-28T12:00", "2026-03-29T12:00", "2026-03-29T01:00"},
		{"no hour in Cairo", "Africa/Cairo", "15 0 * * *", "2026-04-23T12:00", "2026-04-24T12:00", "2026-04-24T01:00"},
		{"Santiago", "America/Santiago", "30 0 * * *", "2026-09-05T12:00", "2026-09-06T12:00", "2026-09-06T01:00"},
	} {
		zone, err := time.LoadLocation(c.zone)
		if err != nil {
			t.Fatal(err)
		}
		at := func(clock string) time.Time {
			moment, err := time.ParseInLocation("2006-01-02T15:04", clock, zone)
			if err != nil {
				t.Fatal(err)
			}
			return moment
		}
		ran := slotsOf(t, zone, c.spec, at(c.from), at(c.until))
		if diff := cmp.Diff([]string{c.want}, ran); diff != "" {
			t.Errorf("%s: %s", c.what, diff)
		}
	}
}

// slotsOf runs a job with a clock that goes by in steps of half an hour, and tells when it ran by the clock on the wall.
func slotsOf(t *testing.T, zone *time.Location, spec string, from, until time.Time) (ran []string) {
	t.Helper()
	now := from
	store, texts := networksIn(t, func() time.Time { return now }, zone.String())
	e := bot.New(store, texts, nil, bot.Feature{Name: "jobs", Jobs: []bot.Job{{
		Name: "job", Spec: spec, Do: func(_ context.Context, turn *bot.Turn) error {
			ran = append(ran, turn.Now.In(zone).Format("2006-01-02T15:04"))
			return nil
		},
	}}})
	e.Now = func() time.Time { return now }
	for ; now.Before(until); now = now.Add(30 * time.Minute) {
		if err := e.Tick(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	return ran
}

// networksIn is a database with a network in each of the zones, named after it.
func networksIn(t *testing.T, now func() time.Time, zones ...string) (*storage.Store, *locales.Texts) {
	t.Helper()
	store, err := storagetest.Open(t.Context(), storage.Options{
		Path: filepath.Join(t.TempDir(), "jobs.db"), AuditKey: []byte("jobs"), Now: now,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	err = store.Do(t.Context(), func(tx bot.Tx) error {
		for _, zone := range zones {
			place, err := time.LoadLocation(zone)
			if err != nil {
				return err
			}
			n := civic.Network{Name: zone, Profile: "nl", Zone: place, Languages: []string{"nl"}}
			if err := tx.SaveNetwork(t.Context(), &n); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	texts, err := locales.Load()
	if err != nil {
		t.Fatal(err)
	}
	return store, texts
}
