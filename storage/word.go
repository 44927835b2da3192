package storage

import (
	"context"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

const (
	sqlAgreeRules = "UPDATE memberships SET rules = $3, rules_at = $4 WHERE person = $1 AND network = $2"
	sqlAskRules   = "UPDATE memberships SET rules_asked = $3 WHERE person = $1 AND network = $2 AND rules_asked <= $4"

	sqlProve = "UPDATE memberships SET verified_method = $3, verified_by = $4, verified_at = $5" +
		" WHERE person = $1 AND network = $2"
	sqlProof = "SELECT coalesce(verified_method, ''), coalesce(verified_by, 0), coalesce(verified_at, 0) FROM memberships" +
		" WHERE person = $1 AND network = $2"
)

// AgreeRules implements [bot.CivicTx].
func (t *tx) AgreeRules(_ context.Context, person int64, network civic.AreaID, version int, at time.Time) error {
	t.changeMember(person)
	n, err := t.exec(sqlAgreeRules, person, int64(network), version, millis(at))
	return about(changed(n, err, bot.ErrNotFound), "rules of person %d", person)
}

// AskRules implements [bot.CivicTx].
func (t *tx) AskRules(_ context.Context, person int64, network civic.AreaID, at, before time.Time) (bool, error) {
	n, err := t.exec(sqlAskRules, person, int64(network), millis(at), millis(before))
	return n > 0, about(err, "rules of person %d", person)
}

// Prove implements [bot.CivicTx].
func (t *tx) Prove(_ context.Context, person int64, network civic.AreaID, p civic.Proof) error {
	n, err := t.exec(sqlProve, person, int64(network), string(p.Method), null(p.By), millis(p.At))
	return about(changed(n, err, bot.ErrNotFound), "proof of person %d", person)
}

// ProofOf implements [bot.CivicTx].
func (t *tx) ProofOf(_ context.Context, person int64, network civic.AreaID) (civic.Proof, error) {
	scan := func(r row) (p civic.Proof, err error) {
		var at int64
		err = r.Scan(&p.Method, &p.By, &at)
		p.At = moment(at)
		return p, err
	}
	p, err := one(t, scan, sqlProof, person, int64(network))
	return p, about(err, "proof of person %d", person)
}
