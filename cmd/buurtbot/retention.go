package main

import (
	"fmt"
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
	civic.RetainTexts:     "what was told, asked and noted",
	civic.RetainReporters: "who told it",
	civic.RetainCases:     "what is left of a case",
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
			for _, rule := range civic.RetentionRules {
				const all = 1 << 30
				cases, err := tx.Ripe(s.ctx, rule, keep, now, all)
				if err != nil {
					return err
				}
				s.say("%s: %d cases", retentionWords[rule], len(cases))
			}
			entries, err := tx.OldTrail(s.ctx, now.Add(-keep.Audit))
			if err != nil {
				return fmt.Errorf("audit trail: %w", err)
			}
			s.say("audit trail: %d entries", entries)
			s.say("Nothing was erased. The bot does it by itself, at %s.", c.Schedules.Retention)
			return nil
		})
	})
}

// civic is how long things are kept, as the rules take it.
func (r RetentionConfig) civic() civic.Retention {
	return civic.Retention{
		Picture: r.Picture, Text: r.Text, TextMost: r.TextMost, Reporter: r.Reporter, Case: r.Case, Audit: r.Audit,
	}
}
