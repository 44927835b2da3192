package storage_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// Several alerts in one letter each have their row in the ledger, and follow the letter until they are taken out of it.
func TestALetterMayTellSeveralAlerts(t *testing.T) {
	s := fresh(t)
	in := build(t, s)
	ana, chat := adopt(t, s, "ana", in)
	letter := post(t, s, bot.Letter{Chat: chat, Lane: bot.LaneRoutine, Card: "digest/1", Message: bot.Message{Text: "day"}})
	other := post(t, s, bot.Letter{Chat: chat, Lane: bot.LaneRoutine, Card: "notice/9"})
	var ids []int64
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		for i, ref := range []string{"A-7F3K", "A-8G4L", "A-9H5M"} {
			a := alertIn(in, ref)
			if err := tx.CreateAlert(ctx, &a); err != nil {
				return err
			}
			ids = append(ids, a.ID)
			d := civic.Delivery{Alert: a.ID, Notice: civic.NoticeAlarm, Target: 1, Person: ana.ID, Chat: chat, Letter: letter, At: noon}
			if i == 2 {
				d.Letter = other
			}
			if err := tx.Record(ctx, d); err != nil {
				return err
			}
		}
		return nil
	})
	look := func(alert int64) (bundled []int64, at []bot.Bundle, status civic.DeliveryStatus) {
		t.Helper()
		do(t, s, func(ctx context.Context, tx bot.Tx) (err error) {
			if bundled, err = tx.Bundled(ctx, letter); err != nil {
				return err
			}
			if at, err = tx.BundlesOf(ctx, alert, "digest"); err != nil {
				return err
			}
			heard, err := tx.Deliveries(ctx, alert, civic.NoticeAlarm, 1)
			status = heard[0].Status
			return err
		})
		return bundled, at, status
	}
	waits := bot.Bundle{Letter: letter, Chat: chat, Card: "digest/1", State: bot.LetterPending}
	bundled, at, _ := look(ids[0])
	if diff := cmp.Diff([]any{ids[:2], []bot.Bundle{waits}}, []any{bundled, at}); diff != "" {
		t.Errorf("while it waits (-want +got):\n%s", diff)
	}
	if _, at, _ := look(ids[2]); len(at) != 0 {
		t.Errorf("one that is told by itself is in %v", at)
	}
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		if waiting, err := tx.WaitingCard(ctx, "digest/1", chat); err != nil || waiting != letter {
			t.Errorf("letter %d waits, %v", waiting, err)
		}
		if waiting, err := tx.WaitingCard(ctx, "digest/2", chat); err != nil || waiting != 0 {
			t.Errorf("letter %d waits, %v", waiting, err)
		}
		if err := tx.Unbundle(ctx, ids[0], letter); err != nil {
			return err
		}
		letters, err := tx.Claim(ctx, []int64{letter}, noon)
		if err != nil || len(letters) != 1 {
			t.Fatalf("%v, %v", letters, err)
		}
		_, err = tx.Settle(ctx, letter, bot.Fate{State: bot.LetterSent, Message: "m7", At: noon})
		return err
	})
	if bundled, at, status := look(ids[0]); len(at) != 0 || status != civic.DeliverySuperseded {
		t.Errorf("taken out, and yet %v, %v, %s", bundled, at, status)
	}
	waits.State, waits.Message = bot.LetterSent, "m7"
	bundled, at, status := look(ids[1])
	if diff := cmp.Diff([]any{ids[1:2], []bot.Bundle{waits}, civic.DeliverySent}, []any{bundled, at, status}); diff != "" {
		t.Errorf("once it is sent (-want +got):\n%s", diff)
	}
}
