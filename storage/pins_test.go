package storage_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/buurtbot/buurtbot/bot"
)

func TestPinsAreKeptByCardAndRoom(t *testing.T) {
	s := fresh(t)
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		room, err := tx.Enter(ctx, bot.ChatRef{Platform: "p", ID: "kas", Kind: bot.Group}, noon)
		if err != nil {
			return err
		}
		p := bot.Pin{About: "notice/1", Chat: room.ID, Message: "m1", State: bot.PinWanted}
		newer := bot.Pin{About: "notice/1", Chat: room.ID, Message: "m2", State: bot.PinThere}
		other := bot.Pin{About: "notice/2", Chat: room.ID, Message: "m3", State: bot.PinWanted}
		if err := errors.Join(tx.SavePin(ctx, p), tx.SavePin(ctx, newer), tx.SavePin(ctx, other)); err != nil {
			return err
		}
		got, err := tx.Pins(ctx, "notice/1")
		if diff := cmp.Diff([]bot.Pin{newer}, got); diff != "" || err != nil {
			t.Errorf("%s %v", diff, err)
		}
		if err := tx.DropPin(ctx, "notice/1", room.ID); err != nil {
			return err
		}
		got, err = tx.Pins(ctx, "notice/1")
		if len(got) != 0 {
			t.Errorf("dropped, but %v", got)
		}
		return err
	})
}
