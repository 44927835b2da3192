package flows

import (
	"context"
	"slices"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

const (
	mergeForm = "merge"
	linkMerge = "merge-"
	mergeUndo = 24 * time.Hour     // how long a merger can be undone
	mergeNear = 7 * 24 * time.Hour // how far apart cases may be told that are offered to be merged
	mergeMost = 8                  // cases that are offered
)

// merger is a case that goes into another.
type merger struct {
	Ref  string `json:"ref"`
	Into string `json:"into,omitempty"`
}

// merging asks with which case another belongs together.
func merging() bot.Form[merger] {
	return bot.Form[merger]{
		Name: mergeForm, Needs: civic.TriageCase, Start: startMerger, Done: mergeCase,
		Scope: func(ctx context.Context, t *bot.Turn, m merger) (civic.Scope, error) { return scopeOf(ctx, t, m.Ref) },
		Steps: []bot.Step[merger]{
			about[merger]{
				bot.PickFrom("into", func(m *merger) *string { return &m.Into }, mergeable),
				func(m merger) string { return m.Ref },
			},
		},
	}
}

func startMerger(ctx context.Context, t *bot.Turn, in bot.Input) (merger, []string, error) {
	c, err := caseByRef(ctx, t, in.Args)
	if err != nil {
		return merger{}, nil, err
	}
	if err := readable(ctx, t, c); err != nil {
		return merger{}, nil, err
	}
	if err := mayDecide(t, c); err != nil {
		return merger{}, nil, err
	}
	m := merger{Ref: c.Ref}
	options, err := mergeable(ctx, t, m)
	if err == nil && len(options) == 0 {
		err = bot.Refuse("merge.none", "ref", c.Ref)
	}
	return m, nil, err
}

// mergeable lists the open cases with which one may belong together: those told about the same time, the same kind or
// street first.
func mergeable(ctx context.Context, t *bot.Turn, m merger) ([]bot.Option, error) {
	c, err := caseByRef(ctx, t, m.Ref)
	if err != nil {
		return nil, err
	}
	list, err := t.Tx.SimilarCases(ctx, t.Actor.Reader(t.Now), c, mergeNear, mergeMost)
	if err != nil {
		return nil, err
	}
	var options []bot.Option
	for _, o := range list {
		options = append(options, bot.Option{Key: o.Ref, Label: t.T("merge.into.option",
			"ref", o.Ref, "category", categoryLabel(t, t.Lang(), o.Category))})
	}
	return options, nil
}

// fits reports whether two cases may be made one: nobody may read more by it than before.
func fits(c, into civic.Case) bool {
	apart := c.Created.Sub(into.Created).Abs()
	return c.ID != into.ID && c.Network == into.Network && apart <= mergeNear && c.Sensitive() == into.Sensitive() &&
		c.Subject == into.Subject && c.Alert == into.Alert && !into.Status.Ended()
}

// mergeCase brings the reports of a case to another; what contradicts stands on its card next to each other. Reporters
// hear under which reference they go on.
func mergeCase(ctx context.Context, t *bot.Turn, m merger) error {
	c, err := caseByRef(ctx, t, m.Ref)
	if err != nil {
		return err
	}
	into, err := caseByRef(ctx, t, m.Into)
	if err != nil {
		return err
	}
	for _, one := range []civic.Case{c, into} {
		if err := readable(ctx, t, one); err != nil {
			return err
		}
	}
	reports, err := t.Tx.Reports(ctx, c.ID)
	if err != nil {
		return err
	}
	if !fits(c, into) || slices.ContainsFunc(reports, func(r civic.Report) bool { return r.Origin != 0 }) {
		return bot.Refuse("merge.refused", "ref", c.Ref, "into", into.Ref)
	}
	if err := mergeInHand(ctx, t, &c); err != nil {
		return err
	}
	if err := tellReportersWith(ctx, t, c, func(lang string) bot.Message {
		return bot.Message{Text: t.In(lang, "merge.told", "ref", c.Ref, "into", into.Ref)}
	}); err != nil {
		return err
	}
	if err := t.Tx.MergeCase(ctx, c, into); err != nil {
		return err
	}
	c.MergedInto, c.MergedAt = into.ID, t.Now
	if err := move(ctx, t, &c, civic.Duplicate); err != nil {
		return err
	}
	if err := gained(ctx, t, into, c); err != nil {
		return err
	}
	return t.Say(ctx, "merge.done", "ref", c.Ref, "into", into.Ref)
}

// mergeInHand lets whoever merges a case be the one who has it; one that nobody looked at goes straight to the other.
func mergeInHand(ctx context.Context, t *bot.Turn, c *civic.Case) error {
	if c.Status != civic.Received {
		return inHand(ctx, t, c)
	}
	c.Owner = t.Actor.ID
	return nil
}

// gained brings a case up to date to which reports of another came: more people saw it, and what was pressing stays so.
func gained(ctx context.Context, t *bot.Turn, into, from civic.Case) error {
	reports, err := t.Tx.Reports(ctx, into.ID)
	if err != nil {
		return err
	}
	if into.Verification == civic.Unverified && civic.Independent(reports) > 1 {
		into.Verification = civic.Corroborated
	}
	before := into
	if from.Urgency == civic.Emergency {
		into.Urgency = civic.Emergency
	}
	into.Called = civic.Surer(into.Called, from.Called)
	if err := renewPromise(ctx, t, &into, before); err != nil {
		return err
	}
	if err := saveCase(ctx, t, &into, "merged"); err != nil {
		return err
	}
	if err := becameUrgent(ctx, t, into, before); err != nil {
		return err
	}
	fresh := slices.DeleteFunc(slices.Clone(reports), func(r civic.Report) bool { return r.Origin != from.ID })
	return tellDesks(ctx, t, into, later{key: "handover.merged", from: from.Ref, fresh: fresh})
}

// calledIn is what the reports of a case say of a call to the emergency number. Where none says anything, nobody knows, and that
// only has to be said of an emergency.
func calledIn(reports []civic.Report, c civic.Case) civic.Called {
	var called civic.Called
	for _, r := range reports {
		called = civic.Surer(called, r.Called)
	}
	if called == "" && c.Urgency == civic.Emergency {
		return civic.CalledUnknown
	}
	return called
}

// split undoes a merger, for a day.
func split(ctx context.Context, t *bot.Turn, c civic.Case) error {
	if c.Status != civic.Duplicate || c.MergedInto == 0 {
		return stands(t, c)
	}
	if t.Now.Sub(c.MergedAt) > mergeUndo {
		return bot.Refuse("merge.late", "ref", c.Ref)
	}
	into, err := t.Tx.Case(ctx, c.MergedInto)
	if err != nil {
		return err
	}
	if err := t.Tx.SplitCase(ctx, c, into); err != nil {
		return err
	}
	reports, err := t.Tx.Reports(ctx, into.ID)
	if err != nil {
		return err
	}
	if into.Verification == civic.Corroborated && civic.Independent(reports) < 2 {
		into.Verification = civic.Unverified
	}
	if into.Called == c.Called {
		into.Called = calledIn(reports, into)
	}
	if err := saveCase(ctx, t, &into, "split"); err != nil {
		return err
	}
	err = tellHolders(ctx, t, into, civic.CorrectSent, func(lang string, _ civic.Handover, _ bool) bot.Message {
		return bot.Message{Text: t.In(lang, "handover.split", "ref", into.Ref, "from", c.Ref)}
	})
	if err != nil {
		return err
	}
	c.Owner, c.MergedInto, c.MergedAt = t.Actor.ID, 0, time.Time{}
	if err := move(ctx, t, &c, civic.InTriage); err != nil {
		return err
	}
	err = tellReportersWith(ctx, t, c, func(lang string) bot.Message {
		return bot.Message{Text: t.In(lang, "merge.untold", "ref", c.Ref, "into", into.Ref)}
	})
	if err != nil {
		return err
	}
	if pressing(c) && pressing(into) { // it may be so by the other alone; a person decides, and to be wrong is to wait
		return t.Answer(ctx, "merge.undone.urgent", "ref", c.Ref, "into", into.Ref)
	}
	return t.Answer(ctx, "merge.undone", "ref", c.Ref)
}
