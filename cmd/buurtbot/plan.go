package main

import (
	"fmt"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
	"github.com/buurtbot/buurtbot/flows"
	"github.com/buurtbot/buurtbot/storage"
)

type planCommand struct {
	Alert string `arg:"" help:"The reference of an alert, such as A-7F3K."`
}

// Run tells who would hear of an alert if it were sent now. It changes nothing, and the bot may be running.
func (p planCommand) Run(s shell) error { return s.beside(doorRequest{Plan: &p}) }

func (p planCommand) run(s shell) error {
	c, err := s.load()
	if err != nil {
		return err
	}
	return s.withStore(c, func(store *storage.Store) error {
		return store.View(s.ctx, func(tx bot.Tx) error {
			a, plan, world, err := flows.PlanOf(s.ctx, tx, p.Alert, time.Now())
			if err != nil {
				return fmt.Errorf("plan %s: %w", p.Alert, err)
			}
			s.printPlan(a, plan, world)
			return nil
		})
	})
}

func (s shell) printPlan(a civic.Alert, plan civic.Plan, w civic.World) {
	s.say("%s, %s, until %s", a.Ref, a.Status, a.Until.Format(time.RFC3339))
	for _, r := range plan.Tell {
		s.say("now    %s", s.recipient(r, w))
	}
	for _, r := range plan.Waiting() {
		s.say("%s  %s", plan.Later[r].Format("15:04"), s.recipient(r, w))
	}
	for _, reason := range civic.Reasons {
		for _, r := range plan.SkippedFor(reason) {
			s.say("not    %s: %s", s.recipient(r, w), reason)
		}
	}
}

// recipient names a target without naming a person.
func (shell) recipient(r civic.Recipient, w civic.World) string {
	group := w.Areas[r.Group].Name
	if r.Person != 0 {
		return fmt.Sprintf("%s, member %d", group, r.Person)
	}
	return fmt.Sprintf("%s, %s", group, r.Kind)
}
