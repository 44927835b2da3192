package flows

import (
	"context"
	"strings"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

const (
	changeForm = "change"
	linkChange = "change-"
)

// What of a case can be changed.
const (
	changeCategory = "category"
	changePlace    = "place"
	changeUrgency  = "urgency"
	changeOwner    = "owner"
	changeWitness  = "witness"
)

// change is what a coordinator puts right about a case.
type change struct {
	Ref      string         `json:"ref"`
	What     string         `json:"what,omitempty"`
	Category civic.Category `json:"category,omitempty"`
	Place    string         `json:"place,omitempty"` // name of a street
	Urgency  civic.Urgency  `json:"urgency,omitempty"`
	Owner    string         `json:"owner,omitempty"`   // number of a person
	Witness  string         `json:"witness,omitempty"` // alias of a reporter
}

// changing asks what is to be put right, and how it is.
func changing() bot.Form[change] {
	when := func(what string) func(*change) bool { return func(e *change) bool { return e.What == what } }
	ref := func(e change) string { return e.Ref }
	return bot.Form[change]{
		Name: changeForm, Needs: civic.TriageCase, Start: startChange, Done: changeCase,
		Scope: func(ctx context.Context, t *bot.Turn, e change) (civic.Scope, error) { return scopeOf(ctx, t, e.Ref) },
		Steps: []bot.Step[change]{
			about[change]{
				bot.PickFrom("what", func(e *change) *string { return &e.What }, correctable), ref,
			},
			bot.If(when(changeCategory), bot.Step[change](about[change]{
				bot.PickFrom("category", func(e *change) *civic.Category { return &e.Category }, allCategories), ref,
			})),
			bot.If(when(changePlace), bot.Step[change](about[change]{
				bot.Write("place", func(e *change) *string { return &e.Place }, longestName), ref,
			})),
			bot.If(when(changeUrgency), bot.Step[change](about[change]{
				bot.Pick("urgency", func(e *change) *civic.Urgency { return &e.Urgency },
					civic.Emergency, civic.Today, civic.Normal, civic.Info), ref,
			})),
			bot.If(when(changeOwner), bot.Step[change](about[change]{
				bot.PickFrom("owner", func(e *change) *string { return &e.Owner }, colleagues), ref,
			})),
			bot.If(when(changeWitness), bot.Step[change](about[change]{
				bot.PickFrom("witness", func(e *change) *string { return &e.Witness }, witnesses), ref,
			})),
		},
	}
}

func allCategories(_ context.Context, t *bot.Turn, _ change) ([]bot.Option, error) {
	var options []bot.Option
	for _, info := range civic.Categories {
		options = append(options, bot.Option{Key: string(info.Key), Label: categoryLabel(t, t.Lang(), info.Key)})
	}
	return options, nil
}

func startChange(ctx context.Context, t *bot.Turn, in bot.Input) (change, []string, error) {
	c, err := caseByRef(ctx, t, in.Args)
	if err == nil {
		err = readable(ctx, t, c)
	}
	if err == nil {
		err = mayDecide(t, c)
	}
	return change{Ref: c.Ref}, nil, err
}

// changeCase puts a case right, and says what was dropped with the old value and where the case belongs now.
func changeCase(ctx context.Context, t *bot.Turn, e change) error {
	c, err := caseByRef(ctx, t, e.Ref)
	if err != nil {
		return err
	}
	if err := readable(ctx, t, c); err != nil {
		return err
	}
	if err := mayDecide(t, c); err != nil {
		return err
	}
	if c.Status == civic.Received { // who puts a case right has it in hand
		if err := inHand(ctx, t, &c); err != nil {
			return err
		}
	}
	switch e.What {
	case changeOwner:
		return e.give(ctx, t, &c)
	case changeWitness:
		return e.part(ctx, t, &c)
	}
	before := c
	dropped, err := e.apply(ctx, t, &c)
	if err != nil {
		return err
	}
	if err := e.save(ctx, t, &c, before); err != nil {
		return err
	}
	rule, err := ruleOf(ctx, t, c)
	if err != nil {
		return err
	}
	text := t.T("change.done", "ref", c.Ref, "dropped", dropped)
	if len(rule.Partners) > 0 {
		text += "\n" + t.T("change.route", "partners", partnerNames(t, t.Lang(), rule.Partners))
	}
	return t.Post(ctx, t.Chat.ID, bot.LaneAnswer, bot.Message{Text: text})
}

// save stores a changed case, and sees to it that somebody has it who may, or is called, and that its promise fits.
func (e change) save(ctx context.Context, t *bot.Turn, c *civic.Case, before civic.Case) error {
	hidden, err := slipped(ctx, t, *c)
	switch {
	case err != nil:
		return err
	case hidden:
		c.Owner = 0
	case c.Owner == 0:
		c.Owner = t.Actor.ID
	}
	if err := renewPromise(ctx, t, c, before); err != nil {
		return err
	}
	if err := saveCase(ctx, t, c, "changed_"+e.What); err != nil {
		return err
	}
	if hidden {
		if err := watch(ctx, t, *c); err != nil {
			return err
		}
	}
	if c.Urgency == civic.Emergency && e.What == changeUrgency {
		return policeDesk.show(ctx, t, *c)
	}
	return nil
}

// slipped reports whether a case that became sensitive is out of the hands of who has it.
func slipped(ctx context.Context, t *bot.Turn, c civic.Case) (bool, error) {
	if !mayRead(t, c) || c.Owner == 0 {
		return !mayRead(t, c), nil
	}
	ok, err := mayKnow(ctx, t, c, c.Owner)
	return !ok, err
}

// renewPromise counts anew by when the reporters of a case are answered whose urgency changed. What they were told stays
// the latest; of an emergency they were told no day.
func renewPromise(ctx context.Context, t *bot.Turn, c *civic.Case, before civic.Case) error {
	if c.Urgency == before.Urgency {
		return nil
	}
	c.Promised = t.Now.Add(civic.Promise(c.Urgency))
	if before.Urgency != civic.Emergency && before.Promised.Before(c.Promised) {
		c.Promised = before.Promised
	}
	return watchPromise(ctx, t, *c)
}

// apply changes the case, and names the value that it had.
func (e change) apply(ctx context.Context, t *bot.Turn, c *civic.Case) (string, error) {
	switch e.What {
	case changeCategory:
		was := categoryLabel(t, t.Lang(), c.Category)
		c.Category = e.Category
		return was, nil
	case changeUrgency:
		was := t.T("change.urgency." + string(c.Urgency))
		if c.Urgency = e.Urgency; c.Called == "" && c.Urgency == civic.Emergency {
			c.Called = civic.CalledUnknown
		}
		return was, nil
	}
	was, err := placeBefore(ctx, t, *c)
	if err != nil {
		return "", err
	}
	streets, err := t.Streets(ctx)
	if err != nil {
		return "", err
	}
	for _, s := range streets {
		if strings.EqualFold(s.Name, strings.TrimSpace(e.Place)) {
			c.Street, c.Group = s.ID, s.Parent
			return was, nil
		}
	}
	return "", bot.Refuse("change.unknown", "place", civic.Clean(e.Place, 40)).Reopen("place")
}

// placeBefore names the place of a case as its cards show it, with what goes when another street is put in its stead.
func placeBefore(ctx context.Context, t *bot.Turn, c civic.Case) (string, error) {
	reports, err := t.Tx.Reports(ctx, c.ID)
	if err != nil {
		return "", err
	}
	at := toldPlace(c, reports)
	was, err := whereLabel(ctx, t, t.Lang(), at)
	if err == nil && at.Point != nil {
		was = t.T("change.pin", "place", was)
	}
	return was, err
}
