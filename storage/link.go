package storage

import (
	"context"
	"time"

	"github.com/buurtbot/buurtbot/bot"
)

const (
	sqlAccountsOf = "SELECT a.id, a.platform, a.external, coalesce(a.chat, 0), a.linked, a.preferred, a.sealed FROM accounts a" +
		" WHERE a.person = $1 ORDER BY a.id"
	sqlAliases    = "SELECT old FROM aliases WHERE person = $1"
	sqlUnprefer   = "UPDATE accounts SET preferred = 0 WHERE person = $1"
	sqlPrefer     = "UPDATE accounts SET preferred = 1 WHERE person = $1 AND id = $2"
	sqlUnlink     = "DELETE FROM accounts WHERE person = $1 AND id = $2"
	sqlEndInvites = "DELETE FROM invites WHERE kind = $1 AND made_by = $2 AND used_at IS NULL"

	// Who was told the same by both accounts was told twice; the second copy keeps its chat, so that what follows reaches
	// it, and names nobody. What of it has not left yet does not leave.
	toldTwice = " FROM deliveries d WHERE d.person = $2 AND d.person > 0 AND EXISTS (SELECT 1 FROM deliveries k" +
		" WHERE k.person = $1 AND k.alert = d.alert AND k.notice = d.notice AND k.nth = d.nth AND k.target = d.target)"
	sqlLinkUnsent = "UPDATE outbox SET state = 'superseded', body = '' WHERE state = 'pending' AND id IN" +
		" (SELECT d.letter" + toldTwice + ")"
	sqlLinkTwice  = "UPDATE deliveries SET person = -person WHERE id IN (SELECT d.id" + toldTwice + ")"
	sqlLinkLedger = "UPDATE deliveries SET person = $1 WHERE person = $2 AND person > 0"

	// A role that both hold in one area is held once, for as long as either.
	sqlLinkGrants1 = "UPDATE roles SET starts = CASE WHEN roles.starts < o.starts THEN roles.starts ELSE o.starts END," +
		" ends = CASE WHEN roles.ends = 0 OR o.ends = 0 THEN 0 WHEN roles.ends > o.ends THEN roles.ends ELSE o.ends END" +
		" FROM roles o WHERE roles.person = $1 AND o.person = $2 AND roles.role = o.role" +
		" AND coalesce(roles.area, 0) = coalesce(o.area, 0) AND roles.revoked_at IS NULL AND o.revoked_at IS NULL"
	sqlLinkGrants2 = "DELETE FROM roles WHERE person = $2 AND revoked_at IS NULL AND EXISTS (SELECT 1 FROM roles k" +
		" WHERE k.person = $1 AND k.role = roles.role AND coalesce(k.area, 0) = coalesce(roles.area, 0)" +
		" AND k.revoked_at IS NULL)"
)

// linked are the columns that name a person, in the order in which they are moved. Some read a whole table: a person links
// accounts once in a lifetime, and an index costs something at every write.
var linked = []string{
	"UPDATE accounts SET person = $1, preferred = 0 WHERE person = $2",
	"UPDATE roles SET person = $1 WHERE person = $2",
	"UPDATE roles SET granted_by = $1 WHERE granted_by = $2",
	"UPDATE claims SET person = $1 WHERE person = $2",
	"UPDATE invites SET made_by = $1 WHERE made_by = $2",
	"UPDATE invites SET used_by = $1 WHERE used_by = $2",
	"UPDATE memberships SET verified_by = $1 WHERE verified_by = $2",
	"UPDATE memberships SET person = $1 WHERE person = $2 AND NOT EXISTS (SELECT 1 FROM memberships k" +
		" WHERE k.person = $1 AND k.network = memberships.network)",
	"UPDATE reports SET reporter = $1 WHERE reporter = $2",
	"UPDATE cases SET owner = $1 WHERE owner = $2",
	"UPDATE questions SET asked_by = $1 WHERE asked_by = $2",
	"UPDATE notes SET author = $1 WHERE author = $2",
	"UPDATE handovers SET given = $1 WHERE given = $2",
	"UPDATE alerts SET issuer = $1 WHERE issuer = $2",
	"UPDATE alerts SET second = $1 WHERE second = $2",
	"UPDATE drafts SET author = $1 WHERE author = $2",
	"UPDATE outbox SET person = $1 WHERE person = $2 AND state IN ('pending', 'sending', 'sent', 'unknown')",
	"UPDATE absences SET person = $1 WHERE person = $2 AND NOT EXISTS (SELECT 1 FROM absences k WHERE k.person = $1)",
	"UPDATE alert_replies SET person = $1 WHERE person = $2 AND NOT EXISTS (SELECT 1 FROM alert_replies k" +
		" WHERE k.person = $1 AND k.alert = alert_replies.alert)",
	"UPDATE attendance SET person = $1 WHERE person = $2 AND NOT EXISTS (SELECT 1 FROM attendance k" +
		" WHERE k.person = $1 AND k.chat = attendance.chat)",
	"UPDATE sanctions SET person = $1 WHERE person = $2",
	"UPDATE sanctions SET given = $1 WHERE given = $2",
	"UPDATE sanctions SET judge = $1 WHERE judge = $2",
	"UPDATE lookups SET person = $1 WHERE person = $2",
	"UPDATE aliases SET person = $1 WHERE person = $2",
	"INSERT INTO aliases (person, old) VALUES ($1, $2)",
}

