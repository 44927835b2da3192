package flows_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"testing"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
	"github.com/buurtbot/buurtbot/bot/sandbox"
	"github.com/buurtbot/buurtbot/flows"
	"github.com/buurtbot/buurtbot/storage"
	"github.com/buurtbot/buurtbot/storage/storagetest"
)

var invitedAt = time.Date(2025, 10, 14, 20, 15, 0, 0, time.UTC)

// town is a store with the example network, and a way to work in it.
func town(t *testing.T) func(work func(ctx context.Context, tx bot.Tx) error) error {
	t.Helper()
	store, err := storagetest.Open(t.Context(), storage.Options{
		Path: filepath.Join(t.TempDir(), "town.db"), AuditKey: []byte("town"), Now: func() time.Time { return invitedAt },
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := sandbox.Seed(t.Context(), store, sandbox.Name, sandbox.Vlierdam(time.UTC), invitedAt); err != nil {
		t.Fatal(err)
	}
	return func(work func(ctx context.Context, tx bot.Tx) error) error {
		return store.Do(t.Context(), func(tx bot.Tx) error { return work(t.Context(), tx) })
	}
}

func TestInviteRefusesWhatCannotBe(t *testing.T) {
	in := town(t)
	areas := map[string]civic.AreaID{}
	err := in(func(ctx context.Context, tx bot.Tx) error {
		networks, err := tx.Networks(ctx)
		if err != nil {
			return err
		}
		list, err := tx.Areas(ctx, networks[0].ID)
		for _, a := range list {
			areas[a.Name] = a.ID
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	group, street := areas["Kastanje"], areas["Kastanjelaan"]
	random := rand.NewChaCha8([32]byte{7})
	for _, c := range []struct {
		invite bot.Invite
		fine   bool
	}{
		{bot.Invite{Kind: "role", Role: civic.NetworkCoordinator}, true},
		{bot.Invite{Kind: "role", Role: civic.StreetCoordinator, Area: group}, true},
		{bot.Invite{Kind: "room", Room: "police"}, true},
		{bot.Invite{Kind: "room", Room: "target:channel", Area: group}, true},
		{bot.Invite{Kind: "role", Role: civic.Resident}, false},
		{bot.Invite{Kind: "role", Role: "mayor"}, false},
		{bot.Invite{Kind: "role", Role: civic.StreetCoordinator}, false},
		{bot.Invite{Kind: "role", Role: civic.Police, Area: street}, false},
		{bot.Invite{Kind: "room", Room: "kitchen"}, false},
		{bot.Invite{Kind: "room", Room: "target:group"}, false},
		{bot.Invite{Kind: "room", Room: "coordinators", Area: group}, false},
		{bot.Invite{Kind: "role", Role: civic.Police, Area: 999}, false},
		{bot.Invite{Kind: "wish"}, false},
	} {
		err := in(func(ctx context.Context, tx bot.Tx) error {
			_, err := flows.Invite(ctx, tx, random, c.invite, invitedAt)
			return err
		})
		if (err == nil) != c.fine {
			t.Errorf("%+v: %v", c.invite, err)
		}
	}
}

func TestInviteIsUsedOnceAndInTime(t *testing.T) {
	in := town(t)
	for _, c := range []struct {
		after time.Duration
		want  error
	}{{0, nil}, {flows.InviteLife - time.Second, nil}, {flows.InviteLife, bot.ErrNotFound}} {
		err := in(func(ctx context.Context, tx bot.Tx) error {
			invite := bot.Invite{Kind: "role", Role: civic.Admin}
			code, err := flows.Invite(ctx, tx, rand.NewChaCha8([32]byte{byte(c.after / time.Hour)}), invite, invitedAt)
			if err != nil {
				return err
			}
			got, err := tx.UseInvite(ctx, code, 1, invitedAt.Add(c.after))
			if !errors.Is(err, c.want) || err == nil && got.Role != civic.Admin {
				t.Errorf("used after %s: %+v, %v", c.after, got, err)
			}
			if _, err := tx.UseInvite(ctx, code, 2, invitedAt.Add(c.after)); !errors.Is(err, bot.ErrNotFound) {
				t.Errorf("used twice after %s: %v", c.after, err)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

func TestTheOperatorConfirmsNothingThatAFormerAdministratorGave(t *testing.T) {
	for _, c := range []struct {
		ended bool
		want  error
	}{{false, nil}, {true, flows.ErrInviter}} {
		err := town(t)(func(ctx context.Context, tx bot.Tx) error {
			code, err := claimedBy(ctx, tx, c.ended)
			if err != nil {
				return err
			}
			if _, err := flows.Confirm(ctx, tx, code, invitedAt); !errors.Is(err, c.want) {
				t.Errorf("inviter's role ended %t: %v", c.ended, err)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// claimedBy makes an administrator invite an officer who takes the role, and lets the administrator's own role end after it.
func claimedBy(ctx context.Context, tx bot.Tx, ended bool) (string, error) {
	networks, err := tx.Networks(ctx)
	if err != nil {
		return "", err
	}
	held, err := tx.Holdings(ctx, networks[0].ID, invitedAt) // nobody else is there to confirm it
	for _, h := range held {
		err = errors.Join(err, tx.Revoke(ctx, h.Person, h.Role, h.Area, invitedAt))
	}
	if err != nil {
		return "", err
	}
	var people [2]int64
	for n := range people {
		who := bot.UserRef{Platform: sandbox.Name, ID: fmt.Sprint("somebody", n)}
		m, err := tx.Adopt(ctx, who, 0, networks[0].ID, invitedAt)
		if err != nil {
			return "", err
		}
		people[n] = m.ID
	}
	admin := civic.Grant{Role: civic.Admin, Area: networks[0].ID, From: invitedAt}
	i := bot.Invite{Kind: "role", Role: civic.Police, Area: networks[0].ID, By: people[0]}
	code, err := flows.Invite(ctx, tx, rand.NewChaCha8([32]byte{byte(people[0])}), i, invitedAt)
	if err == nil {
		i, err = tx.UseInvite(ctx, code, people[1], invitedAt)
	}
	claim := bot.Claim{Person: people[1], Made: invitedAt, Expires: invitedAt.Add(time.Hour)}
	err = errors.Join(err, tx.Grant(ctx, people[0], admin, 0), tx.AddClaim(ctx, i.ID, &claim))
	if ended {
		err = errors.Join(err, tx.Revoke(ctx, people[0], civic.Admin, networks[0].ID, invitedAt))
	}
	return code, err
}
