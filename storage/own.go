package storage

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/buurtbot/buurtbot/bot"
)

// What is stored about one person ($1), section by section. A column is called as it is in the schema, or as it reads
// better; numbers of ours that name nothing are left out.
const (
	ownPerson = "#, name@persons.name, language, created"
	sqlPerson = "SELECT id, name, language, created FROM persons WHERE id = $1"

	ownAccounts = "#, platform, external@accounts.external, linked, preferred"
	sqlAccounts = "SELECT external, platform, sealed, linked, preferred FROM accounts WHERE person = $1 ORDER BY id"

	ownChats = "#, platform, external@chats.external, title@chats.title, language, reachable, seen, wrong_codes"
	sqlChats = "SELECT c.external, c.platform, c.sealed, c.title, c.language, c.reachable, c.seen, k.wrong FROM accounts a" +
		" JOIN chats c ON c.id = a.chat LEFT JOIN knocks k ON k.chat = c.id WHERE a.person = $1 ORDER BY c.id"

	ownMembership = "network, street_group, street, standing, rules, urgent, nearby, digest, since, " +
		"verified_method, verified_at, " +
		"quiet_from," +
		" quiet_until, away_until, asked_at, silences, rules_at, rules_asked, wishes"
	sqlMembership = "SELECT n.name, g.name, s.name, m.standing, m.rules, m.urgent, m.nearby, m.digest, m.since," +
		" m.verified_method, " +
		"m.verified_at," +
		" m.quiet_from, m.quiet_until, m.away_until, m.asked_at, m.silences, m.rules_at, m.rules_asked," +
		" m.wishes FROM memberships m JOIN areas n ON n.id = m.network" +
		" LEFT JOIN areas g ON g.id = m.grp LEFT JOIN areas s ON s.id = m.street WHERE m.person = $1"

	ownRoles = "role, area, starts, ends, granted_at, revoked_at"
	sqlRoles = "SELECT r.role, a.name, r.starts, r.ends, r.granted_at, r.revoked_at FROM roles r" +
		" LEFT JOIN areas a ON a.id = r.area WHERE r.person = $1 ORDER BY r.id"

	ownAttendance = "#, room@chats.title"
	sqlAttendance = "SELECT c.external, c.title FROM attendance p JOIN chats c ON c.id = p.chat WHERE p.person = $1 ORDER BY c.id"

	ownClaims    = "role, made, expires"
	sqlOwnClaims = "SELECT i.role, c.made, c.expires FROM claims c JOIN invites i ON i.id = c.invite WHERE c.person = $1"

	ownReports = "#, case, filed, text@reports.text, happened, happened_at, street, point@reports.point," +
		" words@reports.words, called, language, source," +
		" behaviour, direction, weapons, injured, people_count, may_contact, about_member, on_behalf_of," +
		" persons@reports.persons, vehicles@reports.vehicles, extra@reports.extra, kind, police@reports.police," +
		" pieces@reports.pieces, verdict"
	sqlOwnReports = "SELECT r.id, c.ref, r.filed, r.text, r.happened, r.happened_at, a.name, r.point, r.words, " +
		"r.called," +
		" r.language, r.source, r.behaviour, r.direction, r.weapons, r.injured, r.people_count, r.may_contact, r.about_member," +
		" r.on_behalf_of, r.persons, r.vehicles, r.extra, r.kind, r.police, r.pieces, r.verdict FROM reports r" +
		" JOIN cases c ON c.id = r.case_id" +
		" LEFT JOIN areas a ON a.id = r.street WHERE r.reporter = $1 ORDER BY r.filed, r.id"

	ownPictures = "case, kind, created, bytes"
	sqlPictures = "SELECT c.ref, m.kind, m.created, length(m.data) FROM reports r JOIN report_media p ON p.report = r.id" +
		" JOIN media m ON m.id = p.media JOIN cases c ON c.id = r.case_id WHERE r.reporter = $1 ORDER BY m.id"

	ownQuestions    = "#, case, question@questions.text, asked, answer@questions.answer, answered"
	sqlOwnQuestions = "SELECT q.id, c.ref, q.text, q.asked, q.answer, q.answered FROM reports r JOIN questions q" +
		" ON q.case_id = " +
		"r.case_id" +
		" AND q.report = r.id JOIN cases c ON c.id = r.case_id WHERE r.reporter = $1 ORDER BY q.id"

	ownForms = "#, form, answers@sessions.answers, touched, expires"
	sqlForms = "SELECT s.account, s.form, s.answers, s.touched, s.expires FROM accounts a JOIN sessions s ON s.chat = a.chat" +
		" WHERE a.person = $1 ORDER BY s.parked"

	ownHeard = "alert, notice, status, at"
	sqlHeard = "SELECT al.ref, d.notice, d.status, d.at FROM deliveries d JOIN alerts al ON al.id = d.alert" +
		" WHERE d.person = $1 AND d.person > 0 ORDER BY d.id"

	ownReplies    = "alert, at"
	sqlOwnReplies = "SELECT al.ref, r.at FROM alert_replies r JOIN alerts al ON al.id = r.alert WHERE r.person = $1" +
		" ORDER BY r.at"

	ownWork = "case, status, changed"
	sqlWork = "SELECT ref, status, changed FROM cases WHERE owner = $1 AND owner <> 0 ORDER BY id"

	ownNotes = "#, case, text@notes.text, at"
	sqlNotes = "SELECT n.id, c.ref, n.text, n.at FROM notes n JOIN cases c ON c.id = n.case_id WHERE n.author = $1 ORDER BY n.id"

	ownAsked = "#, case, question@questions.text, asked"
	sqlAsked = "SELECT q.id, c.ref, q.text, q.asked FROM questions q JOIN cases c ON c.id = q.case_id WHERE q.asked_by = $1" +
		" ORDER BY q.id"

	ownHandovers    = "case, partner, status, at"
	sqlOwnHandovers = "SELECT c.ref, h.partner, h.status, h.at FROM handovers h JOIN cases c ON c.id = h.case_id" +
		" WHERE h.given = $1 ORDER BY h.at"

	ownIssued = "alert, kind, status, issued"
	sqlIssued = "SELECT ref, kind, status, issued FROM alerts WHERE issuer = $1 ORDER BY id"

	ownApproved = "alert, kind, status, issued"
	sqlApproved = "SELECT ref, kind, status, issued FROM alerts WHERE second = $1 ORDER BY id"

	ownInvites = "kind, role, room, created, expires, used_at"
	sqlInvites = "SELECT kind, role, room, created, expires, used_at FROM invites WHERE made_by = $1 OR used_by = $1 ORDER BY id"

	// The words are those of somebody else.
	ownLookups    = "kind, made, expires"
	sqlOwnLookups = "SELECT kind, made, expires FROM lookups WHERE person = $1 ORDER BY id"

	ownAbsences    = "starts, ends"
	sqlOwnAbsences = "SELECT starts, ends FROM absences WHERE person = $1"

	ownSanctions    = "#, measure, reason, words@sanctions.words, at, until, appeal@sanctions.appeal, appealed, ruling, ruled"
	sqlOwnSanctions = "SELECT s.id, s.measure, s.breach, s.words, s.at, s.until, s.appeal, s.appealed, s.ruling, s.ruled" +
		" FROM sanctions s WHERE s.person = $1 ORDER BY s.id"

	ownGiven    = "measure, reason, at"
	sqlOwnGiven = "SELECT measure, breach, at FROM sanctions WHERE given = $1 OR judge = $1 ORDER BY id"

	ownTrail    = "at, action, object, detail"
	sqlOwnTrail = "SELECT at, action, object, detail FROM audit WHERE actor = $1 OR actor IN" +
		" (SELECT old FROM aliases WHERE person = $1) ORDER BY seq"
)

