package storage

import (
	"context"
	"slices"
	"time"

	"github.com/buurtbot/buurtbot/bot"
)

// repeatWindow is how long repeats of an update are known (architecture §1.3); networks may use an old id again later.
const repeatWindow = 72 * time.Hour

const (
	sqlCheckpoint     = "SELECT value FROM checkpoints WHERE platform = $1 AND account = $2"
	sqlSaveCheckpoint = "INSERT INTO checkpoints (platform, account, value, at) VALUES ($1, $2, $3, $4)" +
		" ON CONFLICT (platform, account) DO UPDATE SET value = excluded.value, at = excluded.at"
	sqlReceive = "INSERT INTO inbox (platform, account, external, received, raw) VALUES ($1, $2, $3, $4, $5)" + onceOnly
	onceOnly   = " ON CONFLICT (platform, account, external) DO NOTHING"
	// Eight at once, for busy times.
	sqlReceiveEight = "INSERT INTO inbox (platform, account, received, external, raw) VALUES ($1, $2, $3, $4, $5)," +
		" ($1, $2, $3, $6, $7), ($1, $2, $3, $8, $9), ($1, $2, $3, $10, $11), ($1, $2, $3, $12, $13)," +
		" ($1, $2, $3, $14, $15), ($1, $2, $3, $16, $17), ($1, $2, $3, $18, $19)" + onceOnly
	sqlForgetOld = "DELETE FROM inbox WHERE platform = $1 AND account = $2 AND external = $3 AND received < $4" +
		" AND state <> 'received'"
	sqlWaiting = "SELECT id, platform, external, raw, received, tries FROM inbox WHERE state = 'received'" +
		" ORDER BY id LIMIT $1"
	sqlApply = "UPDATE inbox SET state = 'applied', raw = NULL, ended = received" +
		" WHERE state = 'received' AND id BETWEEN $1 AND $2"
	sqlPark = "UPDATE inbox SET state = 'parked', ended = $2, why = $3 WHERE id = $1"
)

// Checkpoint implements [bot.Inbox].
func (s *Store) Checkpoint(ctx context.Context, platform, account string) (string, error) {
	var value string
	err := s.Do(ctx, func(btx bot.Tx) (err error) {
		value, err = orZero(one(btx.(*tx), scanText, sqlCheckpoint, platform, account))
		return err
	})
	return value, about(err, "checkpoint of %s", platform)
}

// Receive implements [bot.Inbox].
func (s *Store) Receive(ctx context.Context, platform, account string, rows []bot.Raw, checkpoint string) error {
	at := s.now()
	err := s.Do(ctx, func(btx bot.Tx) error {
		t := btx.(*tx)
		t.label = "receive"
		for some := range slices.Chunk(rows, 8) {
			if err := t.receiveSome(platform, account, some, at); err != nil {
				return err
			}
		}
		return t.run(sqlSaveCheckpoint, platform, account, checkpoint, millis(at))
	})
	return about(err, "receive from %s", platform)
}

// receiveSome stores up to eight updates. When some of eight are known already, it is looked at each of them.
func (t *tx) receiveSome(platform, account string, rows []bot.Raw, at time.Time) error {
	if len(rows) == 8 {
		args := append(make([]any, 0, 19), platform, account, millis(at))
		for _, r := range rows {
			args = append(args, r.External, sealing{"inbox.raw", r.External, r.Body})
		}
		if n, err := t.exec(sqlReceiveEight, args...); err != nil || n == 8 {
			return err
		}
	}
	for _, r := range rows {
		if err := t.receive(platform, account, r, at); err != nil {
			return err
		}
	}
	return nil
}

// receive stores one update. One with an old id that the window still hides is new if the window is over.
func (t *tx) receive(platform, account string, r bot.Raw, at time.Time) error {
	n, err := t.exec(sqlReceive, platform, account, r.External, millis(at), sealing{"inbox.raw", r.External, r.Body})
	if err != nil || n > 0 {
		return err
	}
	old := millis(at.Add(-repeatWindow))
	if n, err = t.exec(sqlForgetOld, platform, account, r.External, old); err != nil || n == 0 {
		return err
	}
	return t.run(sqlReceive, platform, account, r.External, millis(at), sealing{"inbox.raw", r.External, r.Body})
}

func scanReceived(r row) (bot.Received, error) {
	var (
		in bot.Received
		at int64
	)
	err := r.Scan(&in.ID, &in.Platform, &in.External, sealed("inbox.raw", &in.External, &in.Raw).orTorn(&in.Torn), &at,
		&in.Tries)
	in.At = moment(at)
	return in, err
}

// Waiting implements [bot.InboxTx].
func (t *tx) Waiting(_ context.Context, limit int) ([]bot.Received, error) {
	list, err := all(t, scanReceived, sqlWaiting, limit)
	return list, about(err, "waiting updates")
}

// Apply implements [bot.InboxTx].
func (t *tx) Apply(_ context.Context, first, last int64) error {
	t.label = "apply"
	return about(t.run(sqlApply, first, last), "apply updates %d to %d", first, last)
}

// Park implements [bot.InboxTx].
func (t *tx) Park(_ context.Context, id int64, at time.Time, why string) error {
	n, err := t.exec(sqlPark, id, millis(at), why)
	return about(changed(n, err, bot.ErrNotFound), "park update %d", id)
}

// UncleanStop implements [bot.InboxTx].
func (t *tx) UncleanStop(context.Context) (bool, error) { return t.store.unclean, nil }
