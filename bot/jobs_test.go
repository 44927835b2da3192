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
)

// A job of every network runs at the hour that its own clock shows, once a day, also over a restart; a job of the program
// runs once, by the clock of the first.
func TestJobsRunByTheClockOfTheirNetwork(t *testing.T) {
	now := time.Date(2025, 10, 14, 6, 0, 0, 0, time.UTC)
	store, err := storage.Open(t.Context(), storage.Options{
		Path: filepath.Join(t.TempDir(), "jobs.db"), AuditKey: []byte("jobs"), Now: func() time.Time { return now },
	})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	texts, err := locales.Load()
	if err != nil {
		t.Fatal(err)
	}
	err = store.Do(t.Context(), func(tx bot.Tx) error {
		for _, zone := range []string{"Europe/Amsterdam", "America/Curacao"} {
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
