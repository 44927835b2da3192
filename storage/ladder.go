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
	sanctionColumns = "s.id, s.network, coalesce(s.grp, 0), coalesce(s.person, 0), s.measure, s.breach, s.words, s.role," +
		" s.given, s.at, s.until, coalesce(s.chat, 0), s.appeal, s.appealed, s.ruling, s.judge, s.ruled"
	sqlNewSanction = "INSERT INTO sanctions (network, grp, person, measure, breach, words, role, given, at, until, chat)" +
		" VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
	sqlSanctionWords = "UPDATE sanctions SET words = $2 WHERE id = $1"
	sqlSaveSanction  = "UPDATE sanctions SET until = $2, chat = $3, appeal = $4, appealed = $5, ruling = $6, judge = $7," +
		" ruled = $8 WHERE id = $1"
	sqlSanction  = "SELECT " + sanctionColumns + " FROM sanctions s WHERE s.id = $1"
	sqlSanctions = "SELECT " + sanctionColumns + " FROM sanctions s WHERE s.person = $1 AND s.network = $2" +
		" ORDER BY s.at DESC, s.id DESC"
	sqlBar    = "INSERT INTO barred (hash, sanction) VALUES ($1, $2) ON CONFLICT (hash, sanction) DO NOTHING"
	sqlBarred = "SELECT " + sanctionColumns + " FROM barred b JOIN sanctions s ON s.id = b.sanction WHERE b.hash = $1" +
		" AND s.network = $2 ORDER BY s.at DESC, s.id DESC"

	// $1 is thirty days ago, $2 is a year ago. A measure whose appeal nobody ruled on stays, with all its words.
	sqlBlankSanctions = "UPDATE sanctions SET words = '', appeal = '', chat = NULL WHERE at < $1" +
		" AND (appealed = 0 OR ruled > 0) AND (words <> '' OR appeal <> '' OR chat IS NOT NULL)"
	sqlDropSanctions = "DELETE FROM sanctions WHERE at < $2 AND until <= $1 AND at < $1 AND (appealed = 0 OR ruled > 0)"

	sqlUnbar = "DELETE FROM barred WHERE sanction IN (SELECT id FROM sanctions WHERE until <= $1 OR ruling = 'undone')"

	// Names are sealed, so they are compared here and not by the database.
	sqlMembersOf = "SELECT p.id, p.name, coalesce(m.street, 0) FROM memberships m JOIN persons p ON p.id = m.person" +
		" WHERE m.network = $1 AND m.standing = 'active' AND m.person <> $2 AND p.name <> '' AND" +
		" ($3 LIKE '%,' || m.network || ',%' OR $3 LIKE '%,' || m.grp || ',%' OR $3 LIKE '%,' || m.street || ',%') ORDER BY p.id"
)

func scanSanction(r row) (civic.Sanction, error) {
	var (
		s                          civic.Sanction
		at, until, appealed, ruled int64
	)
	err := r.Scan(&s.ID, &s.Network, &s.Group, &s.Person, &s.Measure, &s.Breach,
		sealed("sanctions.words", &s.ID, &s.Words), &s.Role, &s.By, &at, &until, &s.Chat,
		sealed("sanctions.appeal", &s.ID, &s.Appeal), &appealed, &s.Ruling, &s.Judge, &ruled)
	s.At, s.Until, s.Appealed, s.Ruled = moment(at), moment(until), moment(appealed), moment(ruled)
	return s, err
}

// AddSanction implements [bot.CivicTx].
func (t *tx) AddSanction(_ context.Context, s *civic.Sanction) error {
	id, err := t.insert(sqlNewSanction, int64(s.Network), null(s.Group), null(s.Person), string(s.Measure), string(s.Breach),
		"", string(s.Role), s.By, millis(s.At), millis(s.Until), null(s.Chat))
	if err != nil {
		return about(err, "measure for person %d", s.Person)
	}
	s.ID = id
	return about(t.run(sqlSanctionWords, id, secret("sanctions.words", id, s.Words)), "words of measure %d", id)
}

// SaveSanction implements [bot.CivicTx].
func (t *tx) SaveSanction(_ context.Context, s civic.Sanction) error {
	n, err := t.exec(sqlSaveSanction, s.ID, millis(s.Until), null(s.Chat),
		secret("sanctions.appeal", s.ID, s.Appeal), millis(s.Appealed), string(s.Ruling), s.Judge, millis(s.Ruled))
	return about(changed(n, err, bot.ErrNotFound), "measure %d", s.ID)
}

// Sanction implements [bot.CivicTx].
func (t *tx) Sanction(_ context.Context, id int64) (civic.Sanction, error) {
	s, err := one(t, scanSanction, sqlSanction, id)
	return s, about(err, "measure %d", id)
}

// SanctionsOf implements [bot.CivicTx].
func (t *tx) SanctionsOf(_ context.Context, network civic.AreaID, person int64) ([]civic.Sanction, error) {
	list, err := all(t, scanSanction, sqlSanctions, person, int64(network))
	return list, about(err, "measures for person %d", person)
}

// hashOf is an account as the table of the barred knows it.
func (s *Store) hashOf(who bot.UserRef) []byte {
	return s.keyed("barred", who.Platform, who.ID)
}

// Bar implements [bot.CivicTx].
func (t *tx) Bar(ctx context.Context, person, sanction int64) error {
	accounts, err := t.Accounts(ctx, person)
	if err != nil {
		return err
	}
	for _, who := range accounts {
		if err := t.run(sqlBar, t.store.hashOf(bot.UserRef{Platform: who.Platform, ID: who.External}), sanction); err != nil {
			return about(err, "bar person %d", person)
		}
	}
	return nil
}

// BarredBy implements [bot.CivicTx].
func (t *tx) BarredBy(_ context.Context, network civic.AreaID, who bot.UserRef) ([]civic.Sanction, error) {
	list, err := all(t, scanSanction, sqlBarred, t.store.hashOf(who), int64(network))
	return list, about(err, "measures for an account")
}

// RetireSanctions implements [bot.CivicTx].
func (t *tx) RetireSanctions(_ context.Context, at, words, rows time.Time) error {
	if err := t.run(sqlUnbar, millis(at)); err != nil {
		return about(err, "who is barred no more")
	}
	if err := t.run(sqlBlankSanctions, millis(words)); err != nil {
		return about(err, "words of old measures")
	}
	return about(t.run(sqlDropSanctions, millis(words), millis(rows)), "old measures")
}

// MembersNamed implements [bot.CivicTx].
func (t *tx) MembersNamed(_ context.Context, q bot.NameQuery, limit int) ([]civic.Member, error) {
	list, err := all(t, func(r row) (m civic.Member, err error) {
		err = r.Scan(&m.ID, sealed(placeName, &m.ID, &m.Name), &m.Street)
		return m, err
	}, sqlMembersOf, int64(q.Network), q.But, between(q.Areas))
	list = slices.DeleteFunc(list, func(m civic.Member) bool { return !strings.EqualFold(strings.TrimSpace(m.Name), q.Name) })
	return list[:min(limit, len(list))], about(err, "members of a name")
}
