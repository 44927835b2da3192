package storage

import (
	"encoding/json"
	"fmt"

	"github.com/buurtbot/buurtbot/bot/civic"
)

const (
	sqlTerms = "SELECT version, at, body FROM terms WHERE network = $1 ORDER BY version DESC LIMIT 1"
	sqlAgree = "INSERT INTO terms (network, version, at, body) VALUES ($1, $2, $3, $4)"
)

// agreement is a version of a network's terms as it is stored; none yet is version 0.
type agreement struct {
	version int
	at      int64
	body    string
}

func (a *agreement) into() []any { return []any{&a.version, &a.at, &a.body} }

// of reads it. A network of which none is stored yet stands on the words of the bot alone.
func (a *agreement) of(profile string) (civic.Agreement, error) {
	if a.version == 0 {
		built := builtIn(profile)
		return civic.Agreement{Version: built, Terms: civic.Terms{BuiltIn: built}}, nil
	}
	stands := civic.Agreement{Version: a.version, At: moment(a.at)}
	if err := json.Unmarshal([]byte(a.body), &stands.Terms); err != nil {
		return stands, fmt.Errorf("terms: %w", err)
	}
	return stands, nil
}

// builtIn is the version of the words that the bot has for a country.
func builtIn(profile string) int {
	p, known := civic.ProfileOf(profile)
	if !known {
		p, _ = civic.ProfileOf(civic.DefaultProfile)
	}
	return p.HouseRulesVersion
}

// saveTerms stores the terms of a network, as a new version when they are others than those that stand.
func (t *tx) saveTerms(n *civic.Network) error {
	n.Agreed.BuiltIn = builtIn(n.Profile)
	body, err := json.Marshal(n.Agreed.Terms)
	if err != nil {
		return err
	}
	stands, err := orZero(one(t, func(r row) (a agreement, err error) {
		err = r.Scan(a.into()...)
		return a, err
	}, sqlTerms, int64(n.ID)))
	if err != nil {
		return err
	}
	if stands.version == 0 || stands.body != string(body) {
		stands = agreement{version: max(stands.version+1, n.Agreed.BuiltIn), at: millis(t.store.now()), body: string(body)}
		if err := t.run(sqlAgree, int64(n.ID), stands.version, stands.at, stands.body); err != nil {
			return err
		}
	}
	n.Agreed.Version, n.Agreed.At = stands.version, moment(stands.at)
	return nil
}
