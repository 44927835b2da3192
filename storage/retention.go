package storage

import (
	"context"
	"time"

	"github.com/buurtbot/buurtbot/bot"
)

// How long the traces of traffic are kept. A press is traced by its letter, so letters stay as long as people may press.
const (
	letterLife = 30 * 24 * time.Hour
	deskLife   = 183 * 24 * time.Hour // letters to the desk of a partner, which answers when the work is done
	parkedLife = 72 * time.Hour       // raw updates that a human may look at (architecture §1.3)
	unusedLife = 24 * time.Hour       // pictures of drafts that were not sent
	// spentLife is how long it is known of a code that it was used or has run out, so that who gives it again hears that;
	// and of an absence that it was.
	spentLife = 90 * 24 * time.Hour
	// formerLife is how long it is known who held a role, as long as the audit trail tells of it (domain §2.4).
	formerLife = 365 * 24 * time.Hour
)

const (
	// What went is looked for in a view, a portion at a time, and dropped by its numbers: at no time does a turn wait until
	// a whole table was read. $1 and $2 are the first and the last number of the portion, $3 is the time.
	oldUpdate = " AND state <> 'received' AND received < "
	oldLetter = " AND state NOT IN ('pending', 'sending') AND created + CASE WHEN EXISTS (SELECT 1 FROM partners p" +
		" WHERE p.chat = outbox.chat) THEN " + deskMore + " ELSE 0 END < "
	deskMore = "13219200000" // milliseconds by which deskLife is longer than letterLife
	// Forms keep numbers of pictures among their answers, which only the form can read. So while its chat has a form open
	// or parked, a picture counts as used.
	unusedMedia = " AND NOT EXISTS (SELECT 1 FROM report_media r WHERE r.media = media.id)" +
		" AND NOT EXISTS (SELECT 1 FROM alerts a WHERE a.photo = media.id AND a.photo <> 0)" +
		" AND NOT EXISTS (SELECT 1 FROM sessions s WHERE s.chat = media.owner) AND created < "

	sqlOldInbox    = "SELECT id FROM inbox WHERE id > $1" + oldUpdate + "$2 ORDER BY id LIMIT $3"
	sqlPruneInbox  = "DELETE FROM inbox WHERE id BETWEEN $1 AND $2" + oldUpdate + "$3"
	sqlOldOutbox   = "SELECT id FROM outbox WHERE id > $1" + oldLetter + "$2 ORDER BY id LIMIT $3"
	sqlPruneOutbox = "DELETE FROM outbox WHERE id BETWEEN $1 AND $2" + oldLetter + "$3"
	sqlOldMedia    = "SELECT id FROM media WHERE id > $1" + unusedMedia + "$2 ORDER BY id LIMIT $3"
	sqlPruneMedia  = "DELETE FROM media WHERE id BETWEEN $1 AND $2" + unusedMedia + "$3"
	// The ledger takes over what became of a letter that is cleared away.
	sqlKeepFates = "UPDATE deliveries SET status = (SELECT CASE o.state WHEN 'sent' THEN 'sent' WHEN 'unknown' THEN 'unknown'" +
		" WHEN 'superseded' THEN 'superseded' ELSE 'failed' END FROM outbox o WHERE o.id = deliveries.letter), letter = 0" +
		" WHERE letter <> 0 AND letter IN (SELECT id FROM outbox WHERE id BETWEEN $1 AND $2" + oldLetter + "$3)"
	sqlPruneSlots   = "DELETE FROM slots WHERE at < $1"
	sqlPruneInvites = "DELETE FROM invites WHERE coalesce(used_at, expires) < $1" +
		" AND NOT EXISTS (SELECT 1 FROM claims c WHERE c.invite = invites.id)"
	sqlPruneAbsences = "DELETE FROM absences WHERE ends < $1"
	sqlPruneRoles    = "DELETE FROM roles WHERE ends > 0 AND ends < $1 OR revoked_at < $1"
	sqlPruneKnocks   = "DELETE FROM knocks WHERE last < $1"
)

// leftovers are the rows that go by their age alone, few enough for one statement.
var leftovers = []struct {
	drop string
	life time.Duration
}{
	{sqlPruneSlots, letterLife},
	{sqlDeadLast, parkedLife},
	{sqlPruneErasures, erasuresFor},
	{sqlOldClaims, parkedLife}, // the flows tell of them within a day
	{sqlPruneInvites, spentLife},
	{sqlPruneAbsences, spentLife},
	{sqlPruneRoles, formerLife},
	{sqlPruneKnocks, parkedLife},
	{sqlPruneLeaks, leakLife},
	{sqlPruneLookups, parkedLife}, // the flows tell of them at once
}

// waste is one kind of rows that nobody needs any more after some time.
type waste struct {
	find string
	drop []string
	life time.Duration
}

var wastes = []waste{
	{sqlOldInbox, []string{sqlPruneInbox}, parkedLife},
	{sqlOldOutbox, []string{sqlKeepFates, sqlPruneOutbox}, letterLife},
	{sqlOldMedia, []string{sqlPruneMedia}, unusedLife},
}

// Prune clears away the traces of traffic that nobody needs any more and gives the number of rows that went: updates and
// parked bytes after 72 hours, letters after 30 days, pictures of dropped drafts after a day. It works in portions, so that
// turns come in between, and ends with [Store.Scrub].
func (s *Store) Prune(ctx context.Context, now time.Time) (int, error) {
	total := 0
	for _, w := range wastes {
		n, err := s.clear(ctx, w, now.Add(-w.life))
		total += n
		if err != nil {
			return total, about(err, "prune")
		}
	}
	err := s.Do(ctx, func(btx bot.Tx) error {
		t := btx.(*tx)
		for _, l := range leftovers {
			if err := t.run(l.drop, millis(now.Add(-l.life))); err != nil {
				return err
			}
		}
		t.mem.touch()
		t.mem.members.clear() // with the roles that ended
		return nil
	})
	if err != nil {
		return total, about(err, "prune")
	}
	return total, s.Scrub(ctx)
}

// clear drops one kind of rows from before a time and gives their number.
func (s *Store) clear(ctx context.Context, w waste, before time.Time) (int, error) {
	const portion = 500 // rows
	total, last := 0, int64(0)
	for {
		var ids []int64
		err := s.View(ctx, func(btx bot.Tx) (err error) {
			ids, err = all(btx.(*tx), scanNumber, w.find, last, millis(before), portion)
			return err
		})
		if err != nil || len(ids) == 0 {
			return total, err
		}
		last = ids[len(ids)-1]
		n, err := s.drop(ctx, w, ids[0], last, before)
		total += n
		if err != nil {
			return total, err
		}
	}
}

// drop runs the statements of one portion and gives what the last of them dropped.
func (s *Store) drop(ctx context.Context, w waste, first, last int64, before time.Time) (int, error) {
	var n int64
	err := s.Do(ctx, func(btx bot.Tx) (err error) {
		for _, query := range w.drop {
			if n, err = btx.(*tx).exec(query, first, last, millis(before)); err != nil {
				return err
			}
		}
		return nil
	})
	return int(n), err
}
