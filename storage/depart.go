package storage

import (
	"context"

	"github.com/buurtbot/buurtbot/bot/civic"
)

// departures take a person ($1) out of a network ($2), and of nothing else. The ledger keeps a number that names nobody.
var departures = []string{
	sqlDepartLetters, sqlDepartLedger, sqlDepartReplies, sqlDepartReports, sqlDepartRoles, sqlDepartClaims,
	sqlDepartSanctions, sqlDepartLookups, sqlDepartMembership, sqlDepartChats,
}

const (
	sqlDepartLetters = "UPDATE outbox SET state = 'superseded', body = '' WHERE state = 'pending' AND id IN" +
		" (SELECT d.letter FROM deliveries d JOIN alerts a ON a.id = d.alert WHERE d.person = $1 AND a.network = $2)"
	sqlDepartLedger = "UPDATE deliveries SET person = -person WHERE person = $1 AND person > 0" +
		" AND alert IN (SELECT id FROM alerts WHERE network = $2)"
	sqlDepartReplies = "DELETE FROM alert_replies WHERE person = $1 AND alert IN (SELECT id FROM alerts WHERE network = $2)"
	sqlDepartReports = "UPDATE reports SET reporter = NULL WHERE reporter = $1" +
		" AND case_id IN (SELECT id FROM cases WHERE network = $2)"
	sqlDepartRoles  = "DELETE FROM roles WHERE person = $1 AND area IN (SELECT id FROM areas WHERE network = $2)"
	sqlDepartClaims = "DELETE FROM claims WHERE person = $1" +
		" AND invite IN (SELECT i.id FROM invites i JOIN areas a ON a.id = i.area WHERE a.network = $2)"
	sqlDepartSanctions  = "UPDATE sanctions SET person = NULL WHERE person = $1 AND network = $2"
	sqlDepartLookups    = "DELETE FROM lookups WHERE person = $1 AND network = $2"
	sqlDepartMembership = "DELETE FROM memberships WHERE person = $1 AND network = $2"
	sqlDepartChats      = "UPDATE chats SET network = 0 WHERE network = $2" +
		" AND id IN (SELECT chat FROM accounts WHERE person = $1)"
)

// Depart implements [bot.CivicTx].
func (t *tx) Depart(_ context.Context, person int64, network civic.AreaID) error {
	t.changeMember(person)
	t.mem.chats.clear()
	for _, query := range departures {
		if err := t.run(query, person, int64(network)); err != nil {
			return about(err, "person %d out of network %d", person, network)
		}
	}
	if err := t.blankAsideTo(person, network); err != nil {
		return about(err, "person %d out of network %d", person, network)
	}
	return about(t.noteDeparture(person, network), "person %d out of network %d", person, network)
}

// noteDeparture remembers it for the person and for those who became this one, whom a backup from before still has.
func (t *tx) noteDeparture(person int64, network civic.AreaID) error {
	persons, err := all(t, scanNumber, sqlAliases, person)
	if err != nil {
		return err
	}
	for _, p := range append(persons, person) {
		if err := t.noteErasure(ErasedPart, partNumber(p, network)); err != nil {
			return err
		}
	}
	return nil
}
