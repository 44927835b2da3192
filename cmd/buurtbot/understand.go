package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
	"github.com/buurtbot/buurtbot/storage"
)

type understandCommand struct {
	Text string `arg:"" help:"What a resident writes; - takes a text from every line of standard input."`
}

// understood is what the bot takes from a text; the keys are a contract (architecture §12). What is absent is null.
type understood struct {
	Emergency      bool     `json:"emergency"`
	Number         string   `json:"number"` // to call; empty = none
	Category       *string  `json:"category"`
	Street         *string  `json:"street"` // null also when several may be meant
	When           *string  `json:"when"`
	Source         *string  `json:"source"`
	Lint           []string `json:"lint"`
	NeedsBehaviour bool     `json:"needs_behaviour"`
	Why            []string `json:"why"` // what each of that was taken from; for people, its form may change
}

// Run prints what the bot takes from the text, an object on a line. It changes nothing and keeps nothing.
func (u understandCommand) Run(s shell) error {
	c, err := s.load()
	if err != nil {
		return err
	}
	profile, _ := civic.ProfileOf(c.Network.Profile)
	streets, err := s.knownStreets(c)
	if err != nil {
		return err
	}
	out := json.NewEncoder(s.out)
	out.SetEscapeHTML(false)
	say := func(text string) error { return out.Encode(understand(text, streets, profile)) }
	if u.Text != "-" {
		return say(u.Text)
	}
	return eachLine(s.in, say)
}

// eachLine calls say with every line, the last of which may lack its end.
func eachLine(in io.Reader, say func(string) error) error {
	lines := bufio.NewReader(in)
	for {
		line, err := lines.ReadString('\n')
		ended := errors.Is(err, io.EOF)
		if err != nil && !ended {
			return fmt.Errorf("standard input: %w", err)
		}
		if ended && line == "" {
			return nil
		}
		if err := say(strings.TrimRight(line, "\r\n")); err != nil {
			return fmt.Errorf("standard output: %w", err)
		}
		if ended {
			return nil
		}
	}
}

// understand is the bot's understanding of one text, written for programs.
func understand(text string, streets []civic.Area, profile civic.Profile) understood {
	const longest = 4096 // characters; the longest message there is
	got := civic.Understand(civic.Clean(text, longest), streets)
	u := understood{
		Emergency: got.Emergency, Number: profile.Number(got.Call), NeedsBehaviour: got.Behave, Lint: []string{}, Why: []string{},
		Category: present(string(got.Category)), When: present(string(got.When)), Source: present(string(got.Source)),
	}
	if len(got.Streets) == 1 {
		u.Street = &got.Streets[0].Name
	}
	for _, rule := range got.Lint {
		u.Lint = append(u.Lint, rule.Code())
	}
	for _, reason := range civic.Why(civic.Clean(text, longest), streets) {
		u.Why = append(u.Why, reason.String())
	}
	return u
}

// present is nil for what is not there.
func present(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// knownStreets is the streets of the configuration and, when there is one that nobody holds, of the database.
func (s shell) knownStreets(c Config) ([]civic.Area, error) {
	var streets []civic.Area
	known := map[string]bool{}
	add := func(name string) {
		if !known[name] {
			known[name] = true
			streets = append(streets, civic.Area{ID: civic.AreaID(len(streets) + 1), Kind: civic.KindStreet, Name: name})
		}
	}
	for _, g := range c.Areas {
		for _, street := range g.Streets {
			add(street.Name)
		}
	}
	if _, err := os.Stat(c.Storage.Path); errors.Is(err, os.ErrNotExist) {
		return streets, nil
	}
	err := s.withStore(c, func(store *storage.Store) error {
		return store.View(s.ctx, func(tx bot.Tx) error { return s.storedStreets(tx, add) })
	})
	if errors.Is(err, storage.ErrLocked) {
		err = nil // the bot runs; what the configuration tells must do
	}
	return streets, err
}

func (s shell) storedStreets(tx bot.Tx, add func(string)) error {
	networks, err := tx.Networks(s.ctx)
	if err != nil {
		return fmt.Errorf("networks: %w", err)
	}
	for _, n := range networks {
		areas, err := tx.Areas(s.ctx, n.ID)
		if err != nil {
			return fmt.Errorf("areas of %s: %w", n.Name, err)
		}
		for _, a := range areas {
			if a.Kind == civic.KindStreet {
				add(a.Name)
			}
		}
	}
	return nil
}
