package flows

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// sameAnswer is what a reporter says when somebody told of the like before.
type sameAnswer string

const (
	sameYes sameAnswer = "yes"
	sameNo  sameAnswer = "no"
)

// How long after a report another may be about the same: what happens is over soon, what is broken stays broken.
const (
	sameDeed  = 2 * time.Hour
	sameState = 7 * 24 * time.Hour
	sameChain = 24 * time.Hour // copies of a message that goes round
)

// joins reports whether the draft becomes part of a case that is there already.
func (d *draft) joins() bool { return d.Same == sameYes && d.Twin != 0 }

// alone reports whether a report of its own is being told, so that the questions which take time belong to it.
func (d *draft) alone() bool { return d.goesOn() && !d.joins() && !d.reopens() }

// asksSame reports whether the reporter is asked if they saw the same as another.
func (d *draft) asksSame() bool { return d.calm() && !d.passedOn() && d.Twin != 0 }

// sought is what a twin was looked for by; another category or street is looked for anew.
func (d *draft) sought() string { return fmt.Sprint(d.category(), d.Place.Street) }

// seekTwin looks for a case that may be about the same, once category and street are known.
func seekTwin(ctx context.Context, t *bot.Turn, d *draft) error {
	if !d.calm() || d.Alert != 0 || d.Place.Street == 0 || !d.sorted() && d.Family == "" || d.Sought == d.sought() {
		return nil
	}
	d.Sought, d.Twin, d.Same = d.sought(), 0, ""
	if err := seekOld(ctx, t, d); err != nil {
		return err
	}
	if d.category().Sensitive() || d.category() == civic.Other {
		return nil // that there is a sensitive case is nobody's business
	}
	seek := civic.Search{
		Network: t.Network.ID, Reader: anyOpen(t), Streets: []civic.AreaID{d.Place.Street},
		Category: d.category(), Since: t.Now.Add(-sameFor(d.category())),
	}
	c, err := twinOf(ctx, t, seek, nil)
	if err == nil && c.ID == 0 {
		seek.Category = civic.Other
		c, err = twinOf(ctx, t, seek, d.speaksOfSame)
	}
	d.Twin = c.ID
	return err
}

// speaksOfSame reports whether the words of a case that nobody sorted, as an emergency is at first, are about the draft's
// category.
func (d *draft) speaksOfSame(reports []civic.Report) bool {
	return slices.ContainsFunc(reports, func(r civic.Report) bool {
		return civic.Understand(r.Text, nil).Category == d.category()
	})
}

// sameFor is how long two reports of a category may be about the same.
func sameFor(c civic.Category) time.Duration {
	info, _ := c.Info()
	if info.Family == civic.FamilyDecay && c != civic.Vandalism || info.Family == civic.FamilyTraffic {
		return sameState
	}
	return sameDeed
}

// twinOf finds the newest open case of a search that somebody else told of, and that fits; the zero Case when there is
// none. One that was withdrawn is as if it had never been.
func twinOf(ctx context.Context, t *bot.Turn, s civic.Search, fits func([]civic.Report) bool) (civic.Case, error) {
	const most = 20
	found, err := t.Tx.FindCases(ctx, s, most)
	if err != nil {
		return civic.Case{}, fmt.Errorf("twin: %w", err)
	}
	for _, c := range found {
		if c.Status.Ended() || c.Status == civic.ReopenRequested {
			continue
		}
		reports, err := t.Tx.Reports(ctx, c.ID)
		if err != nil {
			return civic.Case{}, err
		}
		others := len(reports) > 0 && !slices.ContainsFunc(reports, func(r civic.Report) bool {
			return r.Reporter == t.Actor.ID || r.Reporter == 0
		})
		if others && (fits == nil || fits(reports)) {
			return c, nil
		}
	}
	return civic.Case{}, nil
}

// anyOpen reads, for the bot itself, every case of the network that hides nobody.
func anyOpen(t *bot.Turn) civic.Reader {
	return civic.Reader{Work: []civic.AreaID{t.Network.ID}, Barred: civic.Subjects}
}

