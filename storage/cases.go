package storage

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

const (
	caseColumns = "c.id, c.ref, c.network, coalesce(c.grp, 0), coalesce(c.street, 0), c.status, c.version, c.category," +
		" c.urgency, c.verification, c.called, c.owner, c.reason, c.reason_text, c.created, c.changed," +
		" coalesce(c.snoozed_till, 0), coalesce(c.alert, 0), c.subject, coalesce(c.merged_into, 0), coalesce(c.merged_at, 0)," +
		" coalesce(c.promised, 0), coalesce(c.answered, 0), c.again"

	sqlNewCase = "INSERT INTO cases (ref, network, grp, street, status, version, category, urgency, verification, called," +
		" owner, reason, reason_text, created, changed, alert, subject, promised)" +
		" VALUES ($1, $2, $3, $4, $5, 1, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)" +
		" ON CONFLICT (ref) DO NOTHING RETURNING id"
	sqlCase      = "SELECT " + caseColumns + " FROM cases c WHERE c.id = $1"
	sqlCaseByRef = "SELECT " + caseColumns + " FROM cases c WHERE c.ref = $1"
	sqlSaveCase  = "UPDATE cases SET grp = $3, street = $4, status = $5, version = version + 1, category = $6, urgency = $7," +
		" verification = $8, called = $9, owner = $10, reason = $11, reason_text = $12, changed = $13," +
		" snoozed_till = $14, merged_into = $15, merged_at = $16, promised = $17, answered = $18, again = $19" +
		" WHERE id = $1 AND version = $2"
	// What a reader may see, as [civic.Member.Reader] says it: $1 are areas of work, $2 the areas in which they read what is
	// sensitive, $3 the categories that are, $4 the subjects that they may be. Each is a list between commas.
	seen = "($1 LIKE '%,' || c.network || ',%' OR $1 LIKE '%,' || c.grp || ',%' OR $1 LIKE '%,' || c.street || ',%')" +
		" AND (c.alert IS NULL AND $3 NOT LIKE '%,' || c.category || ',%' OR $2 LIKE '%,' || c.network || ',%'" +
		" OR $2 LIKE '%,' || c.grp || ',%' OR $2 LIKE '%,' || c.street || ',%')" +
		" AND (c.subject = '' OR $4 NOT LIKE '%,' || c.subject || ',%')"
	sqlOpenCases = "SELECT " + caseColumns + " FROM cases c WHERE c.network = $5" +
		" AND c.status NOT IN ('resolved', 'closed', 'duplicate', 'withdrawn')" +
		" AND ($6 = 0 OR c.owner = $6) AND ($7 = 0 OR c.street = $7) AND ($8 = 0 OR c.grp = $8)" +
		" AND ($9 = 0 OR c.status IN ('forwarded', 'accepted', 'planned')) AND " + seen +
		" ORDER BY CASE c.urgency WHEN 'emergency' THEN 0 WHEN 'today' THEN 1 WHEN 'info' THEN 3 ELSE 2 END, c.created LIMIT $10"
	// With who may read of both cases being the same, nobody reads more when the two are one.
	sqlSimilarCases = "SELECT " + caseColumns + " FROM cases c WHERE c.network = $5" +
		" AND c.status NOT IN ('resolved', 'closed', 'duplicate', 'withdrawn')" +
		" AND c.id <> $6 AND c.created BETWEEN $7 AND $8 AND c.subject = $9 AND coalesce(c.alert, 0) = $10" +
		" AND CASE WHEN c.alert IS NOT NULL OR $3 LIKE '%,' || c.category || ',%' THEN 1 ELSE 0 END = $11 AND " + seen +
		" ORDER BY CASE WHEN c.category = $12 THEN 0 ELSE 1 END + CASE WHEN c.street = $13 THEN 0 ELSE 1 END," +
		" c.urgency <> 'emergency', c.created LIMIT $14"
)

