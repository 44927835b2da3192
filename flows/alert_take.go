package flows

import (
	"context"
	"errors"
	"strings"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// takeBack begins to take something back. The reference decides what: an alert, or a report of one's own. Without one it
// is what there is to take back, and where there is both, that is told (domain §5.8).
func takeBack(ctx context.Context, t *bot.Turn, args string) error {
	if !mayAnywhere(t, civic.SendInfo) {
		return t.Begin(ctx, withdrawForm, bot.Input{Args: args})
	}
	if args != "" {
		form := retractForm
		if own, err := isOwn(ctx, t, args); err != nil {
			return err
		} else if own {
			form = withdrawForm
		}
		return t.Begin(ctx, form, bot.Input{Args: args})
	}
	alerts, err := movable(ctx, t, civic.AlertRetracted)
	if err != nil {
		return err
	}
	reports, err := withdrawables(ctx, t, regret{})
	if err != nil {
		return err
	}
	switch {
	case len(reports) == 0:
		return t.Begin(ctx, retractForm, bot.Input{})
	case len(alerts) == 0:
		return t.Begin(ctx, withdrawForm, bot.Input{})
	}
	var refs []string
	for _, a := range alerts {
		refs = append(refs, a.Ref)
	}
	for _, r := range reports {
		refs = append(refs, r.Key)
	}
	return t.Say(ctx, "alert.take_back", "refs", strings.Join(refs, ", "), "ref", refs[0])
}

// isOwn reports whether a reference is that of a case and not of an alert.
func isOwn(ctx context.Context, t *bot.Turn, typed string) (bool, error) {
	ref, ok := civic.ParseRef(typed)
	if !ok {
		return false, nil
	}
	_, err := t.Tx.AlertByRef(ctx, ref)
	if err == nil || !errors.Is(err, bot.ErrNotFound) {
		return false, err
	}
	_, err = t.Tx.CaseByRef(ctx, ref)
	if errors.Is(err, bot.ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}