// sameStep asks whether it is the same: by category, street and time, and never by another's words (feature C31).
func sameStep() bot.Step[draft] {
	pick := bot.Pick("same", func(d *draft) *sameAnswer { return &d.Same }, sameYes, sameNo)
	said := func(d *draft) bool { return d.Same != "" }
	return bot.If((*draft).asksSame, bot.Filled(said, bot.Step[draft](crying{comparing{pick}})))
}

type comparing struct{ bot.Step[draft] }

// Ask implements [bot.Step].
func (s comparing) Ask(ctx context.Context, t *bot.Turn, form string, d draft) (bot.Message, error) {
	m, err := s.Step.Ask(ctx, t, form, d)
	if err != nil {
		return m, err
	}
	c, err := t.Tx.Case(ctx, d.Twin)
	if err != nil {
		return m, fmt.Errorf("twin: %w", err)
	}
	place, err := placeLabel(ctx, t, t.Lang(), civic.Place{Street: c.Street})
	m.Text = t.T("report.same.ask", "category", categoryLabel(t, t.Lang(), d.category()), "place", place,
		"time", moment(t, t.Lang(), c.Created))
	return m, err
}

// chained finds the case of a message that goes round: the same words, passed on by others.
func chained(ctx context.Context, t *bot.Turn, d draft) (civic.Case, error) {
	seek := civic.Search{Network: t.Network.ID, Reader: anyOpen(t), Category: d.category(), Since: t.Now.Add(-sameChain)}
	return twinOf(ctx, t, seek, func(reports []civic.Report) bool {
		return slices.ContainsFunc(reports, func(r civic.Report) bool {
			return r.Source == civic.SourceForwarded && civic.Alike(r.Text, d.text(""))
		})
	})
}

// addition is a draft that goes to a case of others.
type addition struct {
	to       int64 // the case
	reporter civic.Member
	draft    draft
	asked    civic.Questionnaire
}

// heighten lets a case press as much as the more pressing of what its reporters told, and takes over that somebody called. What
// is only passed on changes neither.
func (d *draft) heighten(c *civic.Case) {
	if !d.passedOn() {
		c.Urgency, c.Called = civic.Sooner(c.Urgency, d.urgency()), civic.Surer(c.Called, d.called())
	}
}

// becameUrgent sees to it that a case which one more report makes an emergency is treated as one that was told as such: the
// police see it, and coordinators are called soon.
func becameUrgent(ctx context.Context, t *bot.Turn, c, before civic.Case) error {
	if c.Urgency != civic.Emergency || before.Urgency == civic.Emergency {
		return nil
	}
	if waits(c) {
		if err := watch(ctx, t, c); err != nil {
			return err
		}
	}
	return policeDesk.show(ctx, t, c)
}

// joinCase adds a draft to a case of others; false when the case ended meanwhile, or is read in the street
// and the draft may not be: then it makes one of its own.
func joinCase(ctx context.Context, t *bot.Turn, a addition) (civic.Case, bool, error) {
	c, err := t.Tx.Case(ctx, a.to)
	if err != nil || c.Status.Ended() || a.draft.Hint != "" && !c.Sensitive() {
		return c, false, err
	}
	reports, err := t.Tx.Reports(ctx, c.ID)
	if err != nil {
		return c, false, err
	}
	r := reportFrom(t, a.reporter, a.draft, a.asked)
	r.Case, r.Alias = c.ID, 1
	for _, other := range reports {
		r.Alias = max(r.Alias, other.Alias+1)
	}
	if err := t.Tx.AddReport(ctx, &r); err != nil {
		return c, false, fmt.Errorf("case %s: %w", c.Ref, err)
	}
	if c.Verification == civic.Unverified && civic.Independent(append(reports, r)) > 1 {
		c.Verification = civic.Corroborated
	}
	before := c
	a.draft.heighten(&c)
	if err := renewPromise(ctx, t, &c, before); err != nil {
		return c, true, err
	}
	if err := saveCase(ctx, t, &c, "witnessed"); err != nil {
		return c, true, err
	}
	if err := becameUrgent(ctx, t, c, before); err != nil {
		return c, true, err
	}
	return c, true, tellDesks(ctx, t, c, later{key: "handover.witness", fresh: []civic.Report{r}})
}
