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
		more := civic.Report{Case: c.ID, Reporter: m.ID, Alias: 1, Text: "rode pet", Filed: noon, Kind: civic.Addition}
		if err := tx.AddReport(ctx, &more); err != nil {
			return err
		}
		if n, err = tx.ReportsSince(ctx, m.ID, noon.Add(-time.Minute)); err != nil || n != 1 {
			t.Errorf("what was added counts as a report: %d, %v", n, err)
		}
		if err := tx.EraseReport(ctx, more.ID); err != nil {
			return err
		}
		if err := tx.EraseReports(ctx, c.ID); err != nil {
			return err
		}
		left, err := tx.Reports(ctx, c.ID)
		if err != nil || len(left) != 2 || left[0].Text != "" || left[0].Reporter != 0 || len(left[0].Photos) != 0 || left[0].Place.Point != nil {
			t.Errorf("erased, but %+v, %v", left, err)
		}
		return nil
	})
}

// What was added to a report by mistake goes with another: its pictures and recordings are there when it is erased.
func TestPicturesOutliveTheReportThatTheyAreReleasedFrom(t *testing.T) {
	s := fresh(t)
	in := build(t, s)
	c := opened(t, s, in, "KAS-7F3K", noon)
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		picture, voice, stays := civic.Photo{Owner: 3}, civic.Photo{Owner: 3}, civic.Photo{Owner: 3}
		if err := errors.Join(tx.AddPhoto(ctx, &picture), tx.AddPhoto(ctx, &voice), tx.AddPhoto(ctx, &stays)); err != nil {
			return err
		}
		first := civic.Report{Case: c.ID, Alias: 1, Filed: noon, Photos: []int64{stays.ID}}
		more := civic.Report{
			Case: c.ID, Alias: 1, Filed: noon, Kind: civic.Addition, PolicePhotos: []int64{picture.ID}, Recordings: []int64{voice.ID},
		}
		err := errors.Join(tx.AddReport(ctx, &first), tx.AddReport(ctx, &more),
			tx.ReleaseMedia(ctx, more.ID), tx.EraseReport(ctx, more.ID))
		if err != nil {
			return err
		}
		for _, id := range []int64{picture.ID, voice.ID, stays.ID} {
			if _, err := tx.Photo(ctx, id); err != nil {
				t.Errorf("picture %d: %v", id, err)
			}
		}
		reports, err := tx.Reports(ctx, c.ID)
		if err != nil {
			return err
		}
		same(t, "pictures of the first", []int64{stays.ID}, reports[0].Photos)
		if left := reports[1]; len(left.PolicePhotos)+len(left.Recordings) != 0 {
			t.Errorf("the second has %v and %v", left.PolicePhotos, left.Recordings)
		}
		return nil
	})
}
