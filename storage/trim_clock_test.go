package storage_test

import (
	"context"
	"testing"

	"github.com/buurtbot/buurtbot/bot"
)

// One entry that was written while the clock was behind takes nothing along that was kept too short.
func TestAnEntryOfAClockThatWasBehindTakesNoneAlong(t *testing.T) {
	s := fresh(t)
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		for _, day := range []int{0, 1, 2, -800, 3} {
			e := bot.AuditEntry{At: noon.AddDate(0, 0, day), Actor: 1, Action: "case.take", Object: "case/1"}
			if err := tx.Audit(ctx, e); err != nil {
				return err
			}
		}
		before := noon.AddDate(-1, 0, 3)
		n, err := tx.OldTrail(ctx, before)
		t.Logf("the dry run counts %d old entries", n)
		if err != nil {
			return err
		}
		return tx.TrimTrail(ctx, before)
	})
	if n, err := s.VerifyAudit(t.Context()); err != nil || n < 4 {
		t.Errorf("%d entries are left, %v", n, err)
	}
}
