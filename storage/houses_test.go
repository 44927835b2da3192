package storage_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

func TestAHouseKeepsItsKeyUntilItIsLost(t *testing.T) {
	s := fresh(t)
	in := build(t, s)
	chat := room(t, s, "!street", bot.Group)
	want := func(key string) bot.House {
		return bot.House{Area: in.group, Kind: bot.HouseStreet, Platform: "telegram", Key: key}
	}
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		first, again := want("one"), want("two")
		if err := errors.Join(tx.WantHouse(ctx, &first), tx.WantHouse(ctx, &again)); err != nil {
			return err
		}
		if again.Key != "one" || again.ID != first.ID {
			t.Errorf("asked for again it is %+v", again)
		}
		if err := tx.MadeHouse(ctx, first.ID, chat); err != nil {
			return err
		}
		first.Chat = chat
		byID, err1 := tx.House(ctx, first.ID)
		byChat, err2 := tx.HouseOf(ctx, chat)
		byArea, err3 := tx.HouseIn(ctx, in.group, bot.HouseStreet)
		if diff := cmp.Diff([]bot.House{first, first, first}, []bot.House{byID, byChat, byArea}); diff != "" {
			t.Error(diff)
		}
		return errors.Join(err1, err2, err3)
	})
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		if err := tx.Reach(ctx, chat, false, "kicked", noon); err != nil {
			return err
		}
		anew := want("three")
		err := tx.WantHouse(ctx, &anew)
		if anew.Key != "three" || anew.Chat != 0 {
			t.Errorf("after it was lost it is %+v", anew)
		}
		if _, err := tx.HouseOf(ctx, chat); !errors.Is(err, bot.ErrNotFound) {
			t.Errorf("the lost one: %v", err)
		}
		return err
	})
}

// Who is in the room of their street is not told one by one, until they leave it or it is lost; and direct messages that
// are for one network go to its people only.
func TestWhoIsInTheRoomIsToldThere(t *testing.T) {
	s := fresh(t)
	in := build(t, s)
	ana, _ := adopt(t, s, "ana", in)
	chat := room(t, s, "!street", bot.Group)
	listens := func(why string, want bool) {
		t.Helper()
		do(t, s, func(ctx context.Context, tx bot.Tx) error {
			w, err := tx.World(ctx, in.network, 0)
			is := slices.ContainsFunc(w.Listeners, func(l civic.Listener) bool { return l.Person == ana.ID })
			if is != want {
				t.Errorf("%s she is told one by one: %t", why, is)
			}
			return err
		})
	}
	change := func(fn func(ctx context.Context, tx bot.Tx) error) { t.Helper(); do(t, s, fn) }
	direct := civic.Target{Group: in.group, Kind: civic.TargetDirect, Platform: "p"}
	change(func(ctx context.Context, tx bot.Tx) error {
		m := ana
		m.Network, m.Group, m.Standing = in.network, in.group, civic.StandingActive
		street := civic.Target{Group: in.group, Kind: civic.TargetChannel, Chat: chat, Rolled: true}
		return errors.Join(tx.SaveMember(ctx, m, noon), tx.SaveTarget(ctx, &direct), tx.SaveTarget(ctx, &street))
	})
	listens("outside", true)
	change(func(ctx context.Context, tx bot.Tx) error {
		first, err1 := tx.Enters(ctx, chat, ana.ID)
		again, err2 := tx.Enters(ctx, chat, ana.ID)
		if !first || again {
			t.Errorf("entering changes something: %t, then %t", first, again)
		}
		return errors.Join(err1, err2)
	})
	listens("inside", false)
	change(func(ctx context.Context, tx bot.Tx) error { return tx.Reach(ctx, chat, false, "kicked", noon) })
	listens("when the room is lost", true)
	change(func(ctx context.Context, tx bot.Tx) error {
		first, err1 := tx.Leaves(ctx, chat, ana.ID)
		again, err2 := tx.Leaves(ctx, chat, ana.ID)
		if !first || again {
			t.Errorf("leaving changes something: %t, then %t", first, again)
		}
		return errors.Join(err1, err2, tx.Reach(ctx, chat, true, "", noon))
	})
	listens("gone", true)
	change(func(ctx context.Context, tx bot.Tx) error {
		direct.Platform = "matrix"
		return tx.SaveTarget(ctx, &direct)
	})
	listens("on another network", false)
}
