package storage

import (
	"context"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

const (
	claimColumns = "c.id, c.person, i.role, coalesce(i.area, 0), i.held_until, i.made_by, c.made, c.expires"

	sqlNewClaim = "INSERT INTO claims (invite, person, made, expires) VALUES ($1, $2, $3, $4)"
	sqlClaimBy  = "SELECT " + claimColumns + " FROM claims c JOIN invites i ON i.id = c.invite WHERE c.id = $1 AND c.expires > $2"
	sqlClaimOf  = "SELECT " + claimColumns + " FROM invites i JOIN claims c ON c.invite = i.id WHERE i.hash IN ($1, $3) AND " +
		"c.expires > $2"
	sqlClaims = "SELECT " + claimColumns + " FROM claims c JOIN invites i ON i.id = c.invite JOIN areas a ON a.id = i.area" +
		" WHERE a.network = $1 AND c.expires > $2 ORDER BY c.id"
	sqlEndClaim  = "DELETE FROM claims WHERE id = $1"
	sqlOldClaims = "DELETE FROM claims WHERE expires <= $1"

	sqlHoldings = "SELECT r.person, p.name, r.role, r.area, r.starts, r.ends FROM areas a JOIN roles r ON r.area = a.id AND " +
		"r.revoked_at IS NULL" +
		" JOIN persons p ON p.id = r.person WHERE a.network = $1 AND r.starts <= $2 AND (r.ends = 0 OR r.ends > $2)" +
		" ORDER BY r.id"

	sqlKnock = "INSERT INTO knocks (chat, wrong, last) VALUES ($1, 1, $2) ON CONFLICT (chat) DO UPDATE SET" +
		" wrong = CASE WHEN knocks.last > $3 THEN knocks.wrong + 1 ELSE 1 END, last = excluded.last RETURNING wrong"
	sqlKnocks = "SELECT wrong FROM knocks WHERE chat = $1 AND last > $2"
)

func scanClaim(r row) (bot.Claim, error) {
	var (
		c                    bot.Claim
		until, made, expires int64
	)
	err := r.Scan(&c.ID, &c.Person, &c.Role, &c.Area, &until, &c.By, &made, &expires)
	c.Until, c.Made, c.Expires = moment(until), moment(made), moment(expires)
	return c, err
}

// AddClaim implements [bot.CivicTx].
func (t *tx) AddClaim(_ context.Context, invite int64, c *bot.Claim) error {
	id, err := t.insert(sqlNewClaim, invite, c.Person, millis(c.Made), millis(c.Expires))
	c.ID = id
	return about(err, "claim of person %d", c.Person)
}

// ClaimBy implements [bot.CivicTx].
func (t *tx) ClaimBy(_ context.Context, id int64, at time.Time) (bot.Claim, error) {
	c, err := one(t, scanClaim, sqlClaimBy, id, millis(at))
	return c, about(err, "claim %d", id)
}

// ClaimOf implements [bot.CivicTx].
func (t *tx) ClaimOf(_ context.Context, code string, at time.Time) (bot.Claim, error) {
	c, err := one(t, scanClaim, sqlClaimOf, t.store.codeHash(code), millis(at), oldCodeHash(code))
	return c, about(err, "claim of an invitation")
}

// Claims implements [bot.CivicTx].
func (t *tx) Claims(_ context.Context, network civic.AreaID, at time.Time) ([]bot.Claim, error) {
	list, err := all(t, scanClaim, sqlClaims, int64(network), millis(at))
	return list, about(err, "claims in %d", network)
}

// EndClaim implements [bot.CivicTx].
func (t *tx) EndClaim(_ context.Context, id int64) error {
	n, err := t.exec(sqlEndClaim, id)
	return about(changed(n, err, bot.ErrNotFound), "claim %d", id)
}

func scanHolding(r row) (bot.Holding, error) {
	var (
		h            bot.Holding
		starts, ends int64
	)
	err := r.Scan(&h.Person, sealed(placeName, &h.Person, &h.Name), &h.Role, &h.Area, &starts, &ends)
	h.From, h.Until = moment(starts), moment(ends)
	return h, err
}

// Holdings implements [bot.CivicTx].
func (t *tx) Holdings(_ context.Context, network civic.AreaID, at time.Time) ([]bot.Holding, error) {
	list, err := all(t, scanHolding, sqlHoldings, int64(network), millis(at))
	return list, about(err, "roles in %d", network)
}

// Knock implements [bot.CivicTx].
func (t *tx) Knock(_ context.Context, chat int64, at, since time.Time) (int, error) {
	n, err := one(t, scanNumber, sqlKnock, chat, millis(at), millis(since))
	return int(n), about(err, "wrong code in chat %d", chat)
}

// Knocks implements [bot.CivicTx].
func (t *tx) Knocks(_ context.Context, chat int64, since time.Time) (int, error) {
	n, err := t.found(sqlKnocks, chat, millis(since))
	return int(n), about(err, "wrong codes in chat %d", chat)
}
