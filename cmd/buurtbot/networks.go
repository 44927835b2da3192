package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
	"github.com/buurtbot/buurtbot/locales"
)

// whichNetwork names a network of this bot, and says what it is to be like.
type whichNetwork struct {
	Network   string   `help:"The network, when it is not the configured one. A new name makes a network." placeholder:"NAME"`
	Profile   string   `help:"The rules of its country, nl or be; else those of the configured network." placeholder:"KEY"`
	Timezone  string   `help:"Its clock, such as Europe/Brussels; else that of the configured network." placeholder:"ZONE"`
	Police    string   `help:"The number of its police zone for what is no emergency; else its country's." placeholder:"NUMBER"`
	Languages []string `help:"Its languages, its own first; else those of the configured network." placeholder:"LANG"`
}

// other reports whether another network than the configured one is meant.
func (w whichNetwork) other(c Config) bool { return w.Network != "" && w.Network != c.Network.Name }

// check refuses what no network can be.
func (w whichNetwork) check(c Config) error {
	if !w.other(c) && w.Profile+w.Timezone+w.Police+strings.Join(w.Languages, "") != "" {
		return fmt.Errorf("%w: how the first network is stands in the configuration; name another with --network", errUse)
	}
	if _, known := civic.ProfileOf(w.Profile); w.Profile != "" && !known {
		return fmt.Errorf("%w: --profile %s is not nl or be", errUse, quote(w.Profile))
	}
	if _, err := time.LoadLocation(w.Timezone); err != nil || w.Timezone == "Local" {
		return fmt.Errorf("%w: --timezone %s is no time zone such as Europe/Brussels", errUse, quote(w.Timezone))
	}
	if w.Police != "" && !civic.IsNumber(w.Police) {
		return fmt.Errorf("%w: --police %s is no telephone number such as 0900-8844", errUse, quote(w.Police))
	}
	texts, err := locales.Load()
	if err != nil {
		return err
	}
	for _, lang := range w.Languages {
		if !slices.Contains(texts.Whole(), lang) {
			return fmt.Errorf("%w: --languages %s is not spoken by a network", errUse, quote(lang))
		}
	}
	return nil
}

// in finds the network, or makes it; what was said of it is stored. The first one is the configuration's.
func (w whichNetwork) in(ctx context.Context, tx bot.Tx, c Config) (civic.Network, error) {
	networks, err := tx.Networks(ctx)
	if err != nil {
		return civic.Network{}, err
	}
	if !w.other(c) {
		return networks[0], nil
	}
	n := civic.Network{
		Name: w.Network, Profile: c.Network.Profile, Zone: c.Network.Zone, Languages: c.Network.Languages, Prefix: "BIN",
	}
	if i := slices.IndexFunc(networks, func(n civic.Network) bool { return n.Name == w.Network }); i >= 0 {
		n = networks[i]
	}
	made, before := n.ID == 0, n
	n.Agreed.Terms = c.termsOf(n)
	if w.Profile != "" {
		n.Profile = w.Profile
	}
	if len(w.Languages) > 0 {
		n.Languages = w.Languages
	}
	if w.Police != "" {
		n.Police = w.Police
	}
	if w.Timezone != "" {
		if n.Zone, err = time.LoadLocation(w.Timezone); err != nil {
			return n, err
		}
	}
	same := n.Profile == before.Profile && n.Zone.String() == before.Zone.String() &&
		slices.Equal(n.Languages, before.Languages) && n.Police == before.Police
	if !made && same {
		return n, nil
	}
	if err := tx.SaveNetwork(ctx, &n); err != nil {
		return n, err
	}
	what := "network.changed"
	if made {
		what = "network.made"
	}
	return n, tx.Audit(ctx, bot.AuditEntry{
		At: time.Now(), Action: what, Object: bot.About("area", int64(n.ID)), Detail: n.Profile + " " + n.Zone.String(),
	})
}

// networkNamed finds a network by its name; the first when no name is given.
func networkNamed(ctx context.Context, tx bot.Tx, name string) (civic.Network, error) {
	networks, err := tx.Networks(ctx)
	if err != nil {
		return civic.Network{}, err
	}
	var names []string
	for i, n := range networks {
		if n.Name == name || name == "" && i == 0 {
			return n, nil
		}
		names = append(names, n.Name)
	}
	return civic.Network{}, fmt.Errorf("%w: there is no network %s; there is %s", errUse, quote(name), strings.Join(names, ", "))
}
