package storage

import (
	"context"
	"crypto/sha256"
	"time"

	"github.com/buurtbot/buurtbot/bot"
)

const (
	inviteColumns = "id, kind, role, room, coalesce(area, 0), expires, used_by, made_by, held_until"

	sqlNewInvite = "INSERT INTO invites (hash, kind, role, room, area, created, expires, made_by, held_until)" +
		" VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
	sqlUseInvite = "UPDATE invites SET used_by = $2, used_at = $3 WHERE hash IN ($1, $4) AND used_at IS NULL AND expires > $3" +
		" RETURNING " + inviteColumns
	sqlPeekInvite  = "SELECT " + inviteColumns + " FROM invites WHERE hash IN ($1, $3) AND used_at IS NULL AND expires > $2"
	sqlSpentInvite = "SELECT " + inviteColumns + " FROM invites WHERE hash IN ($1, $3) AND (used_at IS NOT NULL OR expires <= $2)"
)

// codeHash is what is kept of a code that opens something. A code that people type is short enough for all of them to be tried;
// without the key, which is not in the database, that leads to none (ASVS 5.0, 6.5.2).
func (s *Store) codeHash(code string) []byte { return s.keyed("invite", code) }

// oldCodeHash is what was kept of a code by earlier releases, whose invitations are still taken.
func oldCodeHash(code string) []byte {
	sum := sha256.Sum256([]byte(code))
	return sum[:]
}

func scanInvite(r row) (bot.Invite, error) {
	var (
		i             bot.Invite
		expires, held int64
	)
	err := r.Scan(&i.ID, &i.Kind, &i.Role, &i.Room, &i.Area, &expires, &i.UsedBy, &i.By, &held)
	i.Expires, i.Until = moment(expires), moment(held)
	return i, err
}

// CreateInvite implements [bot.CivicTx].
func (t *tx) CreateInvite(_ context.Context, code string, i bot.Invite, at time.Time) error {
	err := t.run(sqlNewInvite, t.store.codeHash(code), i.Kind, string(i.Role), i.Room, null(i.Area), millis(at),
		millis(i.Expires), i.By, millis(i.Until))
	return about(err, "invitation")
}

// UseInvite implements [bot.CivicTx].
func (t *tx) UseInvite(_ context.Context, code string, person int64, at time.Time) (bot.Invite, error) {
	i, err := one(t, scanInvite, sqlUseInvite, t.store.codeHash(code), person, millis(at), oldCodeHash(code))
	return i, about(err, "use invitation")
}

// PeekInvite implements [bot.CivicTx].
func (t *tx) PeekInvite(_ context.Context, code string, at time.Time) (bot.Invite, error) {
	i, err := one(t, scanInvite, sqlPeekInvite, t.store.codeHash(code), millis(at), oldCodeHash(code))
	return i, about(err, "look at invitation")
}

// SpentInvite implements [bot.CivicTx].
func (t *tx) SpentInvite(_ context.Context, code string, at time.Time) (bot.Invite, error) {
	i, err := one(t, scanInvite, sqlSpentInvite, t.store.codeHash(code), millis(at), oldCodeHash(code))
	return i, about(err, "look at a spent invitation")
}