func scanAccount(r row) (bot.Account, error) {
	var (
		a           bot.Account
		lookup      string
		at, favours int64
	)
	err := r.Scan(&a.ID, &a.Platform, &lookup, &a.Chat, &at, &favours, sealed(placeAccount, &lookup, &a.External))
	a.Linked, a.Preferred = moment(at), favours == 1
	return a, err
}

// Accounts implements [bot.LinkTx].
func (t *tx) Accounts(_ context.Context, person int64) ([]bot.Account, error) {
	list, err := all(t, scanAccount, sqlAccountsOf, person)
	return list, about(err, "accounts of person %d", person)
}

// Attach implements [bot.LinkTx].
func (t *tx) Attach(_ context.Context, who bot.UserRef, chat, person int64, at time.Time) error {
	t.mem.touch()
	t.mem.persons.put(accountOf(who), person)
	return t.newAccount(who, chat, person, at)
}

// Link implements [bot.LinkTx].
func (t *tx) Link(_ context.Context, kept, other int64) error {
	t.forgetPeople()
	queries := append([]string{sqlLinkUnsent, sqlLinkTwice, sqlLinkLedger, sqlLinkGrants1, sqlLinkGrants2}, linked...)
	for _, query := range queries {
		if err := t.run(query, kept, other); err != nil {
			return about(err, "link person %d to %d", other, kept)
		}
	}
	return about(t.run(sqlForgetPerson, other), "link person %d to %d", other, kept)
}

// Prefer implements [bot.LinkTx].
func (t *tx) Prefer(_ context.Context, person, id int64) error {
	if err := t.run(sqlUnprefer, person); err != nil {
		return about(err, "preferred account of person %d", person)
	}
	n, err := t.exec(sqlPrefer, person, id)
	return about(changed(n, err, bot.ErrNotFound), "preferred account of person %d", person)
}

// Unlink implements [bot.LinkTx].
func (t *tx) Unlink(_ context.Context, person, id int64) error {
	t.forgetPeople()
	n, err := t.exec(sqlUnlink, person, id)
	return about(changed(n, err, bot.ErrNotFound), "account %d of person %d", id, person)
}

// EndInvites implements [bot.LinkTx].
func (t *tx) EndInvites(_ context.Context, kind string, by int64) error {
	return about(t.run(sqlEndInvites, kind, by), "invitations by person %d", by)
}

func (t *tx) forgetPeople() {
	t.mem.touch()
	t.mem.persons.clear()
	t.mem.members.clear()
}

// noteAliases remembers an erasure for the persons who became this one, whom a backup from before still has.
func (t *tx) noteAliases(kind ErasureKind, person int64) error {
	aliases, err := all(t, scanNumber, sqlAliases, person)
	if err != nil {
		return err
	}
	for _, old := range aliases {
		if err := t.noteErasure(kind, old); err != nil {
			return err
		}
	}
	return nil
}
