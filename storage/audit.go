package storage

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"hash"
	"strconv"
	"time"

	"github.com/buurtbot/buurtbot/bot"
)

const (
	sqlAuditHead = "SELECT seq, mac FROM audit ORDER BY seq DESC LIMIT 1"
	sqlAnchor    = "SELECT seq, mac FROM audit_anchor WHERE one = 1"
	sqlSealed    = "SELECT seq, mac, seal FROM audit_anchor WHERE one = 1"
	sqlAudit     = "INSERT INTO audit (seq, at, actor, action, object, detail, mac) VALUES ($1, $2, $3, $4, $5, $6, $7)"
	// The entry before the newest so many.
	sqlBeforeHead = "SELECT seq, mac FROM audit WHERE seq <= (SELECT max(seq) FROM audit) - $1 ORDER BY seq DESC LIMIT 1"
	sqlHasTrail   = "SELECT EXISTS (SELECT 1 FROM audit WHERE seq > 0)"
	sqlTrail      = "SELECT seq, mac, at, actor, action, object, detail FROM audit WHERE seq > $1 ORDER BY seq LIMIT $2"
)

// auditHead is the newest entry of the trail.
type auditHead struct {
	seq int64
	mac []byte
}

func scanHead(r row) (auditHead, error) {
	var h auditHead
	err := r.Scan(&h.seq, &h.mac)
	return h, err
}

// write adds a part to a hash with its length before it, so that no two rows of parts hash alike.
func write(h hash.Hash, part string) {
	var n [8]byte
	binary.BigEndian.PutUint64(n[:], uint64(len(part)))
	_, _ = h.Write(n[:]) // a hash takes everything
	_, _ = h.Write([]byte(part))
}

// mac proves an entry and, through the one before it, the whole trail.
func (s *Store) mac(before []byte, seq int64, e bot.AuditEntry) []byte {
	return s.keyed(string(before), fmt.Sprint(seq, millis(e.At), e.Actor), e.Action, e.Object, e.Detail)
}

// keyed is the HMAC-SHA-256 of parts (RFC 2104), under the key of the audit trail, which is in no backup.
func (s *Store) keyed(parts ...string) []byte {
	h := hmac.New(sha256.New, s.options.AuditKey)
	for _, part := range parts {
		write(h, part)
	}
	return h.Sum(nil)
}

// head is where the trail ends; an empty trail ends at its anchor, or at nothing.
func (t *tx) head() (auditHead, error) {
	if t.mem.audit != nil {
		return *t.mem.audit, nil
	}
	h, err := one(t, scanHead, sqlAuditHead)
	if missing(err) {
		return orZero(one(t, scanHead, sqlAnchor))
	}
	return h, err
}

// Audit implements [bot.CivicTx].
func (t *tx) Audit(_ context.Context, e bot.AuditEntry) error {
	last, err := t.head()
	if err != nil {
		return about(err, "audit")
	}
	next := auditHead{seq: last.seq + 1}
	next.mac = t.store.mac(last.mac, next.seq, e)
	t.mem.touch()
	if err := t.run(sqlAudit, next.seq, millis(e.At), e.Actor, e.Action, e.Object, e.Detail, next.mac); err != nil {
		return about(err, "audit")
	}
	t.mem.audit = &next
	return nil
}

// anchorSeal proves where a trail was trimmed, by the entry that is the anchor. Without it who can write to the
// database could cut the trail at any entry, and take that one's mac for the anchor. It says nothing of anybody.
func (s *Store) anchorSeal(at auditHead) []byte {
	return s.keyed("anchor", strconv.FormatInt(at.seq, 10), string(at.mac))
}

// anchor is where the trail begins: at nothing, or at the entry up to which it was trimmed.
func (t *tx) anchor() (auditHead, error) {
	var seal []byte
	h, err := one(t, func(r row) (h auditHead, err error) {
		err = r.Scan(&h.seq, &h.mac, &seal)
		return h, err
	}, sqlSealed)
	if missing(err) {
		return auditHead{}, nil
	}
	if err == nil && !hmac.Equal(seal, t.store.anchorSeal(h)) {
		err = fmt.Errorf("%w: %w: the audit trail was not trimmed up to entry %d by this program", ErrTrail, ErrCorrupt, h.seq)
	}
	return h, err
}

