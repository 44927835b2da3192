package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
	"github.com/buurtbot/buurtbot/cmd/buurtbot/survey"
	"github.com/buurtbot/buurtbot/flows"
	"github.com/buurtbot/buurtbot/storage"
)

type importCommand struct {
	File   string `arg:"" help:"A list (CSV: name, group, prefix) or a map (GeoJSON: streets, borders)." type:"path"`
	DryRun bool   `help:"Tell what would change, and change nothing."`
	whichNetwork
}

// Run takes a file into a network, all of it or nothing. The bot may be running; it does nothing else meanwhile.
func (i importCommand) Run(s shell) error { return s.beside(doorRequest{Import: &i}) }

func (i importCommand) run(s shell) error {
	c, err := s.load()
	if err != nil {
		return err
	}
	if err := i.check(c); err != nil {
		return err
	}
	data, err := s.whole(i.File)
	if err != nil {
		return err
	}
	return s.withStore(c, func(store *storage.Store) error {
		profile, err := i.profileOf(s.ctx, store, c)
		if err != nil {
			return err
		}
		read, err := survey.Read(i.File, data, profile)
		if err != nil {
			return fmt.Errorf("%s was not imported:\n%w", filepath.Base(i.File), err)
		}
		plan, err := i.apply(s.ctx, store, c, read)
		if err != nil {
			return err
		}
		if i.other(c) {
			c.Areas = nil // they are the first network's
			s.say("network: %s", i.Network)
		}
		s.report(i.File, read, plan, c)
		if i.DryRun {
			s.say("This was a dry run: nothing was changed.")
		}
		return nil
	})
}

// whole reads the file that a command names, wherever the command was given.
func (s shell) whole(name string) ([]byte, error) {
	if s.inside != nil {
		return s.inside.read, nil
	}
	return whole(name)
}

// whole reads a file that is not too large.
func whole(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("%s cannot be read: %s", filepath.Base(name), reason(err))
	}
	data, err := io.ReadAll(io.LimitReader(f, survey.MostBytes+1))
	if err := errors.Join(err, f.Close()); err != nil {
		return nil, fmt.Errorf("%s cannot be read: %s", filepath.Base(name), reason(err))
	}
	return data, nil
}

// errDry undoes what a dry run did.
var errDry = errors.New("dry run")

// apply makes the plan and, unless it is a dry run, stores it, in one transaction. A dry run stores it, too, and undoes
// it, so that it fails where the import would.
func (i importCommand) apply(ctx context.Context, store bot.Store, c Config, read survey.Survey) (survey.Plan, error) {
	var plan survey.Plan
	err := store.Do(ctx, func(tx bot.Tx) error {
		if err := plantIn(ctx, tx, c); err != nil {
			return err
		}
		n, err := i.in(ctx, tx, c)
		if err != nil {
			return err
		}
		known, codes, err := placesOf(ctx, tx, n.ID)
		if err != nil {
			return err
		}
		if plan, err = survey.Compare(known, codes, read); err != nil {
			return fmt.Errorf("%s was not imported:\n%w", filepath.Base(i.File), err)
		}
		if err := savePlan(ctx, tx, &plan); err != nil {
			return err
		}
		if err := placeLandmarks(ctx, tx, n.ID, read, &plan); err != nil {
			return err
		}
		if i.DryRun {
			return errDry
		}
		return nil
	})
	if errors.Is(err, errDry) {
		err = nil
	}
	return plan, err
}

// profileOf is the profile by whose country a file is read.
func (i importCommand) profileOf(ctx context.Context, store bot.Store, c Config) (civic.Profile, error) {
	var profile civic.Profile
	err := store.Do(ctx, func(tx bot.Tx) error {
		if err := plantIn(ctx, tx, c); err != nil {
			return err
		}
		n, err := i.in(ctx, tx, c)
		if err != nil {
			return err
		}
		profile, _ = civic.ProfileOf(n.Profile)
		return errDry
	})
	if errors.Is(err, errDry) {
		err = nil
	}
	return profile, err
}

// placesOf are the places of a network, and the codes that are taken in any.
func placesOf(ctx context.Context, tx bot.Tx, network civic.AreaID) (own []civic.Area, codes map[string]bool, err error) {
	networks, err := tx.Networks(ctx)
	if err != nil {
		return nil, nil, err
	}
	codes = map[string]bool{}
	for _, n := range networks {
		areas, err := tx.Areas(ctx, n.ID)
		if err != nil {
			return nil, nil, err
		}
		if n.ID == network {
			own = areas
		}
		for _, a := range areas {
			codes[a.Code] = true
		}
	}
	return own, codes, nil
}

// placeLandmarks adds to the plan what becomes of the landmarks, and stores that.
func placeLandmarks(ctx context.Context, tx bot.Tx, network civic.AreaID, read survey.Survey, plan *survey.Plan) error {
	areas, err := tx.Areas(ctx, network)
	if err != nil {
		return err
	}
	known, err := tx.Landmarks(ctx, network)
	if err != nil {
		return err
	}
	plan.Place(areas, known, read)
	for _, change := range plan.Landmarks {
		if err := tx.SaveLandmark(ctx, &change.Landmark); err != nil {
			return fmt.Errorf("store %s: %w", change.Landmark.Name, err)
		}
	}
	if len(plan.Landmarks) == 0 {
		return nil
	}
	return tx.Audit(ctx, bot.AuditEntry{
		At: time.Now(), Action: "landmarks.imported", Object: bot.About("area", int64(network)),
		Detail: fmt.Sprintf("new or changed %d", len(plan.Landmarks)),
	})
}

// savePlan stores every change, street groups before their streets.
func savePlan(ctx context.Context, tx bot.Tx, plan *survey.Plan) error {
	groups := map[string]civic.AreaID{}
	added := 0
	var network civic.AreaID
	for _, change := range plan.Changes {
		a := change.Area
		network = a.Network
		if a.Kind == civic.KindStreet && a.Parent == 0 {
			a.Parent = groups[change.Group]
		}
		brought, err := flows.PlaceArea(ctx, tx, &a, time.Now())
		if err != nil {
			return fmt.Errorf("store %s: %w", a.Name, err)
		}
		plan.Brought += brought
		if a.Kind == civic.KindGroup {
			groups[a.Name] = a.ID
		}
		if change.New {
			added++
		}
	}
	if len(plan.Changes) == 0 {
		return nil
	}
	return tx.Audit(ctx, bot.AuditEntry{
		At: time.Now(), Action: "areas.imported", Object: bot.About("area", int64(network)),
		Detail: fmt.Sprintf("new %d, changed %d", added, len(plan.Changes)-added),
	})
}
