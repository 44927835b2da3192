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
