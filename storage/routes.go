package storage

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

const (
	sqlRules = "SELECT id, network, category, coalesce(area, 0), starts, ends, weekend, partners, within FROM routes" +
		" WHERE network = $1 ORDER BY id"
	sqlNewRule = "INSERT INTO routes (network, category, area, starts, ends, weekend, partners, within)" +
		" VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
	sqlDropRule = "DELETE FROM routes WHERE network = $1 AND id = $2"
)

func scanRule(r row) (civic.Rule, error) {
	var (
		rule     civic.Rule
		weekend  int64
		partners string
		hours    int64
	)
	err := r.Scan(&rule.ID, &rule.Network, &rule.Category, &rule.Area, &rule.From, &rule.Until, &weekend, &partners, &hours)
	rule.Within = time.Duration(hours) * time.Hour
	rule.Weekend = weekend == 1
	for p := range strings.SplitSeq(partners, "+") {
		rule.Partners = append(rule.Partners, civic.Role(p))
	}
	return rule, err
}

// Rules implements [bot.CivicTx].
func (t *tx) Rules(_ context.Context, network civic.AreaID) ([]civic.Rule, error) {
	load := func() ([]civic.Rule, error) { return all(t, scanRule, sqlRules, int64(network)) }
	list, err := remembered(t, load, sqlRules, network)
	return slices.Clone(list), about(err, "routes of %d", network)
}

// AddRule implements [bot.CivicTx].
func (t *tx) AddRule(_ context.Context, r *civic.Rule) error {
	var partners []string
	for _, p := range r.Partners {
		partners = append(partners, string(p))
	}
	id, err := t.insert(sqlNewRule, int64(r.Network), string(r.Category), null(r.Area), r.From, r.Until, bit(r.Weekend),
		strings.Join(partners, "+"), int64(r.Within/time.Hour))
	r.ID = id
	return about(err, "route of %d", r.Network)
}

// DropRule implements [bot.CivicTx].
func (t *tx) DropRule(_ context.Context, network civic.AreaID, id int64) error {
	n, err := t.exec(sqlDropRule, int64(network), id)
	return about(changed(n, err, bot.ErrNotFound), "route %d", id)
}
