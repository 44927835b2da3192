package storage_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

func TestLinesAndBordersComeBackAsTheyWere(t *testing.T) {
	s := fresh(t)
	in := build(t, s)
	border := orb.MultiPolygon{{{{5.60, 51.60}, {5.61, 51.60}, {5.61, 51.61}, {5.60, 51.60}}}}
	lines := orb.MultiLineString{{{5.60, 51.60}, {5.61, 51.60}}, {{5.61, 51.60}, {5.62, 51.61}}}
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		for id, change := range map[civic.AreaID]func(*civic.Area){
			in.network: func(a *civic.Area) { a.Border = border },
			in.group:   func(a *civic.Area) { a.Border = border },
			in.street:  func(a *civic.Area) { a.Lines = lines },
		} {
			a, err := tx.Area(ctx, id)
			if err != nil {
				return err
			}
			change(&a)
			if err := tx.SaveArea(ctx, &a); err != nil {
				return err
			}
		}
		return nil
	})
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		areas, err := tx.Areas(ctx, in.network)
		if err != nil {
			return err
		}
		if diff := cmp.Diff([]orb.MultiPolygon{border, border, nil}, []orb.MultiPolygon{areas[0].Border, areas[1].Border, areas[2].Border}); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff(lines, areas[2].Lines); diff != "" {
			t.Error(diff)
		}
		return nil
	})
}

func TestWhoLivesInAStreetGoesAlongToItsNewStreetGroup(t *testing.T) {
	s := fresh(t)
	in := build(t, s)
	resident, _ := adopt(t, s, "ana", in)
	neighbour, _ := adopt(t, s, "bo", town{in.network, in.group, 0})
	var other civic.AreaID
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		g := civic.Area{Parent: in.network, Network: in.network, Kind: civic.KindGroup, Name: "Meidoorn", Code: "MEI1", Prefix: "MEI"}
		if err := tx.SaveArea(ctx, &g); err != nil {
			return err
		}
		other = g.ID
		street, err := tx.Area(ctx, in.street)
		if err != nil {
			return err
		}
		street.Parent = g.ID
		return tx.SaveArea(ctx, &street)
	})
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		for person, want := range map[int64]civic.AreaID{resident.ID: other, neighbour.ID: in.group} {
			if m, err := tx.Member(ctx, person); err != nil || m.Group != want {
				t.Errorf("person %d is in group %d, %v", person, m.Group, err)
			}
		}
		return nil
	})
}

func TestLandmarksAreStoredWithTheirNames(t *testing.T) {
	s := fresh(t)
	in := build(t, s)
	shop := civic.Landmark{Network: in.network, Name: "Albert Heijn", Also: []string{"AH", "Appie"}, At: orb.Point{5.6021, 51.6051}}
	twin := civic.Landmark{Network: in.network, Name: "Albert Heijn", At: orb.Point{5.61, 51.61}}
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		if none, err := tx.Landmarks(ctx, in.network); err != nil || len(none) != 0 {
			t.Errorf("%v, %v", none, err)
		}
		return errors.Join(tx.SaveLandmark(ctx, &shop), tx.SaveLandmark(ctx, &twin))
	})
	shop.At = orb.Point{5.6022, 51.6051}
	do(t, s, func(ctx context.Context, tx bot.Tx) error { return tx.SaveLandmark(ctx, &shop) })
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		known, err := tx.Landmarks(ctx, in.network)
		if diff := cmp.Diff([]civic.Landmark{shop, twin}, known); diff != "" || err != nil {
			t.Error(diff, err)
		}
		if err := tx.SaveLandmark(ctx, &civic.Landmark{ID: 99, Network: in.network}); !errors.Is(err, bot.ErrNotFound) {
			t.Errorf("one that is not there: %v", err)
		}
		return nil
	})
}

func TestBroughtAreThoseWhoLiveInAStreetOfAnotherGroup(t *testing.T) {
	s := fresh(t)
	in := build(t, s)
	m, _ := adopt(t, s, "ana", in)
	bo, _ := adopt(t, s, "bo", in)
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		bo.Street, bo.Group = 0, in.group
		if err := tx.SaveMember(ctx, bo, noon); err != nil {
			return err
		}
		m.Street, m.Group = in.street, in.group
		if err := tx.SaveMember(ctx, m, noon); err != nil {
			return err
		}
		stay, err := tx.Brought(ctx, in.street, in.group)
		if err != nil || len(stay) != 0 {
			t.Errorf("%v, %v", stay, err)
		}
		come, err := tx.Brought(ctx, in.street, in.network)
		if diff := cmp.Diff([]bot.Resident{{Person: m.ID, Group: in.group}}, come); diff != "" {
			t.Error(diff)
		}
		return err
	})
}
