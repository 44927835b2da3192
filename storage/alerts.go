package storage

import (
	"context"
	"crypto/sha256"
	"fmt"
	"strconv"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

const (
	alertColumns = "id, ref, network, kind, status, version, coalesce(case_id, 0), text, until, issuer, issued, last," +
		" sender, drill, coalesce(second, 0), seal, planned, photo, kept_why, kept_until, happened"

	sqlNewAlert = "INSERT INTO alerts (ref, network, kind, status, version, case_id, text, until, issuer, issued, last," +
		" sender, drill, seal, planned, photo, kept_why, kept_until, happened)" +
		" VALUES ($1, $2, $3, $4, 1, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)" +
		" ON CONFLICT (ref) DO NOTHING RETURNING id"
	sqlNewAlertArea = "INSERT INTO alert_areas (alert, area) VALUES ($1, $2) ON CONFLICT (alert, area) DO NOTHING"
	sqlAlertVersion = "INSERT INTO alert_versions (alert, version, status, text, last, hash) VALUES ($1, $2, $3, $4, $5, $6)"
	sqlAlert        = "SELECT " + alertColumns + " FROM alerts WHERE id = $1"
	sqlAlertByRef   = "SELECT " + alertColumns + " FROM alerts WHERE ref = $1"
	sqlAlertAreas   = "SELECT area FROM alert_areas WHERE alert = $1 ORDER BY area"
	sqlSaveAlert    = "UPDATE alerts SET status = $3, version = version + 1, text = $4, until = $5, last = $6," +
		" second = $7, seal = $8, planned = $9, photo = $10, kept_why = $11, kept_until = $12," +
		" issued = $13, happened = $14 WHERE id = $1 AND version = $2"
	sqlOpenAlerts = "SELECT " + alertColumns + " FROM alerts WHERE network = $1" +
		" AND status NOT IN ('retracted', 'closed_with_outcome') ORDER BY id DESC"
	sqlAlertsAbout = "SELECT " + alertColumns + " FROM alerts WHERE case_id = $1" +
		" OR case_id IN (SELECT id FROM cases WHERE merged_into = $1) ORDER BY id DESC"
)

func scanAlert(r row) (civic.Alert, error) {
	var (
		a             civic.Alert
		until, issued int64
		planned, kept int64
		happened      int64
	)
	err := r.Scan(&a.ID, &a.Ref, &a.Network, &a.Kind, &a.Status, &a.Version, &a.Case,
		sealed("alerts.text", &a.Ref, &a.Text), &until, &a.Issuer, &issued, sealed("alerts.last", &a.Ref, &a.Last),
		&a.Sender, &a.Drill, &a.Second, &a.Seal, &planned, &a.Photo, &a.KeptWhy, &kept, &happened)
	a.Until, a.Issued = moment(until), moment(issued)
	a.Planned, a.KeptUntil, a.Happened = moment(planned), moment(kept), moment(happened)
	return a, err
}

// CreateAlert implements [bot.CivicTx]; bot.ErrConflict when the reference is taken.
func (t *tx) CreateAlert(_ context.Context, a *civic.Alert) error {
	id, err := one(t, scanNumber, sqlNewAlert, a.Ref, int64(a.Network), string(a.Kind), string(a.Status), null(a.Case),
		sealing{"alerts.text", a.Ref, a.Text}, millis(a.Until), a.Issuer, millis(a.Issued), sealing{"alerts.last", a.Ref, a.Last},
		string(a.Sender), a.Drill, a.Seal,
		millis(a.Planned), a.Photo, a.KeptWhy, millis(a.KeptUntil), millis(a.Happened))
	if missing(err) {
		return about(bot.ErrConflict, "alert %s", a.Ref)
	}
	if err != nil {
		return about(err, "alert %s", a.Ref)
	}
	a.ID, a.Version = id, 1
	for _, area := range a.Areas {
		if err := t.run(sqlNewAlertArea, id, int64(area)); err != nil {
			return about(err, "areas of alert %s", a.Ref)
		}
	}
	return t.witness(a)
}

// witness keeps what an alert said at its version, and the hash by which it can be proved.
func (t *tx) witness(a *civic.Alert) error {
	sum := sha256.New()
	for _, part := range []string{a.Ref, string(a.Status), a.Text, a.Last} {
		write(sum, part)
	}
	if !a.Happened.IsZero() {
		write(sum, strconv.FormatInt(a.Happened.UnixMilli(), 10))
	}
	row := fmt.Sprintf("%s/%d", a.Ref, a.Version)
	err := t.run(sqlAlertVersion, a.ID, a.Version, string(a.Status), sealing{placeVersionText, row, a.Text},
		sealing{placeVersionLast, row, a.Last}, sum.Sum(nil))
	return about(err, "version %d of alert %s", a.Version, a.Ref)
}

// Alert implements [bot.CivicTx].
func (t *tx) Alert(_ context.Context, id int64) (civic.Alert, error) { return t.alert(sqlAlert, id) }

// AlertByRef implements [bot.CivicTx].
func (t *tx) AlertByRef(_ context.Context, ref string) (civic.Alert, error) {
	return t.alert(sqlAlertByRef, ref)
}

func (t *tx) alert(query string, by any) (civic.Alert, error) {
	a, err := one(t, scanAlert, query, by)
	if err != nil {
		return a, about(err, "alert")
	}
	return a, t.areasOf(&a)
}

func (t *tx) areasOf(a *civic.Alert) error {
	ids, err := all(t, scanNumber, sqlAlertAreas, a.ID)
	for _, id := range ids {
		a.Areas = append(a.Areas, civic.AreaID(id))
	}
	return about(err, "areas of alert %s", a.Ref)
}

// SaveAlert implements [bot.CivicTx]; bot.ErrConflict when it is not at a.Version any more. Its areas do not change.
func (t *tx) SaveAlert(_ context.Context, a *civic.Alert) error {
	n, err := t.exec(sqlSaveAlert, a.ID, a.Version, string(a.Status), sealing{"alerts.text", a.Ref, a.Text},
		millis(a.Until), sealing{"alerts.last", a.Ref, a.Last}, null(a.Second), a.Seal,
		millis(a.Planned), a.Photo, a.KeptWhy, millis(a.KeptUntil), millis(a.Issued), millis(a.Happened))
	if err := changed(n, err, bot.ErrConflict); err != nil {
		return about(err, "alert %s", a.Ref)
	}
	a.Version++
	return t.witness(a)
}

// OpenAlerts implements [bot.CivicTx].
func (t *tx) OpenAlerts(_ context.Context, network civic.AreaID) ([]civic.Alert, error) {
	list, err := t.alerts(sqlOpenAlerts, int64(network))
	return list, about(err, "open alerts of %d", network)
}

// AlertsAbout implements [bot.CivicTx].
func (t *tx) AlertsAbout(_ context.Context, caseID int64) ([]civic.Alert, error) {
	list, err := t.alerts(sqlAlertsAbout, caseID)
	return list, about(err, "alerts about case %d", caseID)
}

func (t *tx) alerts(query string, by int64) ([]civic.Alert, error) {
	list, err := all(t, scanAlert, query, by)
	if err != nil {
		return nil, err
	}
	for i := range list {
		if err := t.areasOf(&list[i]); err != nil {
			return nil, err
		}
	}
	return list, nil
}
