package storage_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

func TestHouseRulesAreAskedOnceADayAndAgreedToWithADate(t *testing.T) {
	s := fresh(t)
	ana, _ := adopt(t, s, "ana", build(t, s))
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		for _, c := range []struct {
			at   time.Time
			want bool
		}{{noon, true}, {noon.Add(time.Hour), false}, {noon.Add(24 * time.Hour), true}} {
			got, err := tx.AskRules(ctx, ana.ID, ana.Network, c.at, c.at.Add(-24*time.Hour))
			if got != c.want || err != nil {
				t.Errorf("asked at %s: %t, %v", c.at, got, err)
			}
		}
		if err := tx.AgreeRules(ctx, ana.ID, ana.Network, 7, noon); err != nil {
			return err
		}
		if m, err := tx.Member(ctx, ana.ID); m.Rules != 7 || err != nil {
			t.Errorf("agreed to version %d, %v", m.Rules, err)
		}
		if err := tx.AgreeRules(ctx, 999, ana.Network, 7, noon); !errors.Is(err, bot.ErrNotFound) {
			t.Errorf("nobody agrees: %v", err)
		}
		return nil
	})
}

func TestAProofIsKeptAsMethodPersonAndDate(t *testing.T) {
	s := fresh(t)
	network := build(t, s)
	ana, _ := adopt(t, s, "ana", network)
	bo, _ := adopt(t, s, "bo", network)
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		want := civic.Proof{Method: civic.ProofNeighbour, By: bo.ID, At: noon}
		if err := tx.Prove(ctx, ana.ID, ana.Network, want); err != nil {
			return err
		}
		got, err := tx.ProofOf(ctx, ana.ID, ana.Network)
		if diff := cmp.Diff(want, got, cmp.Comparer(time.Time.Equal)); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
		return err
	})
}
