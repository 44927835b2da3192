package storage

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

const (
	sqlPersonByAccount = "SELECT person FROM accounts WHERE platform = $1 AND external = $2"
	sqlNewPerson       = "INSERT INTO persons (name, language, created, id) VALUES ($1, $2, $3, $4)"
	sqlNewAccount      = "INSERT INTO accounts (platform, external, person, chat, linked, sealed)" +
		" VALUES ($1, $2, $3, $4, $5, $6)"
	sqlAccountChat = "UPDATE accounts SET chat = $3 WHERE platform = $1 AND external = $2"
	// The chat that can be reached, else any; of several the preferred one, else the one linked last.
	sqlOwner       = "SELECT person FROM accounts WHERE chat = $1 ORDER BY id LIMIT 1"
	sqlPrivateChat = "SELECT c.id FROM accounts a JOIN chats c ON c.id = a.chat WHERE a.person = $1" +
		" ORDER BY c.reachable DESC, a.preferred DESC, a.linked DESC, a.id DESC LIMIT 1"
	// A guest leaves nothing behind once what was said has been delivered.
	sqlSweep = "DELETE FROM chats WHERE kind = 'private' AND seen < $1" +
		" AND NOT EXISTS (SELECT 1 FROM accounts a WHERE a.chat = chats.id)" +
		" AND NOT EXISTS (SELECT 1 FROM sessions s WHERE s.chat = chats.id)" +
		" AND NOT EXISTS (SELECT 1 FROM sanctions n WHERE n.chat = chats.id)" +
		" AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.chat = chats.id AND o.state = 'pending')" +
		" AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.chat = chats.id AND o.state = 'sending')"

	sqlMember = "SELECT p.id, p.name, p.language, coalesce(m.network, 0), coalesce(m.grp, 0), coalesce(m.street, 0)," +
		" coalesce(m.standing, ''), coalesce(m.rules, 0), " + wishColumns + " FROM persons p" +
		" LEFT JOIN memberships m ON m.person = p.id WHERE p.id = $1" +
		" ORDER BY coalesce(m.standing, '') = '', m.since, m.network"
	sqlSavePerson     = "UPDATE persons SET name = $2, language = $3 WHERE id = $1"
	sqlSaveMembership = "INSERT INTO memberships (person, network, grp, street, standing, rules, since, urgent, nearby," +
		" quiet_from, quiet_until, away_until, digest) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)" +
		" ON CONFLICT (person, network) DO UPDATE SET" +
		" grp = excluded.grp, street = excluded.street, standing = excluded.standing, rules = excluded.rules," +
		" urgent = excluded.urgent, nearby = excluded.nearby, quiet_from = excluded.quiet_from," +
		" quiet_until = excluded.quiet_until, away_until = excluded.away_until, digest = excluded.digest"

	sqlGrants    = "SELECT role, coalesce(area, 0), starts, ends FROM roles WHERE person = $1 AND revoked_at IS NULL ORDER BY id"
	sqlSaveGrant = "UPDATE roles SET starts = $4, ends = $5 WHERE person = $1 AND role = $2 AND coalesce(area, 0) = $3" +
		" AND revoked_at IS NULL"
	sqlNewGrant = "INSERT INTO roles (person, role, area, starts, ends, granted_by, granted_at)" +
		" VALUES ($1, $2, $3, $4, $5, $6, $7)"
	sqlRevoke = "UPDATE roles SET revoked_at = $4 WHERE person = $1 AND role = $2 AND coalesce(area, 0) = $3" +
		" AND revoked_at IS NULL"
	sqlHolders = "SELECT person, starts, ends FROM roles WHERE role = $1 AND area IN ($2, $3, $4) AND revoked_at IS NULL" +
		" ORDER BY person"

	// Pictures of drafts; those of reports stay with their case.
	sqlForgetPictures = "DELETE FROM media WHERE owner IN (SELECT chat FROM accounts WHERE person = $1)" +
		" AND NOT EXISTS (SELECT 1 FROM report_media r WHERE r.media = media.id)"
	sqlForgetSessions = "DELETE FROM sessions WHERE chat IN (SELECT chat FROM accounts WHERE person = $1)"
	sqlForgetLedger   = "UPDATE deliveries SET person = -person WHERE person = $1 AND person > 0"
	sqlForgetPerson   = "DELETE FROM persons WHERE id = $1"
)

