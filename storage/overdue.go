package storage

import (
	"context"
	"strings"
	"time"

	"github.com/buurtbot/buurtbot/bot"
)

// Letters that end without having been delivered. One that may have been delivered, because an earlier attempt was
// uncertain, ends as unknown: an all-clear must reach everybody who may have got the alarm.
const (
	sqlExpire = "UPDATE outbox SET state = CASE uncertain WHEN 1 THEN 'unknown' ELSE 'expired' END, body = ''" +
		" WHERE state = 'pending' AND expires > 0 AND expires <= $1 RETURNING report"
	sqlSupersede = "UPDATE outbox SET state = CASE uncertain WHEN 1 THEN 'unknown' ELSE 'superseded' END, body = ''" +
		" WHERE report = $1 AND report <> '' AND state = 'pending' RETURNING chat, state"
	// What is on its way cannot be stopped any more; but it is not tried again.
	sqlCallBack = "UPDATE outbox SET called_back = 1 WHERE report = $1 AND report <> '' AND state = 'sending'"

	// After a crash: who was being sent to may already have got it, or may have told us to wait.
	sqlSilence = "UPDATE chats SET not_before = $1 WHERE not_before < $1" +
		" AND id IN (SELECT chat FROM outbox WHERE state = 'sending')"
	again = "called_back = 0 AND" + stillOpen + " AND (rank <= 2 OR" +
		" EXISTS (SELECT 1 FROM chats c WHERE c.id = outbox.chat AND $3 LIKE '% ' || c.platform || ' %'))"
	sqlRecover = "UPDATE outbox SET state = CASE WHEN " + again + " THEN 'pending' ELSE 'unknown' END," +
		" uncertain = 1, not_before = $2, sent_at = $1," +
		" body = CASE WHEN " + again + " THEN body ELSE '' END WHERE state = 'sending'"

	// The end of an alert is not told where, after all, nothing of it was heard: that letter waits behind the one that
	// was called back. $1 is the one that was called back.
	sqlSpare = "UPDATE outbox SET state = 'superseded', body = '' WHERE state = 'pending' AND uncertain = 0 AND id IN" +
		" (SELECT e.letter FROM deliveries d JOIN deliveries e ON e.alert = d.alert AND e.chat = d.chat" +
		" AND e.notice = 'all_clear' WHERE d.letter = $1 AND d.letter <> 0 AND NOT EXISTS" +
		" (SELECT 1 FROM deliveries h LEFT JOIN outbox o ON o.id = h.letter WHERE h.alert = d.alert AND h.chat = d.chat" +
		" AND h.notice IN ('alarm', 'correction') AND coalesce(o.state, h.status) IN ('sent', 'unknown', 'pending', 'sending')))"
)

// Expire implements [bot.LetterTx]. It also sees to it that no letter is behind one that has left.
func (t *tx) Expire(_ context.Context, at time.Time) ([]string, error) {
	reports, err := all(t, scanText, sqlExpire, millis(at))
	if err == nil {
		err = t.run(sqlStepUpEverywhere, millis(at))
	}
	return reports, about(err, "expire letters")
}

// Supersede implements [bot.LetterTx]. Chats that may have got the letter are left out, and their letters are unknown.
func (t *tx) Supersede(_ context.Context, report string, at time.Time) ([]int64, error) {
	type ended struct {
		chat  int64
		state bot.LetterState
	}
	scan := func(r row) (e ended, err error) {
		err = r.Scan(&e.chat, &e.state)
		return e, err
	}
	if err := t.run(sqlCallBack, report); err != nil {
		return nil, about(err, "call back %s", report)
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
	if len(list) > 0 {
		err = t.run(sqlStepUpEverywhere, millis(at))
	}
	return chats, about(err, "lines behind %s", report)
}

// Recover implements [bot.LetterTx].
func (t *tx) Recover(_ context.Context, at, until time.Time, once ...string) (int, error) {
	if err := t.run(sqlSilence, millis(until)); err != nil {
		return 0, about(err, "silence after a crash")
	}
	t.mem.touch()
	t.mem.chats.clear()
	n, err := t.exec(sqlRecover, millis(at), millis(until), " "+strings.Join(once, " ")+" ")
	return int(n), about(err, "recover letters")
}
