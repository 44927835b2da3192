package storage_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

func TestMembersAndRoles(t *testing.T) {
	s := fresh(t)
	in := build(t, s)
	m, chat := adopt(t, s, "ana", in)
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		grant := civic.Grant{Role: civic.Police, Area: in.network, From: noon}
		if err := tx.Grant(ctx, m.ID, grant, 0); err != nil {
			return err
		}
		who, err := tx.Identify(ctx, bot.UserRef{Platform: "p", ID: "ana"})
		if err != nil || who.ID != m.ID || len(who.Grants) != 1 || !who.May(civic.SendAlert, civic.Scope{Network: in.network}, noon) {
			t.Errorf("identified %+v, %v", who, err)
		}
		grant.Until = noon
		if err := tx.Grant(ctx, m.ID, grant, 0); err != nil {
			return err
		}
		who, err = tx.Identify(ctx, bot.UserRef{Platform: "p", ID: "ana"})
		if err != nil || len(who.Grants) != 1 || who.May(civic.SendAlert, civic.Scope{Network: in.network}, noon) {
			t.Errorf("after its end %+v, %v", who, err)
		}
		private, err := tx.PrivateChat(ctx, m.ID)
		if err != nil || private != chat {
			t.Errorf("private chat %d, %v", private, err)
		}
		for id, want := range map[int64]int64{private: m.ID, private + 99: 0} {
			if got, err := tx.Owner(ctx, id); err != nil || got != want {
				t.Errorf("chat %d is that of person %d, %v", id, got, err)
			}
		}
		if err := tx.Forget(ctx, m.ID, noon); err != nil {
			return err
		}
		who, err = tx.Identify(ctx, bot.UserRef{Platform: "p", ID: "ana"})
		if err != nil || !who.Guest() {
			t.Errorf("forgotten, but %+v, %v", who, err)
		}
		return nil
	})
}

func TestInvitationsAreUsedOnce(t *testing.T) {
	s := fresh(t)
	in := build(t, s)
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		invite := bot.Invite{Kind: "role", Role: civic.Admin, Area: in.network, Expires: noon.Add(time.Hour)}
		if err := tx.CreateInvite(ctx, "CODE1234", invite, noon); err != nil {
			return err
		}
		if _, err := tx.PeekInvite(ctx, "CODE1234", noon.Add(2*time.Hour)); !errors.Is(err, bot.ErrNotFound) {
			t.Errorf("expired: %v", err)
		}
		got, err := tx.UseInvite(ctx, "CODE1234", 7, noon)
		if err != nil || got.Role != civic.Admin || got.Area != in.network {
			t.Errorf("used %+v, %v", got, err)
		}
		if _, err := tx.UseInvite(ctx, "CODE1234", 8, noon); !errors.Is(err, bot.ErrNotFound) {
			t.Errorf("used twice: %v", err)
		}
		if spent, err := tx.SpentInvite(ctx, "CODE1234", noon); err != nil || spent.UsedBy != 7 {
			t.Errorf("was used by %+v, %v", spent, err)
		}
		if err := tx.CreateInvite(ctx, "CODE5678", invite, noon); err != nil {
			return err
		}
		if _, err := tx.SpentInvite(ctx, "CODE5678", noon); !errors.Is(err, bot.ErrNotFound) {
			t.Errorf("can be used, and yet it is spent: %v", err)
		}
		if spent, err := tx.SpentInvite(ctx, "CODE5678", noon.Add(time.Hour)); err != nil || spent.UsedBy != 0 {
			t.Errorf("has expired: %+v, %v", spent, err)
		}
		if _, err := tx.SpentInvite(ctx, "CODE0000", noon); !errors.Is(err, bot.ErrNotFound) {
			t.Errorf("there is no such code: %v", err)
		}
		return nil
	})
}

// A role that was ended is over whatever the clock says: it does not come back for a day when a clock that was a day ahead is
// set right. What is given afterwards counts by itself.
func TestARoleThatWasEndedIsOverWhateverTheClockSays(t *testing.T) {
	s := fresh(t)
	in := build(t, s)
	m, _ := adopt(t, s, "eva", in)
	before := noon.Add(-24 * time.Hour)
	given := civic.Grant{Role: civic.Police, Area: in.network, From: before.Add(-time.Hour)}
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		_, err := tx.Rewind(ctx, noon, noon)
		return errors.Join(err, tx.Grant(ctx, m.ID, given, 0),
			tx.Grant(ctx, m.ID, civic.Grant{Role: civic.DPO, Area: in.network, From: given.From}, 0),
			tx.Revoke(ctx, m.ID, civic.Police, in.network, noon), tx.Revoke(ctx, m.ID, civic.Admin, in.network, noon))
	})
	holds := func(name string, want bool) {
		t.Helper()
		do(t, s, func(ctx context.Context, tx bot.Tx) error {
			who, err := tx.Identify(ctx, bot.UserRef{Platform: "p", ID: "eva"})
			if may := who.May(civic.SendAlert, civic.Scope{Network: in.network}, before); may != want || err != nil {
				t.Errorf("%s she may send an alert: %t, %v", name, may, err)
			}
			if !who.Holds(civic.DPO, civic.Scope{Network: in.network}, before) {
				t.Errorf("%s her other role is over", name)
			}
			people, err := tx.Holders(ctx, civic.Police, civic.Scope{Network: in.network}, before)
			if (len(people) > 0) != want || err != nil {
				t.Errorf("%s police are %v, %v", name, people, err)
			}
			held, err := tx.Holdings(ctx, in.network, before)
			if (len(held) > 1) != want || err != nil {
				t.Errorf("%s these roles are held: %v, %v", name, held, err)
			}
			return err
		})
	}
	holds("before the clock is set right", false)
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		back, err := tx.Rewind(ctx, before, before)
		if !back {
			t.Error("nobody notices that the clock was set back")
		}
		return err
	})
	holds("afterwards", false)
	do(t, s, func(ctx context.Context, tx bot.Tx) error { return tx.Grant(ctx, m.ID, given, 0) })
	holds("once it was given anew", true)
}
