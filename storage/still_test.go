package storage_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/buurtbot/buurtbot/bot"
)

func TestMembersAreAskedWhenTheirTimeIsOver(t *testing.T) {
	s := fresh(t)
	in := build(t, s)
	ana, _ := adopt(t, s, "ana", in) // a member since noon
	const year, month = 365 * 24 * time.Hour, 30 * 24 * time.Hour
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		due := func(at time.Time, want ...bot.Silent) {
			t.Helper()
			got, err := tx.ToAsk(ctx, in.network, at.Add(-year), at.Add(-month), 10)
			if diff := cmp.Diff(want, got); diff != "" || err != nil {
				t.Errorf("%v, %s", err, diff)
			}
		}
		due(noon.Add(year))
		due(noon.Add(year+time.Minute), bot.Silent{Person: ana.ID})
		asked := noon.Add(year + time.Hour)
		if err := tx.AskedStill(ctx, ana.ID, ana.Network, 1, asked); err != nil {
			return err
		}
		due(asked.Add(month))
		due(asked.Add(month+time.Minute), bot.Silent{Person: ana.ID, Silences: 1})
		if err := tx.AskedStill(ctx, ana.ID, ana.Network, 0, asked); err != nil {
			return err
		}
		due(asked.Add(month + time.Minute))
		return tx.AskedStill(ctx, ana.ID, ana.Network, 0, asked)
	})
}
