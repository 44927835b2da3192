package storage

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/buurtbot/buurtbot/bot"
)

const (
	sqlEntry = "SELECT seq, mac FROM audit WHERE seq = $1"
	proof    = 8 // bytes of what proves an entry that a mark has: who has no key would have to try 2^64 times
)

// ErrMark is a mark of the audit trail that is none, or of an entry that was kept long enough.
var ErrMark = errors.New("the mark cannot be looked up")

// mark is a line that names an entry, such as 1234-9f3a7c21d0e4b5f6.
func (h auditHead) mark() string {
	return strconv.FormatInt(h.seq, 10) + "-" + hex.EncodeToString(h.mac[:min(proof, len(h.mac))])
}

// TrailMark implements [bot.OpsTx].
func (t *tx) TrailMark(context.Context) (string, error) {
	h, err := t.head()
	if err != nil || h.seq == 0 {
		return "", about(err, "mark of the trail")
	}
	return h.mark(), nil
}

// TrailHas looks whether the entry that a mark names is still in the trail as it was. The error wraps [ErrTrail] when it is
// not, and [ErrMark] when that cannot be told. With [Store.VerifyAudit] nothing can be taken away from before it, either.
func (s *Store) TrailHas(ctx context.Context, mark string) error {
	mark = strings.ToLower(strings.TrimSpace(mark))
	number, _, _ := strings.Cut(mark, "-")
	seq, err := strconv.ParseInt(number, 10, 64)
	if err != nil || seq < 1 || len(mark) != len(number)+1+2*proof {
		return fmt.Errorf("%w: it is like 1234-9f3a7c21d0e4b5f6", ErrMark)
	}
	return s.View(ctx, func(view bot.Tx) error {
		t := view.(*tx)
		anchor, err := t.anchor()
		switch {
		case err != nil:
			return err
		case seq < anchor.seq:
			return fmt.Errorf("%w: entry %d was kept for its time and is gone", ErrMark, seq)
		case seq == anchor.seq && anchor.mark() == mark:
			return nil
		}
		found, err := orZero(one(t, scanHead, sqlEntry, seq))
		if err != nil {
			return about(err, "entry %d", seq)
		}
		if found.mark() != mark {
			return fmt.Errorf("%w: %w: audit entry %d is gone, or another stands in its place", ErrTrail, ErrCorrupt, seq)
		}
		return nil
	})
}
