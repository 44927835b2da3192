package storage_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

func TestCasesKeepTheirVersion(t *testing.T) {
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
		twin := c
		if err := tx.CreateCase(ctx, &twin); !errors.Is(err, bot.ErrConflict) {
			t.Errorf("a reference given twice: %v", err)
		}
		stale := c
		c.Status = civic.InTriage
		if err := tx.SaveCase(ctx, &c); err != nil {
			return err
		}
		if err := tx.SaveCase(ctx, &stale); !errors.Is(err, bot.ErrConflict) {
			t.Errorf("an old version saved: %v", err)
		}
		photo := civic.Photo{Owner: 1}
		if err := tx.AddPhoto(ctx, &photo); err != nil {
			return err
		}
		point := orb.Point{5.6, 51.6}
		r := civic.Report{
			Source: civic.SourceTold,
			Case:   c.ID, Reporter: m.ID, Alias: 1, Text: "fiets weg", When: civic.Earlier, Filed: noon,
			Place: civic.Place{Street: in.street, Point: &point}, Photos: []int64{photo.ID},
		}
		if err := tx.AddReport(ctx, &r); err != nil {
			return err
		}
		reports, cases, err := tx.ReportsBy(ctx, m.ID, 10)
		if err != nil || len(reports) != 1 || cases[0].Version != 2 {
			t.Errorf("reports %+v of %+v, %v", reports, cases, err)
		}
		n, err := tx.ReportsSince(ctx, m.ID, noon.Add(-time.Minute))
		if err != nil || n != 1 {
			t.Errorf("%d reports, %v", n, err)
		}
		if err := tx.EraseReports(ctx, c.ID); err != nil {
			return err
		}
		left, err := tx.Reports(ctx, c.ID)
		if err != nil || len(left) != 1 || left[0].Text != "" || left[0].Reporter != 0 || len(left[0].Photos) != 0 || left[0].Place.Point != nil {
			t.Errorf("erased, but %+v, %v", left, err)
		}
		return nil
	})
}
