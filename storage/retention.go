package storage

import (
	"context"
	"time"

	"github.com/buurtbot/buurtbot/bot"
)

// How long the traces of traffic are kept. A press is traced by its letter, so letters stay as long as people may press.
const (
	letterLife = 30 * 24 * time.Hour
	parkedLife = 72 * time.Hour // raw updates that a human may look at (architecture §1.3)
	unusedLife = 24 * time.Hour // pictures of drafts that were not sent
)

const (
	sqlPruneInbox = "DELETE FROM inbox WHERE id IN (SELECT id FROM inbox WHERE state <> 'received' AND received < $1 LIMIT $2)"
	// The ledger takes over what became of a letter that is cleared away.
	sqlKeepFates = "UPDATE deliveries SET status = (SELECT CASE o.state WHEN 'sent' THEN 'sent' WHEN 'unknown' THEN 'unknown'" +
		" WHEN 'superseded' THEN 'superseded' ELSE 'failed' END FROM outbox o WHERE o.id = deliveries.letter), letter = 0" +
		" WHERE letter <> 0 AND letter IN (SELECT id FROM outbox WHERE created < $1" +
		" AND state NOT IN ('pending', 'sending') ORDER BY id LIMIT $2)"
	sqlPruneOutbox = "DELETE FROM outbox WHERE id IN (SELECT id FROM outbox WHERE created < $1" +
		" AND state NOT IN ('pending', 'sending') ORDER BY id LIMIT $2)"
	// Forms keep numbers of pictures among their answers, which only the form can read. So while its chat has a form open
	// or parked, a picture counts as used.
	sqlPruneMedia = "DELETE FROM media WHERE id IN (SELECT m.id FROM media m WHERE m.created < $1" +
		" AND NOT EXISTS (SELECT 1 FROM report_media r WHERE r.media = m.id)" +
		" AND NOT EXISTS (SELECT 1 FROM sessions s WHERE s.chat = m.owner) LIMIT $2)"
	sqlPruneSlots = "DELETE FROM slots WHERE at < $1"
)

// Prune clears away the traces of traffic that nobody needs any more and gives the number of rows that went: updates and
// parked bytes after 72 hours, letters after 30 days, pictures of dropped drafts after a day. It works in portions, so that
// turns come in between, and ends with [Store.Scrub].
func (s *Store) Prune(ctx context.Context, now time.Time) (int, error) {
	total := 0
	for _, step := range []struct {
		query  string
		before time.Time
	}{{sqlPruneInbox, now.Add(-parkedLife)}, {sqlPruneOutbox, now.Add(-letterLife)}, {sqlPruneMedia, now.Add(-unusedLife)}} {
		for {
			n, err := s.pruneSome(ctx, step.query, step.before)
			total += n
			if err != nil || n == 0 {
				if err != nil {
					return total, about(err, "prune")
				}
				break
			}
		}
	}
	err := s.Do(ctx, func(btx bot.Tx) error { return btx.(*tx).run(sqlPruneSlots, millis(now.Add(-letterLife))) })
	if err != nil {
		return total, about(err, "prune")
	}
	return total, s.Scrub(ctx)
}

func (s *Store) pruneSome(ctx context.Context, query string, before time.Time) (int, error) {
	const portion = 500 // rows
	var n int64
	err := s.Do(ctx, func(btx bot.Tx) error {
		t := btx.(*tx)
		if query == sqlPruneOutbox {
			if err := t.run(sqlKeepFates, millis(before), portion); err != nil {
				return err
			}
		}
		var err error
		n, err = t.exec(query, millis(before), portion)
		return err
	})
	return int(n), err
}
