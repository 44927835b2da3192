package storage_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

func TestAPartnerIsReachedAsItWasStored(t *testing.T) {
	s := fresh(t)
	in := build(t, s)
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		unknown, err := tx.Partner(ctx, in.network, civic.Housing)
		same(t, "unknown", civic.Partner{Network: in.network, Role: civic.Housing}, unknown)
		desk := civic.Partner{
			Network: in.network, Role: civic.Housing, Channel: "mail", Address: "meldpunt@wonenvlier.example",
			Promise: 48 * time.Hour,
		}
		if err := errors.Join(err, tx.SavePartner(ctx, civic.Partner{Network: in.network, Role: civic.Housing}),
			tx.SavePartner(ctx, desk)); err != nil {
			return err
		}
		got, err := tx.Partner(ctx, in.network, civic.Housing)
		same(t, "stored", desk, got)
		return err
	})
}

func TestOverdueIsWhatWasPromisedAndNotKept(t *testing.T) {
	s := fresh(t)
	in := build(t, s)
	late, early, waiting := opened(t, s, in, "KAS-7F3K", noon), opened(t, s, in, "KAS-0001", noon), opened(t, s, in, "KAS-0002", noon)
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		full := civic.Handover{
			Case: late.ID, Partner: civic.Municipality, By: 7, At: noon, Status: civic.Planned, Began: noon,
			Due: noon.Add(time.Hour), Planned: noon.Add(24 * time.Hour), Reason: civic.ReturnUnclear, Words: "Morgen", Returns: 1,
			Recall: civic.RecallSent,
		}
		err := errors.Join(tx.SaveHandover(ctx, full),
			tx.SaveHandover(ctx, civic.Handover{
				Case: early.ID, Partner: civic.Police, By: 7, At: noon, Status: civic.Forwarded, Began: noon, Due: noon.Add(3 * time.Hour),
			}),
			tx.SaveHandover(ctx, civic.Handover{
				Case: waiting.ID, Partner: civic.Police, By: 7, At: noon, Status: civic.Accepted, Began: noon,
			}))
		if err != nil {
			return err
		}
		list, err := tx.Overdue(ctx, in.network, noon.Add(2*time.Hour), 10)
		same(t, "overdue", []civic.Handover{full}, list)
		none, failed := tx.Overdue(ctx, in.network+1, noon.Add(2*time.Hour), 10)
		same(t, "elsewhere", []civic.Handover(nil), none)
		return errors.Join(err, failed)
	})
}

func TestRulesAboutRoutesAreKeptByNetwork(t *testing.T) {
	s := fresh(t)
	in := build(t, s)
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		rule := civic.Rule{
			Network: in.network, Category: civic.YouthNuisance, Area: in.group, From: 18, Until: 8, Weekend: true,
			Partners: []civic.Role{civic.Police, civic.Enforcement},
		}
		plain := civic.Rule{Network: in.network, Partners: []civic.Role{civic.Housing}}
		if err := errors.Join(tx.AddRule(ctx, &rule), tx.AddRule(ctx, &plain)); err != nil {
			return err
		}
		list, err := tx.Rules(ctx, in.network)
		same(t, "rules", []civic.Rule{rule, plain}, list)
		if missing := tx.DropRule(ctx, in.network+1, rule.ID); !errors.Is(missing, bot.ErrNotFound) {
			t.Errorf("another network's rule: %v", missing)
		}
		err = errors.Join(err, tx.DropRule(ctx, in.network, rule.ID))
		left, failed := tx.Rules(ctx, in.network)
		same(t, "left", []civic.Rule{plain}, left)
		return errors.Join(err, failed)
	})
}
