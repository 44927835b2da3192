package storage

import (
	"context"
	"database/sql"
	"slices"

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

	// Members of the street groups that are told one by one, once for each of their accounts, the best one first. It goes from
	// the groups to their members; the plus sign keeps it from going through all of the network.
	sqlListeners = "SELECT m.person, coalesce(a.chat, 0), coalesce(m.grp, 0), coalesce(m.street, 0), " + wishColumns +
		" FROM targets t CROSS JOIN memberships m LEFT JOIN accounts a ON a.person = m.person" +
		" WHERE t.kind = 'dm' AND m.grp = t.grp AND +m.network = $1 AND m.standing = 'active'" +
		" AND (t.platform = '' OR EXISTS (SELECT 1 FROM accounts o WHERE o.person = m.person AND o.platform = t.platform))" +
		" ORDER BY m.person, a.preferred DESC, a.linked DESC, a.id DESC"
	// Who is in a chat of such a group that they hear it in: one whose people are known, that nobody silenced and that is open.
	sqlAttendants = "SELECT p.person, t.grp FROM targets t CROSS JOIN targets r CROSS JOIN chats c CROSS JOIN attendance p" +
		" WHERE t.kind = 'dm' AND r.grp = t.grp AND r.rolled = 1 AND r.muted = 0 AND c.id = r.chat AND c.reachable = 1" +
		" AND p.chat = r.chat"
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

// presence is a person in a chat of a street group.
type presence struct {
	person int64
	group  civic.AreaID
}

func scanPresence(r row) (presence, error) {
	var p presence
	return p, r.Scan(&p.person, &p.group)
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
	if err != nil {
		return w, about(err, "unreachable chats")
	}
	for _, id := range closed {
		w.Unreachable[id] = true
	}
	w.Listeners, err = t.listeners(network, w.Unreachable)
	return w, about(err, "listeners of %d", network)
}

// listeners are those who are told one by one, each in the chat in which they are best reached.
func (t *tx) listeners(network civic.AreaID, closed map[int64]bool) ([]civic.Listener, error) {
	present, err := all(t, scanPresence, sqlAttendants)
	if err != nil {
		return nil, err
	}
	hear := make(map[presence]bool, len(present))
	for _, p := range present {
		hear[p] = true
	}
	accounts, err := all(t, scanListener, sqlListeners, int64(network))
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(bestReached(accounts, closed), func(l civic.Listener) bool {
		return hear[presence{l.Person, l.Group}]
	}), nil
}

// bestReached leaves one of each person's accounts, which stand together: the first whose chat is open, else the first that has a
// chat, else the first.
func bestReached(accounts []civic.Listener, closed map[int64]bool) []civic.Listener {
	worth := func(l civic.Listener) int {
		switch {
		case l.Chat == 0:
			return 0
		case closed[l.Chat]:
			return 1
		}
		return 2
	}
	var best []civic.Listener
	for _, a := range accounts {
		last := len(best) - 1
		switch {
		case last < 0 || best[last].Person != a.Person:
			best = append(best, a)
		case worth(a) > worth(best[last]):
			best[last] = a
		}
	}
	return best
}
