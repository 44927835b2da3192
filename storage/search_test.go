package storage_test

import (
	"context"
	"testing"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

func TestCasesAreFoundByStreetCategoryAndTimeNewestFirst(t *testing.T) {
	s := fresh(t)
	in := build(t, s)
	old, mid, late := opened(t, s, in, "KAS-1", noon), opened(t, s, in, "KAS-2", noon.Add(time.Hour)), opened(t, s, in, "KAS-3", noon.Add(2*time.Hour))
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		mid.Street, late.Category, old.Status = 0, civic.Traffic, civic.Closed
		for _, c := range []*civic.Case{&old, &mid, &late} {
			if err := tx.SaveCase(ctx, c); err != nil {
				return err
			}
		}
		for _, want := range []struct {
			name   string
			search civic.Search
			cases  []civic.Case
		}{
			{"all", civic.Search{}, []civic.Case{late, mid, old}},
			{"street", civic.Search{Streets: []civic.AreaID{in.street}}, []civic.Case{late, old}},
			{"category", civic.Search{Category: civic.Traffic}, []civic.Case{late}},
			{"since", civic.Search{Since: noon.Add(time.Hour)}, []civic.Case{late, mid}},
		} {
			want.search.Network, want.search.Reader = in.network, everything(in)
			list, err := tx.FindCases(ctx, want.search, 9)
			if err != nil {
				return err
			}
			same(t, want.name, want.cases, list)
		}
		return nil
	})
}
