package storage_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/buurtbot/buurtbot/bot"
)

func TestASuccessionIsDecidedOnce(t *testing.T) {
	s := fresh(t)
	chat := room(t, s, "!old", bot.Group)
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		open, err := tx.OpenSuccession(ctx, chat, bot.Successor{ID: "!new", Via: "hs.test"})
		if err != nil {
			return err
		}
		want := bot.Succession{
			ID: open.ID, Chat: chat, Next: bot.Successor{ID: "!new", Via: "hs.test"}, State: bot.SuccessionOpen, Version: 1,
		}
		if diff := cmp.Diff(want, open); diff != "" {
			t.Error(diff)
		}
		late := open
		open.State = bot.SuccessionUnder
		if err := tx.SaveSuccession(ctx, &open); err != nil {
			return err
		}
		late.State = bot.SuccessionStay
		if err := tx.SaveSuccession(ctx, &late); !errors.Is(err, bot.ErrConflict) {
			t.Errorf("a decision that came too late: %v", err)
		}
		again, err := tx.OpenSuccession(ctx, chat, open.Next) // told once more
		if err != nil {
			return err
		}
		stored, err := tx.Succession(ctx, open.ID)
		if diff := cmp.Diff([]bot.Succession{open, open}, []bot.Succession{again, stored}); diff != "" {
			t.Error(diff)
		}
		return err
	})
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		if _, err := tx.Succession(ctx, 99); !errors.Is(err, bot.ErrNotFound) {
			t.Errorf("one that is none: %v", err)
		}
		return nil
	})
}
