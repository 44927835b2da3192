package storage_test

import (
	"context"
	"errors"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
	"github.com/buurtbot/buurtbot/storage"
)

// A person is a member of two networks, in each with a place, a standing and wishes of its own. Who goes out of one is out of
// it with all that they were there, and what they are in the other stays.
func TestAPersonIsAMemberOfTwoNetworksAndGoesOutOfOne(t *testing.T) {
	s := fresh(t)
	in := build(t, s)
	ana, _ := adopt(t, s, "ana", in)
	berk := civic.Network{Name: "BIN De Berk", Profile: "be", Languages: []string{"nl"}, Prefix: "BRK"}
	var here, there civic.Case
	var alert civic.Alert
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		if err := tx.SaveNetwork(ctx, &berk); err != nil {
			return err
		}
		if _, err := tx.MemberIn(ctx, 999, berk.ID); !errors.Is(err, bot.ErrNotFound) {
			t.Errorf("nobody is a member: %v", err)
		}
		m, err := tx.MemberIn(ctx, ana.ID, berk.ID)
		if err != nil {
			return err
		}
		if diff := cmp.Diff(civic.Member{ID: ana.ID, Network: berk.ID, Name: ana.Name, Language: ana.Language}, m); diff != "" {
			t.Errorf("who is no member yet: %s", diff)
		}
		m.Standing, m.Urgent = civic.StandingActive, true
		if err := tx.SaveMember(ctx, m, noon.Add(1)); err != nil {
			return err
		}
		for _, area := range []civic.AreaID{in.group, berk.ID} {
			if err := tx.Grant(ctx, ana.ID, civic.Grant{Role: civic.Police, Area: area, From: noon}, 0); err != nil {
				return err
			}
		}
		here = civic.Case{Ref: "KAS-AAAA", Network: in.network, Status: civic.Received, Category: civic.Burglary, Created: noon}
		there = civic.Case{Ref: "BRK-AAAA", Network: berk.ID, Status: civic.Received, Category: civic.Burglary, Created: noon}
		for _, c := range []*civic.Case{&here, &there} {
			if err := tx.CreateCase(ctx, c); err != nil {
				return err
			}
			if err := tx.AddReport(ctx, &civic.Report{Case: c.ID, Reporter: ana.ID, Filed: noon, Text: "glas"}); err != nil {
				return err
			}
		}
		alert = civic.Alert{Ref: "BRK-BBBB", Network: berk.ID, Kind: civic.UrgentAlert, Status: civic.AlertActive, Text: "x", Issued: noon}
		if err := tx.CreateAlert(ctx, &alert); err != nil {
			return err
		}
		return tx.AddReply(ctx, alert.ID, ana.ID, noon)
	})
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		networks, err := tx.Belongs(ctx, ana.ID)
		if diff := cmp.Diff([]civic.AreaID{in.network, berk.ID}, networks); err != nil || diff != "" {
			t.Errorf("%v %s", err, diff)
		}
		return tx.Depart(ctx, ana.ID, berk.ID)
	})
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		m, err := tx.Member(ctx, ana.ID)
		if err != nil {
			return err
		}
		if diff := cmp.Diff([]civic.Grant{{Role: civic.Police, Area: in.group, From: noon}}, m.Grants); diff != "" || m.Network != in.network || m.Urgent {
			t.Errorf("%+v %s", m, diff)
		}
		networks, err := tx.Belongs(ctx, ana.ID)
		if diff := cmp.Diff([]civic.AreaID{in.network}, networks); err != nil || diff != "" {
			t.Errorf("%v %s", err, diff)
		}
		for c, want := range map[int64]int64{here.ID: ana.ID, there.ID: 0} {
			reports, err := tx.Reports(ctx, c)
			if err != nil || len(reports) != 1 || reports[0].Reporter != want {
				t.Errorf("case %d: %+v, %v", c, reports, err)
			}
		}
		return nil
	})
}

// Who left one of their networks after a backup was made is not in it when the backup is put back, and in the other still.
func TestADepartureIsDoneAgainInARestoredBackup(t *testing.T) {
	dir := t.TempDir()
	path, copied := filepath.Join(dir, "bin.db"), filepath.Join(dir, "copy.db")
	s := open(t, path)
	in := build(t, s)
	ana, _ := adopt(t, s, "ana", in)
	berk := civic.Network{Name: "BIN De Berk", Profile: "be", Languages: []string{"nl"}, Prefix: "BRK"}
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		if err := tx.SaveNetwork(ctx, &berk); err != nil {
			return err
		}
		m := ana.In(berk.ID)
		m.Standing = civic.StandingActive
		return tx.SaveMember(ctx, m, noon)
	})
	if err := s.Backup(t.Context(), copied); err != nil {
		t.Fatal(err)
	}
	do(t, s, func(ctx context.Context, tx bot.Tx) error { return tx.Depart(ctx, ana.ID, berk.ID) })
	erased, err := s.Erasures(t.Context(), noon)
	if err := errors.Join(err, s.Close()); err != nil || len(erased) != 1 || erased[0].Kind != storage.ErasedPart {
		t.Fatalf("erasures: %v, %v", erased, err)
	}
	if r, err := storage.Restore(t.Context(), copied, options(path), erased, noon); err != nil || r.Erased != 1 {
		t.Fatalf("%+v, %v", r, err)
	}
	again := open(t, path)
	defer again.Close()
	do(t, again, func(ctx context.Context, tx bot.Tx) error {
		networks, err := tx.Belongs(ctx, ana.ID)
		if diff := cmp.Diff([]civic.AreaID{in.network}, networks); diff != "" {
			t.Error(diff)
		}
		return err
	})
}
