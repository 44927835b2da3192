package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
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
	known, err := s.knownPlaces(c)
	if err != nil {
		return err
	}
	out := json.NewEncoder(s.out)
	out.SetEscapeHTML(false)
	say := func(text string) error { return out.Encode(understand(text, known, profile)) }
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
func understand(text string, known knownPlaces, profile civic.Profile) understood {
	const longest = 4096 // characters; the longest message there is
	text = civic.Clean(text, longest)
	got := civic.Understand(text, known.streets)
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
	for _, reason := range civic.Why(text, known.streets) {
		u.Why = append(u.Why, reason.String())
	}
	if len(got.Streets) == 0 {
		u.sight(civic.LandmarksIn(known.landmarks, text), known.streetOf)
	}
	return u
}

// sight takes the street from landmarks that the text names, when all of them lie at the same.
func (u *understood) sight(landmarks []civic.Landmark, streetOf map[int64]string) {
	for i, l := range landmarks {
		street := streetOf[l.ID]
		u.Why = append(u.Why, fmt.Sprintf("landmark %s (%s)", l.Name, street))
		u.Street = present(street)
		if i > 0 && street != streetOf[landmarks[0].ID] {
			u.Street = nil
			return
		}
	}
}

// knownPlaces are the streets and landmarks that a text may name.
type knownPlaces struct {
	streets   []civic.Area
	landmarks []civic.Landmark
	streetOf  map[int64]string // by landmark
}

func (k *knownPlaces) add(street string) {
	if !slices.ContainsFunc(k.streets, func(a civic.Area) bool { return a.Name == street }) {
		k.streets = append(k.streets, civic.Area{ID: civic.AreaID(len(k.streets) + 1), Kind: civic.KindStreet, Name: street})
	}
}

// present is nil for what is not there.
func present(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// knownPlaces is the streets of the configuration and, when there is one that nobody holds, what the database knows.
func (s shell) knownPlaces(c Config) (knownPlaces, error) {
	k := knownPlaces{streetOf: map[int64]string{}}
	for _, g := range c.Areas {
		for _, street := range g.Streets {
			k.add(street.Name)
		}
	}
	if _, err := os.Stat(c.Storage.Path); errors.Is(err, os.ErrNotExist) {
		return k, nil
	}
	err := s.withStore(c, func(store *storage.Store) error {
		return store.View(s.ctx, func(tx bot.Tx) error { return s.storedPlaces(tx, &k) })
	})
	if errors.Is(err, storage.ErrLocked) {
		err = nil // the bot runs; what the configuration tells must do
	}
	return k, err
}

func (s shell) storedPlaces(tx bot.Tx, k *knownPlaces) error {
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
				k.add(a.Name)
			}
		}
		landmarks, err := tx.Landmarks(s.ctx, n.ID)
		if err != nil {
			return fmt.Errorf("landmarks of %s: %w", n.Name, err)
		}
		for _, l := range landmarks {
			if street, ok := civic.StreetOf(areas, l); ok {
				k.landmarks = append(k.landmarks, l)
				k.streetOf[l.ID] = street.Name
			}
		}
	}
	return nil
}
