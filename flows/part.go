package flows

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// witnesses lists who came to a case by saying that they saw the same, and may have been wrong. What came with a merger is
// split off as a whole, on the card of the other case.
func witnesses(ctx context.Context, t *bot.Turn, e change) ([]bot.Option, error) {
	c, err := caseByRef(ctx, t, e.Ref)
	if err != nil {
		return nil, err
	}
	reports, err := t.Tx.Reports(ctx, c.ID)
	if err != nil {
		return nil, err
	}
	var options []bot.Option
	for _, r := range reports {
		if r.Kind == "" && r.Reporter != 0 && r.Origin == 0 && r.Reporter != reports[0].Reporter {
			options = append(options, bot.Option{Key: strconv.Itoa(r.Alias), Label: t.T("change.witness.one", "n", r.Alias)})
		}
	}
	return options, nil
}

// part makes a case of its own of what one witness told: it turned out to be something else. Whoever does it has both;
// [Samenvoegen] undoes it.
func (e change) part(ctx context.Context, t *bot.Turn, c *civic.Case) error {
	reports, err := t.Tx.Reports(ctx, c.ID)
	if err != nil {
		return err
	}
	able, err := witnesses(ctx, t, e)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(reports, func(r civic.Report) bool { return r.Kind == "" && strconv.Itoa(r.Alias) == e.Witness })
	if at < 0 || !slices.ContainsFunc(able, func(o bot.Option) bool { return o.Key == e.Witness }) {
		return bot.Refuse("change.witness.gone").Reopen("witness")
	}
	own, rest := portions(reports, reports[at].Reporter)
	apart, err := partCase(ctx, t, *c, own)
	if err != nil {
		return err
	}
	if err := lacking(ctx, t, c, apart, rest); err != nil {
		return err
	}
	if err := tellReportersWith(ctx, t, apart, func(lang string) bot.Message {
		return bot.Message{Text: t.In(lang, "change.witness.told", "ref", apart.Ref, "from", c.Ref)}
	}); err != nil {
		return err
	}
	return t.Say(ctx, "change.witness.done", "ref", apart.Ref, "from", c.Ref)
}

// portions are what one reporter told of a case, and what the others did.
func portions(reports []civic.Report, reporter int64) (own, rest []civic.Report) {
	for _, r := range reports {
		if r.Reporter == reporter {
			own = append(own, r)
		} else {
			rest = append(rest, r)
		}
	}
	return own, rest
}

// partCase makes the case of one witness, beside the one that they were wrongly counted to.
func partCase(ctx context.Context, t *bot.Turn, from civic.Case, own []civic.Report) (civic.Case, error) {
	c := civic.Case{
		Network: from.Network, Group: from.Group, Street: from.Street, Category: from.Category, Urgency: from.Urgency,
		Status: civic.InTriage, Verification: civic.Unverified, Called: calledIn(own, from), Owner: t.Actor.ID,
		Created: own[0].Filed, Changed: t.Now, Alert: from.Alert, Subject: from.Subject, Promised: from.Promised,
	}
	if err := storeCase(ctx, t, &c); err != nil {
		return c, err
	}
	if err := t.Tx.PartReports(ctx, from, c, own[0].Reporter); err != nil {
		return c, err
	}
	if err := auditCase(ctx, t, c, "parted"); err != nil {
		return c, err
	}
	if err := watchPromise(ctx, t, c); err != nil {
		return c, err
	}
	if err := keepTime(ctx, t, c); err != nil {
		return c, err
	}
	return c, showCase(ctx, t, &c)
}

// lacking brings a case up to date whose witness was of something else, and says so to partners that have it.
func lacking(ctx context.Context, t *bot.Turn, c *civic.Case, apart civic.Case, rest []civic.Report) error {
	if c.Verification == civic.Corroborated && civic.Independent(rest) < 2 {
		c.Verification = civic.Unverified
	}
	if c.Called == apart.Called {
		c.Called = calledIn(rest, *c)
	}
	if err := saveCase(ctx, t, c, "split"); err != nil {
		return fmt.Errorf("case %s without a witness: %w", c.Ref, err)
	}
	return tellHolders(ctx, t, *c, civic.CorrectSent, func(lang string, _ civic.Handover, _ bool) bot.Message {
		return bot.Message{Text: t.In(lang, "handover.split", "ref", c.Ref, "from", apart.Ref)}
	})
}
