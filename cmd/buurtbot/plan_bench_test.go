package main

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
	"github.com/buurtbot/buurtbot/bot/sandbox"
	"github.com/buurtbot/buurtbot/bot/telegram"
	"github.com/buurtbot/buurtbot/flows"
	"github.com/buurtbot/buurtbot/storage"
)

// Who would hear of an alert, from the database to the plan: an officer waits for that. The goal is 50 ms for 5,000 members of
// 500 street groups, each of whom is told alone.
func BenchmarkPlanFromStorage(b *testing.B) {
	const members, groups = 5000, 500
	ctx, now := context.Background(), time.Now()
	store, err := storage.Open(ctx, storage.Options{
		Path: filepath.Join(b.TempDir(), "town.db"), AuditKey: make([]byte, 32), Sync: storage.SyncOff,
	})
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = store.Close() }()
	w := townOf(members, groups)
	for i := range w.Groups {
		w.Groups[i].Room = ""
	}
	if err := sandbox.Seed(ctx, store, telegram.Name, w, now); err != nil {
		b.Fatal(err)
	}
	a := civic.Alert{
		Ref: "A-7F3K", Kind: civic.UrgentAlert, Status: civic.AlertActive, Text: "Er is een gaslek. Blijf binnen.",
		Until: now.Add(time.Hour), Issued: now, Sender: civic.Police,
	}
	if err := store.Do(ctx, func(tx bot.Tx) error {
		networks, err := tx.Networks(ctx)
		if err != nil {
			return err
		}
		police, err := tx.Holders(ctx, civic.Police, civic.Scope{Network: networks[0].ID}, now.Add(time.Second))
		if err != nil {
			return err
		}
		a.Network, a.Areas, a.Issuer = networks[0].ID, []civic.AreaID{networks[0].ID}, police[0]
		return tx.CreateAlert(ctx, &a)
	}); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if err := store.View(ctx, func(tx bot.Tx) error {
			planned, err := flows.PlanAlert(ctx, tx, a.Ref, now)
			if err == nil && len(planned.Plan.Tell) != members {
				b.Fatalf("%d are told", len(planned.Plan.Tell))
			}
			return err
		}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Milliseconds())/float64(b.N), "ms/plan")
}