func scanCase(r row) (civic.Case, error) {
	var (
		c                civic.Case
		created, changed int64
		snoozed, merged  int64
		promised, heard  int64
	)
	err := r.Scan(&c.ID, &c.Ref, &c.Network, &c.Group, &c.Street, &c.Status, &c.Version, &c.Category, &c.Urgency,
		&c.Verification, &c.Called, &c.Owner, &c.Reason,
		sealed("cases.reason_text", &c.Ref, &c.ReasonText), &created, &changed, &snoozed, &c.Alert, &c.Subject,
		&c.MergedInto, &merged, &promised, &heard, &c.Again)
	c.Created, c.Changed, c.SnoozedTill = moment(created), moment(changed), moment(snoozed)
	c.MergedAt, c.Promised, c.Answered = moment(merged), moment(promised), moment(heard)
	return c, err
}

// CreateCase implements [bot.CivicTx].
func (t *tx) CreateCase(_ context.Context, c *civic.Case) error {
	id, err := one(t, scanNumber, sqlNewCase, c.Ref, int64(c.Network), null(c.Group), null(c.Street), string(c.Status),
		string(c.Category), string(c.Urgency), string(c.Verification), string(c.Called), c.Owner, string(c.Reason),
		sealing{"cases.reason_text", c.Ref, c.ReasonText}, millis(c.Created), millis(c.Changed), null(c.Alert),
		string(c.Subject), null(millis(c.Promised)))
	if missing(err) {
		return about(bot.ErrConflict, "case %s", c.Ref)
	}
	c.ID, c.Version = id, 1
	return about(err, "case %s", c.Ref)
}

// Case implements [bot.CivicTx].
func (t *tx) Case(_ context.Context, id int64) (civic.Case, error) {
	c, err := one(t, scanCase, sqlCase, id)
	return c, about(err, "case %d", id)
}

// CaseByRef implements [bot.CivicTx].
func (t *tx) CaseByRef(_ context.Context, ref string) (civic.Case, error) {
	c, err := one(t, scanCase, sqlCaseByRef, ref)
	return c, about(err, "case by reference")
}

// SaveCase implements [bot.CivicTx].
func (t *tx) SaveCase(_ context.Context, c *civic.Case) error {
	n, err := t.exec(sqlSaveCase, c.ID, c.Version, null(c.Group), null(c.Street), string(c.Status), string(c.Category),
		string(c.Urgency), string(c.Verification), string(c.Called), c.Owner, string(c.Reason),
		sealing{"cases.reason_text", c.Ref, c.ReasonText}, millis(c.Changed),
		null(millis(c.SnoozedTill)), null(c.MergedInto), null(millis(c.MergedAt)), null(millis(c.Promised)),
		null(millis(c.Answered)), c.Again)
	if err := changed(n, err, bot.ErrConflict); err != nil {
		return about(err, "case %s", c.Ref)
	}
	c.Version++
	return nil
}

// OpenCases implements [bot.CivicTx].
func (t *tx) OpenCases(_ context.Context, q civic.Queue, limit int) ([]civic.Case, error) {
	partner := 0
	if q.Partner {
		partner = 1
	}
	args := append(readerArgs(q.Reader), int64(q.Network), q.Owner, int64(q.Street), int64(q.Group), partner, limit)
	list, err := all(t, scanCase, sqlOpenCases, args...)
	return list, about(err, "open cases of %d", q.Network)
}

// SimilarCases implements [bot.CivicTx].
func (t *tx) SimilarCases(
	_ context.Context, r civic.Reader, c civic.Case, apart time.Duration, limit int,
) ([]civic.Case, error) {
	hidden := 0
	if c.Sensitive() {
		hidden = 1
	}
	args := append(readerArgs(r), int64(c.Network), c.ID, millis(c.Created.Add(-apart)), millis(c.Created.Add(apart)),
		string(c.Subject), c.Alert, hidden, string(c.Category), int64(c.Street), limit)
	list, err := all(t, scanCase, sqlSimilarCases, args...)
	return list, about(err, "cases like %s", c.Ref)
}

// readerArgs are the values of $1 to $4 in what is asked for a reader.
func readerArgs(r civic.Reader) []any {
	return []any{between(r.Work), between(r.Sensitive), sensitive(), between(r.Barred)}
}

// between lists values, each between commas.
func between[V ~int64 | ~string](list []V) string {
	var b strings.Builder
	b.WriteByte(',')
	for _, v := range list {
		fmt.Fprintf(&b, "%v,", v)
	}
	return b.String()
}
