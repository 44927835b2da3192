package flows

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// seen is a case as an alert about it was drafted: what the alert may say, and not who works on it.
type seen struct {
	Category civic.Category `json:"category,omitempty"`
	Street   civic.AreaID   `json:"street,omitempty"`
	Reports  int            `json:"reports,omitempty"`
	Words    string         `json:"words,omitempty"` // hash of what was told
	Ended    bool           `json:"ended,omitempty"`
	Gone     bool           `json:"gone,omitempty"` // withdrawn, and so erased
}

func seenOf(ctx context.Context, t *bot.Turn, c civic.Case) (seen, error) {
	reports, err := t.Tx.Reports(ctx, c.ID)
	if err != nil {
		return seen{}, fmt.Errorf("reports of case %d: %w", c.ID, err)
	}
	var told []byte
	for _, r := range reports {
		told = fmt.Appendf(told, "%d\x00%s\x00%d\x00", r.ID, r.Text, r.Place.Street)
	}
	questions, err := t.Tx.Questions(ctx, c.ID)
	if err != nil {
		return seen{}, fmt.Errorf("questions of case %d: %w", c.ID, err)
	}
	for _, q := range questions {
		if !q.Answered.IsZero() {
			told = fmt.Appendf(told, "%d\x00%s\x00", q.ID, q.Answer)
		}
	}
	sum := sha256.Sum256(told)
	gone := c.Status == civic.Withdrawn
	return seen{
		Category: c.Category, Street: c.Street, Reports: len(reports), Words: hex.EncodeToString(sum[:]),
		Ended: c.Status.Ended() && !gone, Gone: gone,
	}, nil
}

// changes names what is different now, as ends of keys.
func (s seen) changes(now seen) []string {
	var all []string
	for _, change := range []struct {
		key string
		is  bool
	}{
		{"ended", now.Ended && !s.Ended},
		{"reopened", s.Ended && !now.Ended},
		{"category", s.Category != now.Category},
		{"street", s.Street != now.Street},
		{"reports", now.Reports > s.Reports},
		{"words", now.Reports <= s.Reports && s.Words != now.Words},
	} {
		if change.is {
			all = append(all, change.key)
		}
	}
	return all
}

// frozen refuses to go on with an alert whose case has changed since the issuer last looked, and says what changed.
func frozen(ctx context.Context, t *bot.Turn, a *alarm) error {
	if a.Case == 0 {
		return nil
	}
	c, err := mergedCase(ctx, t, a.Case)
	if err != nil {
		return fmt.Errorf("case %d of an alert: %w", a.Case, err)
	}
	now, err := seenOf(ctx, t, c)
	if err != nil {
		return err
	}
	if now.Gone { // its words came from a report that is erased
		return bot.Refuse("alert.frozen.gone", "ref", c.Ref)
	}
	changes := a.Seen.changes(now)
	if len(changes) == 0 {
		return nil
	}
	a.Seen = now
	lines := make([]string, len(changes))
	for i, change := range changes {
		lines[i] = t.T("alert.frozen."+change, "category", raw(categoryLabel(t, t.Lang(), c.Category)))
	}
	return bot.Refuse("alert.frozen", "ref", c.Ref, "changes", bot.HTML(strings.Join(lines, "\n")))
}
