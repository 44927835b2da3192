package flows

import (
	"context"
	"errors"
	"slices"
	"strconv"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// changes lists what of a case can be put right.
var changes = []string{changeCategory, changePlace, changeUrgency, changeOwner, changeWitness}

// correctable lists what a coordinator can put right about a case: who has it only if it is theirs to give and there is a
// colleague for it, and who saw it only where several did.
func correctable(ctx context.Context, t *bot.Turn, e change) ([]bot.Option, error) {
	var options []bot.Option
	for _, what := range changes {
		if can, err := e.can(ctx, t, what); err != nil {
			return nil, err
		} else if !can {
			continue
		}
		options = append(options, bot.Option{Key: what, Label: t.T("change.what." + what)})
	}
	return options, nil
}

func (e change) can(ctx context.Context, t *bot.Turn, what string) (bool, error) {
	switch what {
	case changeOwner:
		return givable(ctx, t, e)
	case changeWitness:
		others, err := witnesses(ctx, t, e)
		return len(others) > 0, err
	}
	return true, nil
}

func givable(ctx context.Context, t *bot.Turn, e change) (bool, error) {
	c, err := caseByRef(ctx, t, e.Ref)
	if err != nil {
		return false, err
	}
	err = mayRelease(ctx, t, c)
	if _, refused := errors.AsType[*bot.Refusal](err); refused {
		return false, nil
	}
	others, failed := colleagues(ctx, t, e)
	return len(others) > 0, errors.Join(err, failed)
}

// colleagues lists who else can work on a case: coordinators of its place who are there and may know of it.
func colleagues(ctx context.Context, t *bot.Turn, e change) ([]bot.Option, error) {
	c, err := caseByRef(ctx, t, e.Ref)
	if err != nil {
		return nil, err
	}
	roles := []civic.Role{civic.StreetCoordinator, civic.Deputy, civic.NetworkCoordinator}
	people, err := callable(ctx, t, c, roles)
	if err != nil {
		return nil, err
	}
	var options []bot.Option
	for _, person := range people {
		if person == c.Owner || person == t.Actor.ID {
			continue
		}
		name, err := colleague(ctx, t, t.Lang(), person)
		if err != nil {
			return nil, err
		}
		options = append(options, bot.Option{Key: strconv.FormatInt(person, 10), Label: name})
	}
	return options, nil
}

// give hands a case to a colleague, who hears it; a case of somebody else is given by a coordinator of the whole network, as
// it is given back.
func (e change) give(ctx context.Context, t *bot.Turn, c *civic.Case) error {
	if err := mayRelease(ctx, t, *c); err != nil {
		return err
	}
	able, err := colleagues(ctx, t, e)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(able, func(o bot.Option) bool { return o.Key == e.Owner })
	if at < 0 {
		return bot.Refuse("change.owner.gone").Reopen("owner")
	}
	person, err := strconv.ParseInt(e.Owner, 10, 64)
	if err != nil {
		return err
	}
	before := c.Owner
	c.Owner = person
	if err := saveCase(ctx, t, c, "given"); err != nil {
		return err
	}
	giver := nameOf(t, t.Lang(), t.Actor)
	if err := tellOwner(ctx, t, *c, "case.owner.given", "name", giver); err != nil {
		return err
	}
	if err := tellCoordinator(ctx, t, *c, before, func(lang string) bot.Message {
		return bot.Message{Text: t.In(lang, "case.owner.passed", "ref", c.Ref, "name", able[at].Label)}
	}); err != nil {
		return err
	}
	return t.Say(ctx, "change.owner.done", "ref", c.Ref, "name", able[at].Label)
}
