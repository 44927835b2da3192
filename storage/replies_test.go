package storage_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

func TestEverybodyWhoAnsweredAnAlertCountsOnce(t *testing.T) {
	s := fresh(t)
	in := build(t, s)
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		a := alertIn(in, "A-7F3K")
		if err := tx.CreateAlert(ctx, &a); err != nil {
			return err
		}
		chat, err := tx.Enter(ctx, bot.ChatRef{Platform: "sandbox", ID: "ana", Kind: bot.Private}, noon)
		if err != nil {
			return err
		}
		m, err := tx.Adopt(ctx, bot.UserRef{Platform: "sandbox", ID: "ana", Name: "Ana"}, chat.ID, in.network, noon)
		if err != nil {
			return err
		}
		err = errors.Join(tx.AddReply(ctx, a.ID, m.ID, noon.Add(time.Minute)), tx.AddReply(ctx, a.ID, m.ID, noon.Add(time.Hour)))
		got, failed := tx.Replies(ctx, a.ID)
		same(t, "replies", []time.Time{noon.Add(time.Minute)}, got)
		none, failedToo := tx.Replies(ctx, a.ID+1)
		same(t, "replies to another", []time.Time{}, none)
		return errors.Join(err, failed, failedToo)
	})
}

func TestCasesOnAnAlertAreFound(t *testing.T) {
	s := fresh(t)
	in := build(t, s)
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		a := alertIn(in, "A-7F3K")
		a.Planned, a.Photo, a.KeptWhy, a.KeptUntil = noon.Add(time.Hour), 3, "getuigen gezocht", noon.Add(2*time.Hour)
		a.Happened = noon.Add(-time.Hour)
		if err := tx.CreateAlert(ctx, &a); err != nil {
			return err
		}
		c := civic.Case{Ref: "KAS-7F3K", Network: in.network, Status: civic.InTriage, Created: noon, Changed: noon, Alert: a.ID}
		other := civic.Case{Ref: "KAS-7F3M", Network: in.network, Status: civic.InTriage, Created: noon, Changed: noon}
		if err := errors.Join(tx.CreateCase(ctx, &c), tx.CreateCase(ctx, &other)); err != nil {
			return err
		}
		got, err := tx.CasesOn(ctx, a.ID)
		same(t, "cases", []civic.Case{c}, got)
		issued, failed := tx.AlertsIssued(ctx, in.network, noon, noon.Add(time.Second))
		same(t, "issued", []civic.Alert{a}, issued)
		before, failedToo := tx.AlertsIssued(ctx, in.network, noon.Add(-time.Hour), noon)
		same(t, "issued before", 0, len(before))
		return errors.Join(err, failed, failedToo)
	})
}

func TestADeliveryThatFailedIsStoodForByAnotherLetter(t *testing.T) {
	s := fresh(t)
	in := build(t, s)
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		a := alertIn(in, "A-7F3K")
		if err := tx.CreateAlert(ctx, &a); err != nil {
			return err
		}
		d := civic.Delivery{Alert: a.ID, Notice: civic.NoticeAlarm, Nth: 1, Target: 3, Status: civic.DeliveryFailed, At: noon}
		if err := tx.Record(ctx, d); err != nil {
			return err
		}
		chat, err := tx.Enter(ctx, bot.ChatRef{Platform: "sandbox", ID: "kastanje", Kind: bot.Group}, noon)
		if err != nil {
			return err
		}
		l := bot.Letter{Chat: chat.ID, Lane: bot.LaneUrgent, Message: bot.Message{Text: "Let op"}}
		if err := tx.Enqueue(ctx, &l); err != nil {
			return err
		}
		d.Chat, d.Letter, d.At = chat.ID, l.ID, noon.Add(time.Minute)
		if err := tx.Redeliver(ctx, d); err != nil {
			return err
		}
		got, err := tx.Deliveries(ctx, a.ID, civic.NoticeAlarm, 1)
		d.Status = civic.DeliveryPending
		same(t, "deliveries", []civic.Delivery{d}, got)
		d.Target = 4
		if err := tx.Redeliver(ctx, d); !errors.Is(err, bot.ErrNotFound) {
			t.Errorf("a delivery that there is not: %v", err)
		}
		return err
	})
}