// ownSections are the sections in the order in which they are read.
var ownSections = []struct{ name, columns, query string }{
	{"person", ownPerson, sqlPerson},
	{"accounts", ownAccounts, sqlAccounts},
	{"chats", ownChats, sqlChats},
	{"membership", ownMembership, sqlMembership},
	{"rooms", ownAttendance, sqlAttendance},
	{"roles", ownRoles, sqlRoles},
	{"roles to be confirmed", ownClaims, sqlOwnClaims},
	{"reports", ownReports, sqlOwnReports},
	{"pictures", ownPictures, sqlPictures},
	{"questions to you", ownQuestions, sqlOwnQuestions},
	{"forms", ownForms, sqlForms},
	{"alerts sent to you", ownHeard, sqlHeard},
	{"alerts you answered", ownReplies, sqlOwnReplies},
	{"cases you work on", ownWork, sqlWork},
	{"notes by you", ownNotes, sqlNotes},
	{"questions by you", ownAsked, sqlAsked},
	{"cases handed over by you", ownHandovers, sqlOwnHandovers},
	{"alerts by you", ownIssued, sqlIssued},
	{"alerts approved or reviewed by you", ownApproved, sqlApproved},
	{"invitations by or to you", ownInvites, sqlInvites},
	{"searches by you for people who are no members", ownLookups, sqlOwnLookups},
	{"when you are away", ownAbsences, sqlOwnAbsences},
	{"measures for you", ownSanctions, sqlOwnSanctions},
	{"measures by you", ownGiven, sqlOwnGiven},
	{"audit trail", ownTrail, sqlOwnTrail},
}