// trailEntry is an entry as it is stored.
type trailEntry struct {
	auditHead
	bot.AuditEntry
}

func scanEntry(r row) (trailEntry, error) {
	var (
		e  trailEntry
		at int64
	)
	err := r.Scan(&e.seq, &e.mac, &at, &e.Actor, &e.Action, &e.Object, &e.Detail)
	e.At = moment(at)
	return e, err
}

// VerifyAudit walks the audit trail and gives its number of entries. The error wraps [ErrTrail] and [ErrCorrupt] and names
// the first entry that was changed, or after which one is missing, or up to which somebody else trimmed the trail. (That the
// last ones are missing only [Store.TrailHas] can see.)
func (s *Store) VerifyAudit(ctx context.Context) (int, error) {
	count := 0
	err := s.View(ctx, func(view bot.Tx) error {
		t := view.(*tx)
		first, err := t.anchor()
		if err != nil {
			return err
		}
		count, err = t.walk(first)
		return err
	})
	return count, about(err, "audit trail")
}

// headLength is how many of the newest entries are looked at before a database is used: a look at all takes long after a year.
const headLength = 1000

// verifyHead walks the newest entries. Before anything else is done there is no need of a view, which reads the schema anew.
func (s *Store) verifyHead(ctx context.Context) error {
	err := s.quietly(ctx, func(t *tx) error {
		from, err := t.anchor()
		if err != nil {
			return err
		}
		late, err := orZero(one(t, scanHead, sqlBeforeHead, headLength))
		if err != nil {
			return err
		}
		if late.seq > from.seq {
			from = late
		}
		_, err = t.walk(from)
		return err
	})
	return about(err, "audit trail")
}

// walk follows the trail from an entry on that is taken for granted, and gives how many come after it.
func (t *tx) walk(last auditHead) (int, error) {
	for count := 0; ; {
		page, err := all(t, scanEntry, sqlTrail, last.seq, batchJobs)
		if err != nil || len(page) == 0 {
			return count, err
		}
		for _, e := range page {
			if e.seq != last.seq+1 || !hmac.Equal(e.mac, t.store.mac(last.mac, e.seq, e.AuditEntry)) {
				return count, fmt.Errorf("%w: %w: audit entry %d is not what was written", ErrTrail, ErrCorrupt, e.seq)
			}
			last = e.auditHead
			count++
		}
	}
}

// BeginTrail begins the audit trail of the database at o.Path anew under o.AuditKey, for an operator whose key is lost. The
// entries from before stay until their time is over, and nothing proves them any more. It refuses a database that a running
// program holds ([ErrLocked]).
func BeginTrail(ctx context.Context, o Options, at time.Time) error {
	o.forgetful = true
	s, err := Open(ctx, o)
	if err != nil {
		return err
	}
	err = s.Do(ctx, func(tx bot.Tx) error {
		return tx.Audit(ctx, bot.AuditEntry{At: at, Action: "trail.begun"})
	})
	return errors.Join(err, s.Close())
}

// forgetTrail makes the newest entry, whatever it is, the one from which on the trail holds.
func (s *Store) forgetTrail(ctx context.Context) error {
	return s.quietly(ctx, func(t *tx) error {
		last, err := t.head()
		if err != nil || last.seq == 0 {
			return err
		}
		return t.run(sqlMoveAnchor, last.seq, last.mac, s.anchorSeal(last))
	})
}

// HasTrail reports whether the database at path has an audit trail, so that a key that is missing must be put back and not
// made anew. A file that is not there, or is no database yet, has none.
func HasTrail(ctx context.Context, path string) (bool, error) {
	return asks(ctx, path, "audit", sqlHasTrail)
}
