package storage_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/buurtbot/buurtbot/bot"
)

func TestReportsOfLooksAreCountedByNetworkAndTime(t *testing.T) {
	s := fresh(t)
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		looks := func(network string, at time.Time) error {
			return tx.Audit(ctx, bot.AuditEntry{At: at, Action: "report.only_looks", Object: network})
		}
		return errors.Join(looks("network/1", noon), looks("network/1", noon.Add(time.Hour)), looks("network/2", noon),
			looks("network/1", noon.Add(-time.Hour)), tx.Audit(ctx, bot.AuditEntry{At: noon, Action: "refused", Object: "network/1"}))
	})
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		n, err := tx.OnlyLooks(ctx, 1, noon, noon.Add(time.Hour))
		same(t, "in the hour", 1, n)
		return err
	})
	g, err := s.Gauges(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	same(t, "in all", 4, g.Looks)
}
