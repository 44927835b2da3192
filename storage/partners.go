package storage

import (
	"context"
	"time"

	"github.com/buurtbot/buurtbot/bot/civic"
)

const (
	handoverColumns = "h.case_id, h.partner, h.given, h.at, h.status, h.began, coalesce(h.due, 0), coalesce(h.planned, 0)," +
		" h.reason, h.words, h.returns, coalesce(h.recall, '')"

	sqlSaveHandover = "INSERT INTO handovers (case_id, partner, given, at, status, began, due, planned, reason, words, returns," +
		" recall) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)" +
		" ON CONFLICT (case_id, partner) DO UPDATE SET given = excluded.given, at = excluded.at, status = excluded.status," +
		" began = excluded.began, due = excluded.due, planned = excluded.planned, reason = excluded.reason," +
		" words = excluded.words, returns = excluded.returns, recall = excluded.recall"
	sqlHandovers = "SELECT " + handoverColumns + " FROM handovers h WHERE h.case_id = $1 ORDER BY h.at, h.partner"
	sqlOverdue   = "SELECT " + handoverColumns + " FROM handovers h JOIN cases c ON c.id = h.case_id" +
		" WHERE h.due IS NOT NULL AND h.due <= $2 AND c.network = $1 ORDER BY h.due LIMIT $3"

	partnerColumns = "network, role, coalesce(chat, 0), coalesce(asked, 0), promise"

	sqlPartner    = "SELECT " + partnerColumns + " FROM partners WHERE network = $1 AND role = $2"
	sqlPartnersAt = "SELECT " + partnerColumns + " FROM partners WHERE chat = $1 UNION" +
		" SELECT " + partnerColumns + " FROM partners WHERE asked = $1 ORDER BY network, role"
	sqlSavePartner = "INSERT INTO partners (network, role, chat, asked, promise) VALUES ($1, $2, $3, $4, $5)" +
		" ON CONFLICT (network, role) DO UPDATE SET chat = excluded.chat, asked = excluded.asked, promise = excluded.promise"
)

func scanHandover(r row) (civic.Handover, error) {
	var (
		h                       civic.Handover
		at, began, due, planned int64
	)
	err := r.Scan(&h.Case, &h.Partner, &h.By, &at, &h.Status, &began, &due, &planned, &h.Reason,
		sealed(placeWords, func() string { return handoverRow(h.Case, string(h.Partner)) }, &h.Words), &h.Returns, &h.Recall)
	h.At, h.Began, h.Due, h.Planned = moment(at), moment(began), moment(due), moment(planned)
	return h, err
}

// SaveHandover implements [bot.CivicTx].
func (t *tx) SaveHandover(_ context.Context, h civic.Handover) error {
	var recall any
	if h.Recall != "" {
		recall = string(h.Recall)
	}
	err := t.run(sqlSaveHandover, h.Case, string(h.Partner), h.By, millis(h.At), string(h.Status), millis(h.Began),
		null(millis(h.Due)), null(millis(h.Planned)), string(h.Reason),
		sealing{placeWords, handoverRow(h.Case, string(h.Partner)), h.Words}, h.Returns, recall)
	return about(err, "handover of case %d", h.Case)
}

// Handovers implements [bot.CivicTx].
func (t *tx) Handovers(_ context.Context, caseID int64) ([]civic.Handover, error) {
	list, err := all(t, scanHandover, sqlHandovers, caseID)
	return list, about(err, "handovers of case %d", caseID)
}

// Overdue implements [bot.CivicTx].
func (t *tx) Overdue(_ context.Context, network civic.AreaID, at time.Time, limit int) ([]civic.Handover, error) {
	list, err := all(t, scanHandover, sqlOverdue, int64(network), millis(at), limit)
	return list, about(err, "overdue handovers of %d", network)
}

func scanPartner(r row) (civic.Partner, error) {
	var (
		p     civic.Partner
		hours int64
	)
	err := r.Scan(&p.Network, &p.Role, &p.Chat, &p.Asked, &hours)
	p.Promise = time.Duration(hours) * time.Hour
	return p, err
}

// Partner implements [bot.CivicTx].
func (t *tx) Partner(_ context.Context, network civic.AreaID, role civic.Role) (civic.Partner, error) {
	p, err := remembered(t, func() (civic.Partner, error) {
		p, err := one(t, scanPartner, sqlPartner, int64(network), string(role))
		if missing(err) {
			return civic.Partner{Network: network, Role: role}, nil
		}
		return p, err
	}, sqlPartner, network, role)
	return p, about(err, "partner %s of %d", role, network)
}

// SavePartner implements [bot.CivicTx].
func (t *tx) SavePartner(_ context.Context, p civic.Partner) error {
	err := t.run(sqlSavePartner, int64(p.Network), string(p.Role), null(p.Chat), null(p.Asked), int64(p.Promise/time.Hour))
	return about(err, "partner %s of %d", p.Role, p.Network)
}

// PartnersAt implements [bot.CivicTx].
func (t *tx) PartnersAt(_ context.Context, chat int64) ([]civic.Partner, error) {
	list, err := all(t, scanPartner, sqlPartnersAt, chat)
	return list, about(err, "partners at chat %d", chat)
}