// Identify implements [bot.ChatTx].
func (t *tx) Identify(ctx context.Context, who bot.UserRef) (civic.Member, error) {
	key := accountOf(who)
	person, known := t.mem.persons.get(key)
	if !known {
		var err error
		if person, err = t.found(sqlPersonByAccount, who.Platform, t.store.lookup(who)); err != nil {
			return civic.Member{}, about(err, "identify")
		}
		t.mem.persons.put(key, person)
	}
	if person == 0 {
		return civic.Member{}, nil
	}
	return t.Member(ctx, person)
}

// Adopt implements [bot.ChatTx]. An account that has a person already keeps it.
func (t *tx) Adopt(ctx context.Context, who bot.UserRef, chat int64, network civic.AreaID, at time.Time) (civic.Member, error) {
	m, err := t.Identify(ctx, who)
	if err != nil {
		return m, err
	}
	if m.ID != 0 {
		return m, about(t.run(sqlAccountChat, who.Platform, t.store.lookup(who), null(chat)), "account of person %d", m.ID)
	}
	id, err := t.nextID("persons")
	if err != nil {
		return m, err
	}
	if err := t.run(sqlNewPerson, secret(placeName, id, who.Name), who.Language, millis(at), id); err != nil {
		return m, about(err, "new person")
	}
	if err := t.newAccount(who, chat, id, at); err != nil {
		return m, err
	}
	t.mem.touch()
	t.mem.persons.put(accountOf(who), id)
	m = civic.Member{ID: id, Network: network, Name: who.Name, Language: who.Language}
	return m, t.SaveMember(ctx, m, at)
}

// newAccount stores an account of a person.
func (t *tx) newAccount(who bot.UserRef, chat, person int64, at time.Time) error {
	lookup := t.store.lookup(who)
	err := t.run(sqlNewAccount, who.Platform, lookup, person, null(chat), millis(at), sealing{placeAccount, lookup, who.ID})
	return about(err, "account of person %d", person)
}

// Owner implements [bot.ChatTx].
func (t *tx) Owner(_ context.Context, chat int64) (int64, error) {
	person, err := t.found(sqlOwner, chat)
	return person, about(err, "owner of chat %d", chat)
}

// PrivateChat implements [bot.ChatTx].
func (t *tx) PrivateChat(_ context.Context, person int64) (int64, error) {
	id, err := t.found(sqlPrivateChat, person)
	return id, about(err, "private chat of person %d", person)
}

// Sweep implements [bot.ChatTx].
func (t *tx) Sweep(_ context.Context, before time.Time) (int, error) {
	n, err := t.exec(sqlSweep, millis(before))
	if n > 0 {
		t.mem.touch()
		t.mem.chats.clear()
		t.mem.places.clear()
	}
	return int(n), about(err, "sweep chats")
}

func scanMember(r row) (civic.Member, error) {
	var (
		m civic.Member
		w wish
	)
	into := []any{&m.ID, sealed(placeName, &m.ID, &m.Name), &m.Language, &m.Network, &m.Group, &m.Street, &m.Standing, &m.Rules}
	err := r.Scan(append(into, w.into()...)...)
	m.Wishes = w.wishes()
	return m, err
}

func scanGrant(r row) (civic.Grant, error) {
	var (
		g            civic.Grant
		starts, ends int64
	)
	err := r.Scan(&g.Role, &g.Area, &starts, &ends)
	g.From, g.Until = moment(starts), moment(ends)
	return g, err
}

// Member implements [bot.CivicTx].
func (t *tx) Member(_ context.Context, person int64) (civic.Member, error) {
	list, err := t.memberships(person)
	if err != nil {
		return civic.Member{}, err
	}
	m := list[0]
	m.Grants = slices.Clone(m.Grants)
	return m, nil
}

// MemberIn implements [bot.CivicTx].
func (t *tx) MemberIn(_ context.Context, person int64, network civic.AreaID) (civic.Member, error) {
	list, err := t.memberships(person)
	if err != nil {
		return civic.Member{}, err
	}
	m := list[0].In(network)
	if i := slices.IndexFunc(list, func(m civic.Member) bool { return m.Network == network }); i >= 0 {
		m = list[i]
	}
	m.Grants = slices.Clone(m.Grants)
	return m, nil
}

// Belongs implements [bot.CivicTx].
func (t *tx) Belongs(_ context.Context, person int64) ([]civic.AreaID, error) {
	list, err := t.memberships(person)
	var networks []civic.AreaID
	for _, m := range list {
		if m.Standing != civic.StandingNone {
			networks = append(networks, m.Network)
		}
	}
	return networks, err
}

