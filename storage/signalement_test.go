package storage_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

func TestSignalementComesBackAsItWasToldAndGoesWithTheText(t *testing.T) {
	s := fresh(t)
	in := build(t, s)
	m, _ := adopt(t, s, "ana", in)
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		c := civic.Case{
			Ref: "KAS-7F3K", Network: in.network, Group: in.group, Street: in.street, Status: civic.Received,
			Category: civic.Theft, Urgency: civic.Normal, Verification: civic.Unverified, Created: noon, Changed: noon,
		}
		if err := tx.CreateCase(ctx, &c); err != nil {
			return err
		}
		open, closed, spoken := civic.Photo{Owner: 1}, civic.Photo{Owner: 1}, civic.Photo{Owner: 1}
		for _, p := range []*civic.Photo{&open, &closed, &spoken} {
			if err := tx.AddPhoto(ctx, p); err != nil {
				return err
			}
		}
		r := civic.Report{
			Case: c.ID, Reporter: m.ID, Alias: 1, Text: "fiets weg", Filed: noon, Kind: civic.Addition,
			Extra:    []civic.Told{{Label: "Hoe", Words: "via de deur"}},
			Persons:  []civic.Person{{Gender: "man", Top: "rode jas", SkinTone: "light"}},
			Vehicles: []civic.Vehicle{{Kind: "van", Plate: "12-ABC-3"}},
			Police:   "Sjaak", AboutMember: true, OnBehalf: true,
			Photos: []int64{open.ID}, PolicePhotos: []int64{closed.ID}, Recordings: []int64{spoken.ID},
		}
		if err := tx.AddReport(ctx, &r); err != nil {
			return err
		}
		got, err := tx.Reports(ctx, c.ID)
		if diff := cmp.Diff([]civic.Report{r}, got); err != nil || diff != "" {
			t.Errorf("%v %s", err, diff)
		}
		if err := tx.EraseReports(ctx, c.ID); err != nil {
			return err
		}
		got, err = tx.Reports(ctx, c.ID)
		want := []civic.Report{{ID: r.ID, Case: c.ID, Alias: 1, Kind: civic.Addition, AboutMember: true, Filed: noon}}
		if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); err != nil || diff != "" {
			t.Errorf("after erasing: %v %s", err, diff)
		}
		return nil
	})
}
