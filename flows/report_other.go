package flows

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/paulmach/orb"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// The choices of who has a part in several networks and names a street of another one than this.
const (
	choiceThere = "there:" // the number of the street follows
	choiceHere  = "here"
)

// neighbouring is the question where it was, for who has a part in several networks: of a street of another one it offers to go
// on there with the report, and all that was told comes along.
type neighbouring struct{ bot.Step[draft] }

// Ask asks first about a street of another network, when the story or a pin was there.
func (s neighbouring) Ask(ctx context.Context, t *bot.Turn, form string, d draft) (bot.Message, error) {
	if d.Here || d.Place.Street != 0 || len(d.Streets) > 0 {
		return s.Step.Ask(ctx, t, form, d)
	}
	said := d.What + " " + d.Place.Words
	street, err := elsewhere(ctx, t, d.Place.Point, func(all []civic.Area) []civic.Area { return bot.Mentioned(all, said) })
	switch {
	case err != nil:
		return bot.Message{}, err
	case street.ID == 0:
		return s.Step.Ask(ctx, t, form, d)
	}
	text, rows, err := offerThere(ctx, t, street)
	if err != nil {
		return bot.Message{}, err
	}
	return bot.Message{Text: t.T(text.Key, text.Args...), Rows: rows}, nil
}

// Take takes the choice; of what is no place of this network it looks whether it is one of another.
func (s neighbouring) Take(ctx context.Context, t *bot.Turn, in bot.Input, d *draft) error {
	if id, there := strings.CutPrefix(in.Choice, choiceThere); there {
		return goThere(ctx, t, id, d)
	}
	if in.Choice == choiceHere {
		d.Here = true
		return bot.Refuse("report.where.ask")
	}
	why := s.Step.Take(ctx, t, in, d)
	if _, refused := errors.AsType[*bot.Refusal](why); !refused || d.Here || in.Choice != "" {
		return why
	}
	street, err := elsewhere(ctx, t, in.Point, func(all []civic.Area) []civic.Area { return civic.StreetsIn(all, in.Text) })
	if err != nil || street.ID == 0 {
		return errors.Join(err, why)
	}
	text, rows, err := offerThere(ctx, t, street)
	if err != nil {
		return err
	}
	return text.Offer(rows)
}

// elsewhere finds a street of another network in which the person may report: that of a pin, or one that named finds. None is
// looked for while the person has a part in one network alone.
func elsewhere(
	ctx context.Context, t *bot.Turn, at *orb.Point, named func(all []civic.Area) []civic.Area,
) (civic.Area, error) {
	parts, err := t.Parts(ctx)
	if err != nil || len(parts) < 2 {
		return civic.Area{}, err
	}
	for _, id := range parts {
		if id == t.Network.ID {
			continue
		}
		there, err := inNetwork(ctx, t, id)
		if err != nil {
			return civic.Area{}, err
		}
		if !there.May(civic.FileReport, civic.Scope{Network: id}) {
			continue
		}
		found, err := streetsThere(ctx, there, at, named)
		if err != nil || len(found) > 0 {
			return append(found, civic.Area{})[0], err
		}
	}
	return civic.Area{}, nil
}

func streetsThere(
	ctx context.Context, t *bot.Turn, at *orb.Point, named func(all []civic.Area) []civic.Area,
) ([]civic.Area, error) {
	if at != nil {
		if !civic.Valid(*at) {
			return nil, nil
		}
		return t.Pinned(ctx, *at)
	}
	all, err := t.Streets(ctx)
	return named(all), err
}

// offerThere is what is said of a street of another network, and the choices.
func offerThere(ctx context.Context, t *bot.Turn, street civic.Area) (*bot.Refusal, [][]bot.Choice, error) {
	there, err := networkOf(ctx, t.Tx, street.Network)
	if err != nil {
		return nil, nil, err
	}
	key := choiceThere + strconv.FormatInt(int64(street.ID), 10)
	return bot.Refuse("report.neighbour", "street", street.Name, "network", there.Name), bot.Rows(
		bot.Choice{Key: key, Label: t.T("report.neighbour.go", "network", there.Name)},
		bot.Choice{Key: choiceHere, Label: t.T("report.neighbour.here", "network", t.Network.Name)}), nil
}

// goThere goes on with a report in the network of a street. What was found or asked because of this network is looked for anew.
func goThere(ctx context.Context, t *bot.Turn, id string, d *draft) error {
	number, err := strconv.ParseInt(id, 10, 64)
	if err != nil {
		return fmt.Errorf("street %q: %w", id, bot.ErrNotFound)
	}
	street, err := t.Tx.Area(ctx, civic.AreaID(number))
	if err != nil {
		return err
	}
	there, err := inNetwork(ctx, t, street.Network)
	if err != nil {
		return err
	}
	if !there.May(civic.FileReport, civic.Scope{Network: street.Network}) {
		return bot.Refuse("press.old")
	}
	if err := t.Choose(ctx, street.Network); err != nil {
		return err
	}
	d.Place = civic.Place{Street: street.ID, Point: d.Place.Point, Words: d.Place.Words}
	d.Streets, d.Shot = nil, 0
	return t.Say(ctx, "network.chosen", "network", t.Network.Name)
}
