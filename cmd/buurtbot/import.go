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
	"github.com/buurtbot/buurtbot/bot/survey"
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
		text, err := inEnglish()
		if err != nil {
			return err
		}
		s.report(i.File, read, plan, c, text)
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
		plan, err = flows.TakeSurvey(ctx, tx, n.ID, read, bot.AuditEntry{At: time.Now()})
		if mistakes, wrong := errors.AsType[survey.Mistakes](err); wrong {
			return fmt.Errorf("%s was not imported:\n%w", filepath.Base(i.File), mistakes)
		}
		if err != nil {
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
