package storage_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

func TestTheLedgerTakesADeliveryOnce(t *testing.T) {
	s := fresh(t)
	in := build(t, s)
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		room, err := tx.Enter(ctx, bot.ChatRef{Platform: "p", ID: "kas", Kind: bot.Group, Title: "Kastanje"}, noon)
		if err != nil {
			return err
		}
		target := civic.Target{Group: in.group, Kind: civic.TargetGroup, Chat: room.ID}
		if err := tx.SaveTarget(ctx, &target); err != nil {
			return err
		}
		a := civic.Alert{
			Ref: "A-7F3K", Network: in.network, Kind: civic.UrgentAlert, Status: civic.AlertActive,
			Text: "Let op", Areas: []civic.AreaID{in.group}, Until: noon.Add(time.Hour), Issuer: 1, Issued: noon,
		}
		if err := tx.CreateAlert(ctx, &a); err != nil {
			return err
		}
		letter := bot.Letter{Chat: room.ID, Op: bot.OpPost, Expires: noon.Add(time.Hour), Message: bot.Message{Text: "Let op"}}
		if err := tx.Enqueue(ctx, &letter); err != nil {
			return err
		}
		d := civic.Delivery{Alert: a.ID, Notice: civic.NoticeAlarm, Target: target.ID, Chat: room.ID, Letter: letter.ID, At: noon}
		if err := tx.Record(ctx, d); err != nil {
			return err
		}
		if err := tx.Record(ctx, d); !errors.Is(err, bot.ErrConflict) {
			t.Errorf("recorded twice: %v", err)
		}
		if _, err := tx.Claim(ctx, []int64{letter.ID}, noon); err != nil {
			return err
		}
		if _, err := tx.Settle(ctx, letter.ID, bot.Fate{State: bot.LetterSent, Message: "1", At: noon}); err != nil {
			return err
		}
		w, err := tx.World(ctx, in.network, a.ID)
		if err != nil || len(w.Ledger) != 1 || w.Ledger[0].Status != civic.DeliverySent || len(w.Targets) != 1 || len(w.Areas) != 3 {
			t.Errorf("world %+v, %v", w, err)
		}
		return nil
	})
}
