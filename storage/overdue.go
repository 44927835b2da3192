package storage

import (
	"context"
	"time"

	"github.com/buurtbot/buurtbot/bot"
)

// Letters that end without having been delivered. One that may have been delivered, because an earlier attempt was
// uncertain, ends as unknown: an all-clear must reach everybody who may have got the alarm.
const (
	sqlExpire = "UPDATE outbox SET state = CASE uncertain WHEN 1 THEN 'unknown' ELSE 'expired' END, body = ''" +
		" WHERE state = 'pending' AND expires > 0 AND expires <= $1"
	sqlSupersede = "UPDATE outbox SET state = CASE uncertain WHEN 1 THEN 'unknown' ELSE 'superseded' END, body = ''" +
		" WHERE report = $1 AND report <> '' AND state = 'pending' RETURNING chat, state"

	// After a crash: who was being sent to may already have got it, or may have told us to wait.
	sqlSilence = "UPDATE chats SET not_before = $1 WHERE not_before < $1" +
		" AND id IN (SELECT chat FROM outbox WHERE state = 'sending')"
	sqlRecover = "UPDATE outbox SET state = CASE WHEN rank <= 2 THEN 'pending' ELSE 'unknown' END, uncertain = 1," +
		" not_before = $2, sent_at = $1, body = CASE WHEN rank <= 2 THEN body ELSE '' END WHERE state = 'sending'"
)

// Expire implements [bot.LetterTx].
func (t *tx) Expire(_ context.Context, at time.Time) (int, error) {
	n, err := t.exec(sqlExpire, millis(at))
	return int(n), about(err, "expire letters")
}

// Supersede implements [bot.LetterTx]. It gives the chats that surely did not get the letter; those that may have got
// it are left out, and their letters are unknown.
func (t *tx) Supersede(_ context.Context, report string, _ time.Time) ([]int64, error) {
	type ended struct {
		chat  int64
		state bot.LetterState
	}
	scan := func(r row) (e ended, err error) {
		err = r.Scan(&e.chat, &e.state)
		return e, err
	}
	list, err := all(t, scan, sqlSupersede, report)
	if err != nil {
		return nil, about(err, "supersede %s", report)
	}
	var chats []int64
	for _, e := range list {
		if e.state == bot.LetterSuperseded {
			chats = append(chats, e.chat)
		}
	}
	return chats, nil
}

// Recover implements [bot.LetterTx].
func (t *tx) Recover(_ context.Context, at, until time.Time) (int, error) {
	if err := t.run(sqlSilence, millis(until)); err != nil {
		return 0, about(err, "silence after a crash")
	}
	t.mem.touch()
	t.mem.chats.clear()
	n, err := t.exec(sqlRecover, millis(at), millis(until))
	return int(n), about(err, "recover letters")
}
