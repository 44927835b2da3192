package flows

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

const retentionTimer = "retention"

// Retention erases what has been kept long enough, and takes it off the cards that show it (domain §2.4).
func Retention(o Options) bot.Feature {
	r := retaining{keep: o.Retention, nightly: o.RetentionSpec != ""}
	f := bot.Feature{
		Name:     "retention",
		Commands: []bot.CommandSpec{{Name: "bewaar", Needs: civic.SeeRetention, Do: r.showRetention}},
		Timers: map[string]func(context.Context, *bot.Turn, string) error{
			retentionTimer: func(ctx context.Context, t *bot.Turn, _ string) error { return r.do(ctx, t) },
		},
		Keys: retentionKeys(),
	}
	if o.RetentionSpec != "" {
		f.Jobs = []bot.Job{{Name: "retention", Spec: o.RetentionSpec, Do: r.do}}
	}
	return f
}

type retaining struct {
	keep    civic.Retention
	nightly bool // it is erased by itself
}

// do carries out every rule for as many cases and alerts as a turn can bear, and goes on a minute later when there are more. What
// was read lately is forgotten as well.
func (r retaining) do(ctx context.Context, t *bot.Turn) error {
	const most = 100 // of a rule
	more := false
	var done []string
	for _, part := range []struct {
		rules    []civic.RetentionRule
		showLess func(context.Context, *bot.Turn, int64) error
	}{{civic.RetentionRules, showLess}, {civic.AlertRules, showLessAlert}, {civic.PersonRules, showsNobody}} {
		touched := map[int64]bool{}
		for _, rule := range part.rules {
			ripe, err := r.retire(ctx, t, rule, most)
			if err != nil {
				return err
			}
			for _, id := range ripe {
				touched[id] = true
			}
			if len(ripe) > 0 {
				done = append(done, fmt.Sprintf("%s %d", rule, len(ripe)))
			}
			more = more || len(ripe) == most
		}
		if err := showEach(ctx, t, touched, part.showLess); err != nil {
			return err
		}
	}
	civic.Forget()
	if len(done) > 0 {
		if err := t.Audit(ctx, "retention.done", "", strings.Join(done, ", ")); err != nil {
			return err
		}
	}
	if more {
		return t.WakeIn(ctx, retentionTimer, "more", time.Minute)
	}
	return t.Tx.TrimTrail(ctx, t.Now.Add(-r.keep.Audit))
}

// showEach shows less of each of these, in their order.
func showEach(ctx context.Context, t *bot.Turn, ids map[int64]bool, show func(context.Context, *bot.Turn, int64) error) error {
	for _, id := range slices.Sorted(maps.Keys(ids)) {
		if err := show(ctx, t, id); err != nil {
			return err
		}
	}
	return nil
}

// retire carries out one rule, and gives the cases or alerts in which something was erased.
func (r retaining) retire(ctx context.Context, t *bot.Turn, rule civic.RetentionRule, most int) ([]int64, error) {
	ripe, err := t.Tx.Ripe(ctx, rule, r.keep, t.Now, most)
	if err != nil {
		return nil, err
	}
	for _, id := range ripe {
		if err := t.Tx.Retire(ctx, rule, r.keep, t.Now, id); err != nil {
			return nil, err
		}
	}
	return ripe, nil
}

// showsNobody leaves the cards as they are: none shows somebody who takes part in nothing.
func showsNobody(context.Context, *bot.Turn, int64) error { return nil }

// showLessAlert brings the cards of an alert up to date.
func showLessAlert(ctx context.Context, t *bot.Turn, id int64) error {
	return t.Refresh(ctx, bot.About(alertKind, id))
}

// showLess brings the cards of a case up to date; a case that is gone has none.
func showLess(ctx context.Context, t *bot.Turn, id int64) error {
	c, err := t.Tx.Case(ctx, id)
	if errors.Is(err, bot.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := t.Refresh(ctx, bot.About(caseKind, id)); err != nil {
		return err
	}
	return refreshHandover(ctx, t, c)
}
