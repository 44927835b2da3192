package storage_test

import (
	"context"
	"testing"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

func wantAbsence(ctx context.Context, t *testing.T, tx bot.Tx, person int64, want civic.Absence) {
	t.Helper()
	got, err := tx.Absence(ctx, person)
	if err != nil {
		t.Error(err)
	}
	same(t, "absence", want, got)
}

func TestAnAbsenceIsOneTimeOfOnePerson(t *testing.T) {
	s := fresh(t)
	in := build(t, s)
	ana, _ := adopt(t, s, "ana", in)
	bo, _ := adopt(t, s, "bo", in)
	week := civic.Absence{From: noon, Until: noon.Add(7 * 24 * time.Hour)}
	later := civic.Absence{From: noon.Add(time.Hour), Until: noon.Add(2 * time.Hour)}
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		wantAbsence(ctx, t, tx, ana.ID, civic.Absence{})
		for _, a := range []civic.Absence{week, later} {
			if err := tx.SetAbsence(ctx, ana.ID, a); err != nil {
				return err
			}
			wantAbsence(ctx, t, tx, ana.ID, a)
			wantAbsence(ctx, t, tx, bo.ID, civic.Absence{})
		}
		return nil
	})
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		wantAbsence(ctx, t, tx, ana.ID, later)
		err := tx.SetAbsence(ctx, ana.ID, civic.Absence{})
		wantAbsence(ctx, t, tx, ana.ID, civic.Absence{})
		return err
	})
}

func TestTheAbsenceOfWhoIsForgottenGoesToo(t *testing.T) {
	s := fresh(t)
	in := build(t, s)
	ana, _ := adopt(t, s, "ana", in)
	bo, _ := adopt(t, s, "bo", in)
	away := civic.Absence{From: noon, Until: noon.Add(time.Hour)}
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		for _, person := range []int64{ana.ID, bo.ID} {
			if err := tx.SetAbsence(ctx, person, away); err != nil {
				return err
			}
		}
		if err := tx.Forget(ctx, ana.ID, noon); err != nil {
			return err
		}
		wantAbsence(ctx, t, tx, ana.ID, civic.Absence{})
		wantAbsence(ctx, t, tx, bo.ID, away)
		return nil
	})
}

func TestNobodyIsAwayWhoIsNotThere(t *testing.T) {
	s := fresh(t)
	err := s.Do(t.Context(), func(tx bot.Tx) error {
		return tx.SetAbsence(t.Context(), 99, civic.Absence{From: noon, Until: noon.Add(time.Hour)})
	})
	if err == nil {
		t.Error("an absence of nobody is stored")
	}
}
