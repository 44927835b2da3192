package storage_test

import (
	"context"
	"errors"
	"flag"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
	"github.com/buurtbot/buurtbot/storage"
)

// taken is an invitation to a role that a person took, and what waits of it.
func taken(t *testing.T, s *storage.Store, in town, person int64) bot.Claim {
	t.Helper()
	c := bot.Claim{Person: person, Made: noon, Expires: noon.Add(time.Hour)}
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		i := bot.Invite{
			Kind: "role", Role: civic.Police, Area: in.network, Expires: noon.Add(time.Hour), By: 7, Until: noon.AddDate(1, 0, 0),
		}
		if err := tx.CreateInvite(ctx, "CODE", i, noon); err != nil {
			return err
		}
		used, err := tx.UseInvite(ctx, "CODE", person, noon)
		if err != nil {
			return err
		}
		c.Role, c.Area, c.Until, c.By = used.Role, used.Area, used.Until, used.By
		return tx.AddClaim(ctx, used.ID, &c)
	})
	return c
}

func TestAClaimIsFoundUntilItEndsOrExpires(t *testing.T) {
	s := fresh(t)
	in := build(t, s)
	m, _ := adopt(t, s, "mirjam", in)
	c := taken(t, s, in, m.ID)
	if c.Role != civic.Police || c.By != 7 || !c.Until.Equal(noon.AddDate(1, 0, 0)) {
		t.Fatalf("%+v", c)
	}
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		byID, err := tx.ClaimBy(ctx, c.ID, noon)
		if err != nil {
			return err
		}
		byCode, err := tx.ClaimOf(ctx, "CODE", noon)
		if err != nil {
			return err
		}
		all, err := tx.Claims(ctx, in.network, noon)
		if diff := cmp.Diff([]bot.Claim{c, c, c}, append(all, byID, byCode)); diff != "" {
			t.Error(diff)
		}
		if _, err := tx.ClaimBy(ctx, c.ID, noon.Add(time.Hour)); !errors.Is(err, bot.ErrNotFound) {
			t.Errorf("an expired claim: %v", err)
		}
		if _, err := tx.ClaimOf(ctx, "OTHER", noon); !errors.Is(err, bot.ErrNotFound) {
			t.Errorf("a claim of no invitation: %v", err)
		}
		if err := tx.EndClaim(ctx, c.ID); err != nil {
			return err
		}
		if err := tx.EndClaim(ctx, c.ID); !errors.Is(err, bot.ErrNotFound) {
			t.Errorf("a claim ended twice: %v", err)
		}
		return err
	})
}

func TestAClaimGoesWithWhoClaimed(t *testing.T) {
	s := fresh(t)
	in := build(t, s)
	m, _ := adopt(t, s, "mirjam", in)
	taken(t, s, in, m.ID)
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		if err := tx.Forget(ctx, m.ID, noon); err != nil {
			return err
		}
		if all, err := tx.Claims(ctx, in.network, noon); err != nil || len(all) != 0 {
			t.Errorf("%+v, %v", all, err)
		}
		return nil
	})
}

func TestHoldingsAreTheRolesHeldNowInThisNetwork(t *testing.T) {
	s := fresh(t)
	in := build(t, s)
	m, _ := adopt(t, s, "wim", in)
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		for _, g := range []civic.Grant{
			{Role: civic.StreetCoordinator, Area: in.group, From: noon, Until: noon.AddDate(0, 1, 0)},
			{Role: civic.Police, Area: in.network, From: noon.Add(time.Minute)},
			{Role: civic.Admin, Area: in.network, From: noon.Add(-time.Hour), Until: noon},
		} {
			if err := tx.Grant(ctx, m.ID, g, 0); err != nil {
				return err
			}
		}
		held, err := tx.Holdings(ctx, in.network, noon)
		want := []bot.Holding{{Person: m.ID, Name: "wim", Role: civic.StreetCoordinator, Area: in.group, From: noon, Until: noon.AddDate(0, 1, 0)}}
		if diff := cmp.Diff(want, held); diff != "" {
			t.Error(diff)
		}
		if other, err := tx.Holdings(ctx, in.network+999, noon); err != nil || len(other) != 0 {
			t.Errorf("%+v, %v", other, err)
		}
		return err
	})
}

func TestWrongCodesAreCountedForAWhile(t *testing.T) {
	s := fresh(t)
	_, chat := adopt(t, s, "joris", build(t, s))
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		knock := func(at time.Time, want int) {
			t.Helper()
			if n, err := tx.Knock(ctx, chat, at, at.Add(-time.Hour)); err != nil || n != want {
				t.Errorf("%d, %v; want %d", n, err, want)
			}
		}
		knock(noon, 1)
		knock(noon.Add(time.Minute), 2)
		if n, err := tx.Knocks(ctx, chat, noon); err != nil || n != 2 {
			t.Errorf("%d, %v", n, err)
		}
		if n, err := tx.Knocks(ctx, chat, noon.Add(time.Minute)); err != nil || n != 0 {
			t.Errorf("an hour later %d, %v", n, err)
		}
		knock(noon.Add(2*time.Hour), 1)
		return nil
	})
}

// .ci/run tries a million (issue 4).
var codes = flag.Int("codes", 50_000, "random codes that are tried out")

// Nobody gets in by guessing: random codes against a thousand invitations that could be used.
func TestRandomCodesOpenNothing(t *testing.T) {
	s := fresh(t)
	in := build(t, s)
	random := rand.NewChaCha8([32]byte{11})
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		for range 1000 {
			code, err := civic.JoinCode(random)
			if err != nil {
				return err
			}
			i := bot.Invite{Kind: "role", Role: civic.Admin, Area: in.network, Expires: noon.Add(time.Hour)}
			if err := tx.CreateInvite(ctx, code, i, noon); err != nil {
				return err
			}
			if _, err := tx.PeekInvite(ctx, code, noon); err != nil {
				t.Fatalf("a code that was given is not taken: %v", err)
			}
		}
		return nil
	})
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		for range *codes {
			code, err := civic.JoinCode(random)
			if err != nil {
				return err
			}
			if i, err := tx.PeekInvite(ctx, code, noon); !errors.Is(err, bot.ErrNotFound) {
				t.Fatalf("%s gives the role %s: %v", code, i.Role, err)
			}
		}
		return nil
	})
	t.Logf("%d guesses, none opened anything", *codes)
}
