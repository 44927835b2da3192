package storage

import (
	"context"
	"database/sql"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

const (
	// The status is the letter's while there is one.
	ledgerColumns = "d.alert, d.notice, d.nth, d.target, d.person, d.chat, d.letter," +
		" CASE o.state WHEN 'pending' THEN 'pending' WHEN 'sending' THEN 'pending' WHEN 'held' THEN 'pending'" +
		" WHEN 'sent' THEN 'sent' WHEN 'unknown' THEN 'unknown' WHEN 'superseded' THEN 'superseded'" +
		" WHEN 'dead' THEN 'failed' WHEN 'expired' THEN 'failed' ELSE d.status END, d.at," +
		" CASE o.state WHEN 'pending' THEN o.tries ELSE 0 END" +
		" FROM deliveries d LEFT JOIN outbox o ON o.id = d.letter"

	sqlRecord = "INSERT INTO deliveries (alert, notice, nth, target, person, chat, letter, status, at)" +
		" VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (alert, notice, nth, target, person) DO NOTHING"
	sqlRedeliver = "UPDATE deliveries SET chat = $6, letter = $7, status = 'pending', at = $8" +
		" WHERE alert = $1 AND notice = $2 AND nth = $3 AND target = $4 AND person = $5"
	sqlDeliveries = "SELECT " + ledgerColumns + " WHERE d.alert = $1 AND d.notice = $2 AND d.nth = $3 ORDER BY d.id"
	sqlLedger     = "SELECT " + ledgerColumns + " WHERE d.alert = $1 ORDER BY d.id"

	// Members of the street groups that are told one by one, with the chat in which they are best reached. It goes from
	// the groups to their members; the plus sign keeps it from going through all of the network.
	sqlListeners = "SELECT m.person, coalesce((SELECT c.id FROM accounts a JOIN chats c ON c.id = a.chat" +
		" WHERE a.person = m.person ORDER BY c.reachable DESC, a.preferred DESC, a.linked DESC, a.id DESC LIMIT 1), 0)," +
		" coalesce(m.grp, 0), coalesce(m.street, 0), " + wishColumns + " FROM targets t CROSS JOIN memberships m" +
		" WHERE t.kind = 'dm' AND m.grp = t.grp AND +m.network = $1 AND m.standing = 'active'" +
		" AND (t.platform = '' OR EXISTS (SELECT 1 FROM accounts a WHERE a.person = m.person AND a.platform = t.platform))" +
		" AND NOT EXISTS (SELECT 1 FROM attendance p JOIN targets r ON r.chat = p.chat JOIN chats c ON c.id = p.chat" +
		" WHERE p.person = m.person AND r.grp = t.grp AND r.rolled = 1 AND r.muted = 0 AND c.reachable = 1)" +
		" ORDER BY m.person"
	sqlUnreachable = "SELECT id FROM chats WHERE reachable = 0"
	sqlHeads       = "SELECT grp, count(*) FROM memberships WHERE network = $1 AND standing = 'active' AND grp IS NOT NULL" +
		" GROUP BY grp"
)

func scanDelivery(r row) (civic.Delivery, error) {
	var (
		d  civic.Delivery
		at int64

		tries sql.NullInt64
	)
	err := r.Scan(&d.Alert, &d.Notice, &d.Nth, &d.Target, &d.Person, &d.Chat, &d.Letter, &d.Status, &at, &tries)
	d.At, d.Tries = moment(at), int(tries.Int64)
	return d, err
}

// Record implements [bot.CivicTx].
func (t *tx) Record(_ context.Context, d civic.Delivery) error {
	if d.Status == "" {
		d.Status = civic.DeliveryPending
	}
	n, err := t.exec(sqlRecord, d.Alert, string(d.Notice), max(d.Nth, 1), d.Target, d.Person, d.Chat, d.Letter,
		string(d.Status), millis(d.At))
	return about(changed(n, err, bot.ErrConflict), "delivery of alert %d", d.Alert)
}

// Redeliver implements [bot.CivicTx].
func (t *tx) Redeliver(_ context.Context, d civic.Delivery) error {
	n, err := t.exec(sqlRedeliver, d.Alert, string(d.Notice), max(d.Nth, 1), d.Target, d.Person, d.Chat, d.Letter, millis(d.At))
	return about(changed(n, err, bot.ErrNotFound), "delivery of alert %d", d.Alert)
}

// Deliveries implements [bot.CivicTx].
func (t *tx) Deliveries(_ context.Context, alert int64, notice civic.Notice, nth int) ([]civic.Delivery, error) {
	list, err := all(t, scanDelivery, sqlDeliveries, alert, string(notice), max(nth, 1))
	return list, about(err, "deliveries of alert %d", alert)
}

func scanListener(r row) (civic.Listener, error) {
	var (
		l civic.Listener
		w wish
	)
	err := r.Scan(append([]any{&l.Person, &l.Chat, &l.Group, &l.Street}, w.into()...)...)
	l.Wishes = w.wishes()
	return l, err
}

// heads is how many members a street group has.
type heads struct {
	group civic.AreaID
	count int
}

func scanHeads(r row) (heads, error) {
	var h heads
	return h, r.Scan(&h.group, &h.count)
}

// World implements [bot.CivicTx].
func (t *tx) World(ctx context.Context, network civic.AreaID, alert int64) (civic.World, error) {
	w := civic.World{Areas: map[civic.AreaID]civic.Area{}, Unreachable: map[int64]bool{}, Members: map[civic.AreaID]int{}}
	areas, err := t.Areas(ctx, network)
	if err != nil {
		return w, err
	}
	for _, a := range areas {
		w.Areas[a.ID] = a
	}
	if w.Targets, err = t.Targets(ctx, network); err != nil {
		return w, err
	}
	if w.Listeners, err = all(t, scanListener, sqlListeners, int64(network)); err != nil {
		return w, about(err, "listeners of %d", network)
	}
	if w.Ledger, err = all(t, scanDelivery, sqlLedger, alert); err != nil {
		return w, about(err, "ledger of alert %d", alert)
	}
	heads, err := all(t, scanHeads, sqlHeads, int64(network))
	if err != nil {
		return w, about(err, "members of %d", network)
	}
	for _, h := range heads {
		w.Members[h.group] = h.count
	}
	closed, err := all(t, scanNumber, sqlUnreachable)
	for _, id := range closed {
		w.Unreachable[id] = true
	}
	return w, about(err, "unreachable chats")
}