// memberships are the person as each network knows them, the first one first; one at least, with the roles of all. The list
// is shared and must not be changed.
func (t *tx) memberships(person int64) ([]civic.Member, error) {
	if list, ok := t.mem.members.get(person); ok {
		return list, nil
	}
	list, err := all(t, scanMember, sqlMember, person)
	if err == nil && len(list) == 0 {
		err = bot.ErrNotFound
	}
	if err != nil {
		return nil, about(err, "person %d", person)
	}
	grants, err := all(t, scanGrant, sqlGrants, person)
	if err != nil {
		return nil, about(err, "roles of person %d", person)
	}
	for i := range list {
		list[i].Grants = grants
	}
	t.mem.members.put(person, list)
	return list, nil
}

// changeMember drops what is remembered of a person.
func (t *tx) changeMember(person int64) {
	t.mem.touch()
	t.mem.members.drop(person)
}

// SaveMember implements [bot.CivicTx].
func (t *tx) SaveMember(_ context.Context, m civic.Member, at time.Time) error {
	t.changeMember(m.ID)
	n, err := t.exec(sqlSavePerson, m.ID, secret(placeName, m.ID, m.Name), m.Language)
	if err := changed(n, err, bot.ErrNotFound); err != nil {
		return about(err, "person %d", m.ID)
	}
	args := []any{m.ID, int64(m.Network), null(m.Group), null(m.Street), string(m.Standing), m.Rules, millis(at)}
	err = t.run(sqlSaveMembership, append(args, wishArgs(m.Wishes)...)...)
	return about(err, "membership of person %d", m.ID)
}

// Forget implements [bot.CivicTx]. What others said and did stays; the ledger keeps a number that names nobody.
func (t *tx) Forget(_ context.Context, person int64, _ time.Time) error {
	t.mem.touch()
	t.mem.members.drop(person)
	t.mem.persons.clear()
	if err := t.noteAliases(ErasedPerson, person); err != nil {
		return about(err, "forget person %d", person)
	}
	for _, query := range []string{sqlForgetPictures, sqlForgetSessions, sqlForgetAside, sqlForgetLedger, sqlForgetPerson} {
		if err := t.run(query, person); err != nil {
			return about(err, "forget person %d", person)
		}
	}
	return about(t.noteErasure(ErasedPerson, person), "forget person %d", person)
}

// Grant implements [bot.CivicTx]. A role that the person holds in the area already gets the new times.
func (t *tx) Grant(_ context.Context, person int64, g civic.Grant, by int64) error {
	t.changeMember(person)
	n, err := t.exec(sqlSaveGrant, person, string(g.Role), int64(g.Area), millis(g.From), millis(g.Until))
	if err != nil || n > 0 {
		return about(err, "grant to person %d", person)
	}
	err = t.run(sqlNewGrant, person, string(g.Role), null(g.Area), millis(g.From), millis(g.Until), by, millis(t.store.now()))
	return about(err, "grant to person %d", person)
}

// Revoke implements [bot.CivicTx]. The row stays as long as the trail needs it.
func (t *tx) Revoke(_ context.Context, person int64, role civic.Role, area civic.AreaID, at time.Time) error {
	t.changeMember(person)
	return about(t.run(sqlRevoke, person, string(role), int64(area), millis(at)), "role of person %d", person)
}

// Holders implements [bot.CivicTx].
func (t *tx) Holders(_ context.Context, role civic.Role, scope civic.Scope, at time.Time) ([]int64, error) {
	held, err := remembered(t, func() ([]tenure, error) {
		return all(t, scanTenure, sqlHolders, string(role), int64(scope.Network), int64(scope.Group), int64(scope.Street))
	}, sqlHolders, role, scope)
	var list []int64
	for _, h := range held {
		if now := millis(at); h.starts <= now && (h.ends == 0 || h.ends > now) {
			list = append(list, h.person)
		}
	}
	return slices.Compact(list), about(err, "holders of %s", role)
}

// tenure is a role that somebody holds for a time; ends 0 = for good.
type tenure struct{ person, starts, ends int64 }

func scanTenure(r row) (h tenure, err error) {
	err = r.Scan(&h.person, &h.starts, &h.ends)
	return h, err
}

// missing reports whether a row was not there.
func missing(err error) bool { return errors.Is(err, bot.ErrNotFound) }
