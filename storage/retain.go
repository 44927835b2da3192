package storage

import (
	"context"
	"fmt"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// What is ripe is found and erased by the same words, so that nothing is erased that a dry run does not name.
const (
	// What is ripe in one network is counted there.
	ripeCount = "SELECT count(*) FROM ("
	caseIn    = ") q JOIN cases k ON k.id = q.id WHERE k.network = "
	alertIn   = ") q JOIN alerts k ON k.id = q.id WHERE k.network = "

	ended    = "c.status IN ('resolved', 'closed', 'duplicate', 'withdrawn')"
	accepted = "EXISTS (SELECT 1 FROM handovers h WHERE h.case_id = r.case_id" +
		" AND h.status IN ('accepted', 'planned', 'resolved', 'closed'))"
	endedBefore = "EXISTS (SELECT 1 FROM cases c WHERE c.id = r.case_id AND " + ended + " AND c.changed < "
	hasText     = "(r.text <> '' OR r.words <> '' OR r.behaviour IS NOT NULL OR r.direction IS NOT NULL OR r.persons IS NOT " +
		"NULL" +
		" OR r.vehicles IS NOT NULL OR r.extra IS NOT NULL OR r.police IS NOT NULL OR r.landmark IS NOT NULL)"
	blankText = "UPDATE reports AS r SET text = '', words = '', behaviour = NULL, direction = NULL, on_behalf_of = NULL," +
		" persons = NULL, vehicles = NULL, extra = NULL, police = NULL, landmark = NULL WHERE r.case_id = "

	ripePicture  = "(r.filed < $1 OR " + accepted + ")"
	ripePictures = "SELECT DISTINCT r.case_id AS id FROM reports r WHERE (r.point IS NOT NULL OR EXISTS" +
		" (SELECT 1 FROM report_media m WHERE m.report = r.id)) AND " + ripePicture
	sqlRipePictures   = ripePictures + " ORDER BY 1 LIMIT $2"
	sqlRipePicturesIn = ripeCount + ripePictures + caseIn + "$2"
	sqlRetirePictures = "DELETE FROM media WHERE id IN (SELECT m.media FROM reports r JOIN report_media m ON m.report = r.id" +
		" WHERE r.case_id = $2 AND " + ripePicture + ")"
	sqlRetirePlaces = "UPDATE reports AS r SET point = NULL WHERE r.case_id = $2 AND " + ripePicture

	ripeSensitive = accepted + " AND EXISTS (SELECT 1 FROM cases c WHERE c.id = r.case_id AND $1 LIKE '%,' || c.category " +
		"|| ',%')"
	answered       = "r.answer <> '' AND r.partner = ''" // what a partner asks after accepting, it has to read first
	ripeSensitives = "SELECT case_id AS id FROM (SELECT r.case_id FROM reports r WHERE " + hasText + " AND " + ripeSensitive +
		" UNION SELECT r.case_id FROM questions r WHERE " + answered + " AND " + ripeSensitive +
		" UNION SELECT r.case_id FROM notes r WHERE " + ripeSensitive +
		" UNION SELECT r.case_id FROM handovers r WHERE r.words <> '' AND " + ripeSensitive + ") q"
	sqlRipeSensitive    = ripeSensitives + " ORDER BY 1 LIMIT $2"
	sqlRipeSensitiveIn  = ripeCount + ripeSensitives + caseIn + "$2"
	sqlRetireSensitive  = blankText + "$2 AND " + ripeSensitive
	sqlRetireSensitive2 = "UPDATE questions AS r SET text = '', answer = '' WHERE r.case_id = $2 AND " + answered + " AND " +
		ripeSensitive
	sqlRetireSensitive3 = "DELETE FROM notes WHERE id IN (SELECT r.id FROM notes r WHERE r.case_id = $2 AND " + ripeSensitive +
		")"
	sqlRetireSensitive4 = "UPDATE handovers AS r SET words = '' WHERE r.case_id = $2 AND " + ripeSensitive

	ripeAnswer       = "(r.text <> '' OR r.answer <> '') AND r.asked < $2 AND " + ripeSensitive
	ripeAnswers      = "SELECT DISTINCT r.case_id AS id FROM questions r WHERE " + ripeAnswer
	sqlRipeAnswers   = ripeAnswers + " ORDER BY 1 LIMIT $3"
	sqlRipeAnswersIn = ripeCount + ripeAnswers + caseIn + "$3"
	sqlRetireAnswers = "UPDATE questions AS r SET text = '', answer = '' WHERE r.case_id = $3 AND " + ripeAnswer

	ripeText  = "(r.filed < $1 OR " + endedBefore + "$2))"
	ripeTexts = "SELECT case_id AS id FROM (SELECT r.case_id FROM reports r WHERE " + hasText + " AND " + ripeText +
		" UNION SELECT r.case_id FROM questions r WHERE (r.text <> '' OR r.answer <> '') AND (r.asked < $1 OR " +
		endedBefore + "$2))" +
		" UNION SELECT r.case_id FROM notes r WHERE r.at < $1 OR " + endedBefore + "$2)" +
		" UNION SELECT r.case_id FROM handovers r WHERE r.words <> '' AND (r.at < $1 OR " + endedBefore + "$2))" +
		" UNION SELECT c.id FROM cases c WHERE c.reason_text <> '' AND " + ended + " AND c.changed < $2) q"
	sqlRipeTexts       = ripeTexts + " ORDER BY 1 LIMIT $3"
	sqlRipeTextsIn     = ripeCount + ripeTexts + caseIn + "$3"
	sqlRetireTexts     = blankText + "$3 AND " + ripeText
	sqlRetireQuestions = "UPDATE questions AS r SET text = '', answer = '' WHERE r.case_id = $3 AND (r.asked < $1 OR " +
		endedBefore + "$2))"
	sqlRetireNotes = "DELETE FROM notes WHERE id IN (SELECT r.id FROM notes r WHERE r.case_id = $3 AND (r.at < $1 OR " +
		endedBefore + "$2)))"
	sqlRetireWords   = "UPDATE handovers AS r SET words = '' WHERE r.case_id = $3 AND (r.at < $1 OR " + endedBefore + "$2))"
	sqlRetireReasons = "UPDATE cases AS c SET reason_text = '' WHERE c.id = $3 AND " + ended + " AND (c.changed < $1 OR " +
		"c.changed < $2)"

	ripeReporters = "SELECT case_id AS id FROM (SELECT r.case_id FROM reports r WHERE r.reporter IS NOT NULL AND " +
		endedBefore + "$1)" +
		" UNION SELECT r.case_id FROM questions r WHERE r.asked_by <> 0 AND " + endedBefore + "$1)" +
		" UNION SELECT r.case_id FROM handovers r WHERE r.given <> 0 AND " + endedBefore + "$1)" +
		" UNION SELECT c.id FROM cases c WHERE c.owner <> 0 AND " + ended + " AND c.changed < $1) q"
	sqlRipeReporters   = ripeReporters + " ORDER BY 1 LIMIT $2"
	sqlRipeReportersIn = ripeCount + ripeReporters + caseIn + "$2"
	sqlRetireReporters = "UPDATE reports AS r SET reporter = NULL, pieces = NULL WHERE r.case_id = $2 AND " + endedBefore + "$1)"
	sqlRetireAskers    = "UPDATE questions AS r SET asked_by = 0 WHERE r.case_id = $2 AND " + endedBefore + "$1)"
	sqlRetireGivers    = "UPDATE handovers AS r SET given = 0 WHERE r.case_id = $2 AND " + endedBefore + "$1)"
	sqlRetireOwners    = "UPDATE cases AS c SET owner = 0 WHERE c.id = $2 AND " + ended + " AND c.changed < $1"

	ripeCases      = "SELECT c.id FROM cases c WHERE " + ended + " AND c.changed < $1"
	sqlRipeCases   = ripeCases + " ORDER BY 1 LIMIT $2"
	sqlRipeCasesIn = ripeCount + ripeCases + caseIn + "$2"
	ripeCase       = "(SELECT c.id FROM cases c WHERE c.id = $2 AND " + ended + " AND c.changed < $1)"
	sqlRetireCase1 = "DELETE FROM media WHERE id IN (SELECT m.media FROM reports r JOIN report_media m ON m.report = r.id" +
		" WHERE r.case_id IN " + ripeCase + ")"
	sqlRetireCase2 = "DELETE FROM reports WHERE case_id IN " + ripeCase
	sqlRetireCase3 = "DELETE FROM questions WHERE case_id IN " + ripeCase
	sqlRetireCase4 = "DELETE FROM notes WHERE case_id IN " + ripeCase
	sqlRetireCase5 = "DELETE FROM handovers WHERE case_id IN " + ripeCase
	sqlRetireCase6 = "UPDATE alerts SET case_id = NULL WHERE case_id IN " + ripeCase
	sqlRetireCase7 = "UPDATE cases SET merged_into = NULL WHERE merged_into IN " + ripeCase
	sqlRetireCase8 = "DELETE FROM cases WHERE id IN " + ripeCase

	// What is planned, or waits for a second officer, is no older than the time for which it is meant.
	ripeAlert  = "(a.until < $2 OR a.status NOT IN ('queued', 'checked') AND a.issued < $1)"
	ripeAlerts = "SELECT a.id FROM alerts a WHERE (a.text <> '' OR a.last <> '' OR a.kept_why <> '' OR EXISTS" +
		" (SELECT 1 FROM alert_versions v WHERE v.alert = a.id)) AND " + ripeAlert
	sqlRipeAlerts     = ripeAlerts + " ORDER BY 1 LIMIT $3"
	sqlRipeAlertsIn   = ripeCount + ripeAlerts + alertIn + "$3"
	sqlRetireAlert    = "UPDATE alerts AS a SET text = '', last = '', kept_why = '' WHERE a.id = $3 AND " + ripeAlert
	sqlRetireVersions = "DELETE FROM alert_versions WHERE alert IN (SELECT a.id FROM alerts a WHERE a.id = $3 AND " +
		ripeAlert + ")"
	ripeHearers = "a.until < $1 AND a.issued < $1"
	ripeHeard   = "SELECT a.id FROM alerts a WHERE (" +
		"EXISTS (SELECT 1 FROM deliveries d WHERE d.alert = a.id AND d.person > 0)" +
		" OR EXISTS (SELECT 1 FROM alert_replies p WHERE p.alert = a.id)) AND " + ripeHearers
	sqlRipeHearers   = ripeHeard + " ORDER BY 1 LIMIT $2"
	sqlRipeHearersIn = ripeCount + ripeHeard + alertIn + "$2"
	// How many heard it stays; a number of its own takes the place of each person, below those of people who left.
	sqlRetireHearers = "UPDATE deliveries SET person = -1099511627776 - id, chat = 0 WHERE person > 0 AND alert IN" +
		" (SELECT a.id FROM alerts a WHERE a.id = $2 AND " + ripeHearers + ")"
	sqlRetireReplies = "DELETE FROM alert_replies WHERE alert IN (SELECT a.id FROM alerts a WHERE a.id = $2 AND " +
		ripeHearers + ")"

	// Who takes part in nothing and holds no role any more: a role that nobody confirmed, or that ended a while ago, or a
	// membership that ended while a role went on. Whose report, measure or conversation is still on is known by that.
	ripeStrangers = "SELECT p.id FROM persons p WHERE p.created < $2" +
		" AND NOT EXISTS (SELECT 1 FROM memberships m WHERE m.person = p.id AND m.standing <> '')" +
		" AND NOT EXISTS (SELECT 1 FROM roles r WHERE r.person = p.id" +
		" AND (r.revoked_at IS NULL OR r.revoked_at >= $1) AND (r.ends = 0 OR r.ends >= $1))" +
		" AND NOT EXISTS (SELECT 1 FROM claims c WHERE c.person = p.id)" +
		" AND NOT EXISTS (SELECT 1 FROM reports r WHERE r.reporter = p.id)" +
		" AND NOT EXISTS (SELECT 1 FROM sanctions s WHERE s.person = p.id AND s.at >= $1)" +
		" AND NOT EXISTS (SELECT 1 FROM accounts a JOIN sessions s ON s.chat = a.chat WHERE a.person = p.id)"
	sqlRipeStrangers   = ripeStrangers + " ORDER BY 1 LIMIT $3"
	sqlRipeStrangersIn = ripeCount + ripeStrangers + ") q WHERE EXISTS (SELECT 1 FROM memberships m WHERE m.person = q.id" +
		" AND m.network = $3) OR EXISTS (SELECT 1 FROM roles r JOIN areas a ON a.id = r.area WHERE r.person = q.id" +
		" AND a.network = $3)"

	// The trail is old up to the first entry that is not ($1 is the time, $2 is now): one behind it may be of a clock that was
	// behind. One of a time to come is of a clock that was ahead, and holds nothing up.
	oldTrail = "at < $1 AND seq < coalesce((SELECT k.seq FROM audit k WHERE k.at BETWEEN $1 AND $2 ORDER BY k.seq LIMIT 1)," +
		" 9223372036854775807)"
	sqlOldTrail   = "SELECT count(*) FROM audit WHERE " + oldTrail
	sqlLastOld    = "SELECT seq, mac FROM audit WHERE " + oldTrail + " ORDER BY seq DESC LIMIT 1"
	sqlMoveAnchor = "INSERT INTO audit_anchor (one, seq, mac, seal) VALUES (1, $1, $2, $3)" +
		" ON CONFLICT (one) DO UPDATE SET seq = excluded.seq, mac = excluded.mac, seal = excluded.seal"
	sqlTrimTrail = "DELETE FROM audit WHERE seq <= (SELECT seq FROM audit_anchor WHERE one = 1)"
)

// answerLife is how long a partner may read what it asked and was answered in a sensitive case that it accepted (domain §2.4).
const answerLife = 7 * 24 * time.Hour

// strangerLife is how long somebody is left alone who was met just now: what makes them known may follow.
const strangerLife = 24 * time.Hour

// retiring is how one rule is carried out: args come first, then a limit or the number of a case, an alert or a person.
type retiring struct {
	find   string
	here   string // counts what find finds in a network, whose number comes last
	erase  []string
	args   func(r civic.Retention, at time.Time) []any
	forget bool // the whole person goes, as who leaves does
	words  bool // words go, so that no letter that is tried again may tell them
}

var retirings = map[civic.RetentionRule]retiring{
	civic.RetainPictures: {
		find: sqlRipePictures, here: sqlRipePicturesIn,
		erase: []string{sqlRetirePictures, sqlRetirePlaces},
		args:  func(r civic.Retention, at time.Time) []any { return []any{millis(at.Add(-r.Picture))} },
	},
	civic.RetainSensitive: {
		find: sqlRipeSensitive, here: sqlRipeSensitiveIn, words: true,
		erase: []string{sqlRetireSensitive, sqlRetireSensitive2, sqlRetireSensitive3, sqlRetireSensitive4},
		args:  func(civic.Retention, time.Time) []any { return []any{sensitive()} },
	},
	civic.RetainAnswers: {
		find: sqlRipeAnswers, here: sqlRipeAnswersIn, words: true,
		erase: []string{sqlRetireAnswers},
		args:  func(_ civic.Retention, at time.Time) []any { return []any{sensitive(), millis(at.Add(-answerLife))} },
	},
	civic.RetainTexts: {
		find: sqlRipeTexts, here: sqlRipeTextsIn, words: true,
		erase: []string{sqlRetireTexts, sqlRetireQuestions, sqlRetireNotes, sqlRetireReasons, sqlRetireWords},
		args: func(r civic.Retention, at time.Time) []any {
			return []any{millis(at.Add(-r.TextMost)), millis(at.Add(-r.Text))}
		},
	},
	civic.RetainReporters: {
		find: sqlRipeReporters, here: sqlRipeReportersIn,
		erase: []string{sqlRetireReporters, sqlRetireAskers, sqlRetireGivers, sqlRetireOwners},
		args:  func(r civic.Retention, at time.Time) []any { return []any{millis(at.Add(-r.Reporter))} },
	},
	civic.RetainCases: {
		find: sqlRipeCases, here: sqlRipeCasesIn, words: true,
		erase: []string{
			sqlRetireCase1, sqlRetireCase2, sqlRetireCase3, sqlRetireCase4, sqlRetireCase5, sqlRetireCase6, sqlRetireCase7,
			sqlRetireCase8,
		},
		args: func(r civic.Retention, at time.Time) []any { return []any{millis(at.Add(-r.Case))} },
	},
	civic.RetainAlerts: {
		find: sqlRipeAlerts, here: sqlRipeAlertsIn, words: true,
		erase: []string{sqlRetireVersions, sqlRetireAlert},
		args: func(r civic.Retention, at time.Time) []any {
			return []any{millis(at.Add(-r.TextMost)), millis(at.Add(-r.Text))}
		},
	},
	civic.RetainHearers: {
		find: sqlRipeHearers, here: sqlRipeHearersIn,
		erase: []string{sqlRetireHearers, sqlRetireReplies},
		args:  func(r civic.Retention, at time.Time) []any { return []any{millis(at.Add(-r.TextMost))} },
	},
	civic.RetainStrangers: {
		find: sqlRipeStrangers, here: sqlRipeStrangersIn, forget: true,
		args: func(r civic.Retention, at time.Time) []any {
			return []any{millis(at.Add(-r.Former)), millis(at.Add(-strangerLife))}
		},
	},
}

// sensitive lists the sensitive categories, each between commas.
func sensitive() string {
	var keys []civic.Category
	for _, c := range civic.Categories {
		if c.Sensitive {
			keys = append(keys, c.Key)
		}
	}
	return between(keys)
}

// Ripe implements [bot.CivicTx].
func (t *tx) Ripe(_ context.Context, rule civic.RetentionRule, r civic.Retention, at time.Time, limit int) ([]int64, error) {
	how, known := retirings[rule]
	if !known {
		return nil, fmt.Errorf("retention: there is no rule %q", rule)
	}
	ripe, err := all(t, scanNumber, how.find, append(how.args(r, at), limit)...)
	return ripe, about(err, "what is ripe: %s", rule)
}

// RipeIn implements [bot.CivicTx].
func (t *tx) RipeIn(
	_ context.Context, network civic.AreaID, rule civic.RetentionRule, r civic.Retention, at time.Time,
) (int, error) {
	how, known := retirings[rule]
	if !known {
		return 0, fmt.Errorf("retention: there is no rule %q", rule)
	}
	n, err := one(t, scanNumber, how.here, append(how.args(r, at), int64(network))...)
	return int(n), about(err, "what is ripe in %d: %s", network, rule)
}

// Retire implements [bot.CivicTx].
func (t *tx) Retire(ctx context.Context, rule civic.RetentionRule, r civic.Retention, at time.Time, number int64) error {
	how, known := retirings[rule]
	if !known {
		return fmt.Errorf("retention: there is no rule %q", rule)
	}
	if how.forget {
		return t.Forget(ctx, number, at)
	}
	for _, query := range how.erase {
		if err := t.run(query, append(how.args(r, at), number)...); err != nil {
			return about(err, "erase %s of %d", rule, number)
		}
	}
	if how.words {
		return about(t.blankAside(number), "letters about %s of %d", rule, number)
	}
	return nil
}

// OldTrail implements [bot.CivicTx].
func (t *tx) OldTrail(_ context.Context, before time.Time) (int, error) {
	n, err := one(t, scanNumber, sqlOldTrail, millis(before), millis(t.store.now()))
	return int(n), about(err, "old audit entries")
}

// TrimTrail implements [bot.CivicTx]. The trail holds from its anchor on, the newest of the entries that went, which is
// sealed: who has no key can clear away no more than the program did.
func (t *tx) TrimTrail(_ context.Context, before time.Time) error {
	last, err := one(t, scanHead, sqlLastOld, millis(before), millis(t.store.now()))
	if missing(err) {
		return nil // nothing is that old: the anchor stays
	}
	if err != nil {
		return about(err, "anchor of the audit trail")
	}
	if err := t.run(sqlMoveAnchor, last.seq, last.mac, t.store.anchorSeal(last)); err != nil {
		return about(err, "anchor of the audit trail")
	}
	return about(t.run(sqlTrimTrail), "old audit entries")
}

var _ bot.CivicTx = (*tx)(nil)