// ownMoments are the columns that hold a time.
var ownMoments = []string{
	"created", "linked", "seen", "since", "verified_at", "away_until", "asked_at", "rules_at", "rules_asked", "starts", "ends",
	"granted_at", "revoked_at", "made", "expires", "filed", "happened_at", "asked", "answered", "touched", "at", "changed",
	"issued", "used_at", "until", "appealed", "ruled",
}

// Own implements [bot.CivicTx].
func (t *tx) Own(_ context.Context, person int64) ([]bot.OwnSection, error) {
	var sections []bot.OwnSection
	for _, s := range ownSections {
		names := strings.Split(s.columns, ", ")
		rows, err := all(t, func(r row) (map[string]any, error) { return t.store.ring.scanOwn(r, names) }, s.query, person)
		if err != nil {
			return nil, about(err, "what is stored about person %d: %s", person, s.name)
		}
		if len(rows) > 0 {
			sections = append(sections, bot.OwnSection{Name: s.name, Rows: rows})
		}
	}
	return sections, nil
}

// scanOwn reads a row as it is, without what is empty; times are written out. A column called # is the key of the row, to
// which the cells of columns with a place behind their name are bound; both are left out.
func (s *ring) scanOwn(r row, names []string) (map[string]any, error) {
	cells := make([]any, len(names))
	into := make([]any, len(names))
	for i := range cells {
		into[i] = &cells[i]
	}
	if err := r.Scan(into...); err != nil {
		return nil, err
	}
	own := map[string]any{}
	for i, name := range names {
		name, place, isSealed := strings.Cut(name, "@")
		if isSealed {
			var err error
			if cells[i], err = s.opened(place, fmt.Sprint(cells[0]), cells[i]); err != nil {
				return nil, err
			}
		}
		if value := s.readable(name, cells[i]); value != nil && name != "#" {
			own[name] = value
		}
	}
	return own, nil
}

// readable is a cell as people read it; nil when there is nothing in it.
func (s *ring) readable(name string, cell any) any {
	switch v := cell.(type) {
	case []byte:
		return string(v)
	case int64:
		switch {
		case name == "bytes":
			return s.sizeOf(v)
		case !slices.Contains(ownMoments, name):
			return v
		case v == 0:
			return nil
		}
		return moment(v).UTC().Format(time.RFC3339)
	case string:
		if v == "" {
			return nil
		}
	}
	return cell
}

const (
	sqlCasesOf    = "SELECT DISTINCT case_id FROM reports WHERE reporter = $1"
	sqlEraseMine1 = "DELETE FROM media WHERE id IN (SELECT m.media FROM reports r JOIN report_media m ON m.report = r.id" +
		" WHERE r.reporter = $1)"
	sqlEraseMine2 = "UPDATE questions SET text = '', answer = '', message = ''" +
		" WHERE EXISTS (SELECT 1 FROM reports r WHERE r.id = questions.report" +
		" AND r.case_id = questions.case_id AND r.reporter = $1) AND case_id IN (SELECT case_id FROM reports WHERE reporter = $1)"
	sqlEraseMine3 = blankReport + "reporter = $1"
	// An appeal that nobody ruled on is taken back with its words; the measure itself stays, and names nobody.
	sqlEraseMine4 = "UPDATE sanctions SET words = '', appeal = '', chat = NULL," +
		" appealed = CASE ruled WHEN 0 THEN 0 ELSE appealed END WHERE person = $1"
)

// EraseOwn implements [bot.CivicTx].
func (t *tx) EraseOwn(_ context.Context, person int64) ([]int64, error) {
	cases, err := all(t, scanNumber, sqlCasesOf, person)
	if err != nil {
		return nil, about(err, "cases of person %d", person)
	}
	for _, query := range []string{sqlEraseMine1, sqlEraseMine2, sqlEraseMine3, sqlEraseMine4} {
		if err := t.run(query, person); err != nil {
			return nil, about(err, "erase what person %d told", person)
		}
	}
	if err := errors.Join(t.untell(cases...), t.noteAliases(ErasedOwn, person)); err != nil {
		return nil, about(err, "erase what person %d told", person)
	}
	return cases, about(t.noteErasure(ErasedOwn, person), "erase what person %d told", person)
}
