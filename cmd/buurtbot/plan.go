package main

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
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
			planned, err := flows.PlanAlert(s.ctx, tx, p.Alert, time.Now())
			if err != nil {
				return fmt.Errorf("plan %s: %w", p.Alert, err)
			}
			s.printPlan(planned)
			return nil
		})
	})
}

// printPlan tells what a sender reads before sending: how many hear it now and later, who is skipped and why, and how many
// messages their streets get. Members are counted by street group, and a handful of them is not counted.
func (s shell) printPlan(p flows.Planned) {
	s.say("%s, %s, until %s", p.Alert.Ref, p.Alert.Status, p.Alert.Until.Format(time.RFC3339))
	s.printRecipients("now", p.Plan.Tell, p.World, "")
	later := map[string][]civic.Recipient{}
	for _, r := range p.Plan.Waiting() {
		at := p.Plan.Later[r].Format("15:04")
		later[at] = append(later[at], r)
	}
	for _, at := range slices.Sorted(maps.Keys(later)) {
		s.printRecipients(at, later[at], p.World, "")
	}
	for _, reason := range civic.Reasons {
		s.printRecipients("not", p.Plan.SkippedFor(reason), p.World, ": "+string(reason))
	}
	if p.Dose.Count > 1 {
		s.say("dose   message %d in 7 days, %s", p.Dose.Count, p.World.Areas[p.Dose.Group].Name)
	}
	for _, why := range p.Second {
		s.say("second officer: %s", why)
	}
}

// printRecipients lists chats, and counts members by their street group.
func (s shell) printRecipients(when string, list []civic.Recipient, w civic.World, why string) {
	members := map[string]int{}
	for _, r := range list {
		group := w.Areas[r.Group].Name
		if r.Person == 0 {
			s.say("%-6s %s, %s%s", when, group, r.Kind, why)
			continue
		}
		members[group]++
	}
	for _, group := range slices.Sorted(maps.Keys(members)) {
		count := strconv.Itoa(members[group])
		if civic.TooFew(members[group]) {
			count = fmt.Sprintf("fewer than %d", civic.FewestTold)
		}
		s.say("%-6s %s, members: %s%s", when, group, count, why)
	}
}
