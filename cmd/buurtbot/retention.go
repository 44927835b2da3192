package main

import (
	"fmt"
	"strings"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
	"github.com/buurtbot/buurtbot/storage"
)

type retentionCommand struct {
	DryRun bool `help:"Tell what would be erased now, and erase nothing." required:""`
}

// retentionWords say what each rule erases.
var retentionWords = map[civic.RetentionRule]string{
	civic.RetainPictures:  "pictures and exact places",
	civic.RetainSensitive: "what was told in sensitive categories, accepted by a partner",
	civic.RetainAnswers:   "what was asked in them since, and answered",
	civic.RetainTexts:     "what was told, asked and noted",
	civic.RetainReporters: "who told it, and who dealt with it",
	civic.RetainCases:     "what is left of a case",
	civic.RetainAlerts:    "what alerts said",
	civic.RetainHearers:   "who heard and answered alerts",
	civic.RetainStrangers: "who holds no role any more and is no member",
}

// Run tells what the nightly job would erase. The bot may be running; it erases by itself.
func (r retentionCommand) Run(s shell) error { return s.beside(doorRequest{Retention: &r}) }

func (retentionCommand) run(s shell) error {
	c, err := s.load()
	if err != nil {
		return err
	}
	keep, now := c.Retention.civic(), time.Now()
	return s.withStore(c, func(store *storage.Store) error {
		return store.View(s.ctx, func(tx bot.Tx) error {
			for _, part := range []struct {
				rules []civic.RetentionRule
				of    string
			}{{civic.RetentionRules, "cases"}, {civic.AlertRules, "alerts"}, {civic.PersonRules, "people"}} {
				for _, rule := range part.rules {
					const all = 1 << 30
					ripe, err := tx.Ripe(s.ctx, rule, keep, now, all)
					if err != nil {
						return err
					}
					s.say("%s: %d %s", retentionWords[rule], len(ripe), part.of)
				}
			}
			entries, err := tx.OldTrail(s.ctx, now.Add(-keep.Audit))
			if err != nil {
				return fmt.Errorf("audit trail: %w", err)
			}
			s.say("audit trail: %d entries", entries)
			for _, line := range tablesByEnd() {
				s.say("%s", line)
			}
			s.say("Nothing was erased. The bot does it by itself, at %s.", c.Schedules.Retention)
			return nil
		})
	})
}

// tablesByEnd lists every table that tells of people, by what erases it.
func tablesByEnd() []string {
	var rules, leave, age []string
	for _, k := range storage.Keepings {
		if len(k.Rules) > 0 {
			rules = append(rules, k.Table)
		}
		if k.Leave {
			leave = append(leave, k.Table)
		}
		if k.Age {
			age = append(age, k.Table)
		}
	}
	return []string{
		"these rules erase in the tables: " + strings.Join(rules, ", "),
		"when a person leaves, what is of them goes from: " + strings.Join(leave, ", "),
		"by their age, rows go from: " + strings.Join(age, ", "),
	}
}

// civic is how long things are kept, as the rules take it.
func (r RetentionConfig) civic() civic.Retention {
	return civic.Retention{
		Picture: r.Picture, Text: r.Text, TextMost: r.TextMost, Reporter: r.Reporter, Case: r.Case, Audit: r.Audit,
		Former: r.Former,
	}
}
