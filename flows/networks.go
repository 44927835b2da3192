package flows

import (
	"context"
	"slices"
	"strconv"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// networkKind is what the choice of a network is about: "network/CHAT".
const networkKind = "network"

// Networks lets people who have a part in several networks say which one they mean, and guests to which they belong.
func Networks() bot.Feature {
	return bot.Feature{
		Name:     "networks",
		Commands: []bot.CommandSpec{{Name: "netwerk", Needs: civic.AskHelp, Where: bot.InPrivate, Do: askNetwork}},
		Actions:  []bot.Action{{Name: "network.go", Needs: civic.AskHelp, On: onNetwork, Do: goToNetwork}},
		Keys:     []string{"network.ask", "network.ask.guest", "network.chosen", "network.one"},
	}
}

// choosable are the networks that the person may choose from: those in which they have a part, for a guest all.
func choosable(ctx context.Context, t *bot.Turn) ([]civic.Network, error) {
	all, err := t.Tx.Networks(ctx)
	if err != nil || t.Actor.Guest() {
		return all, err
	}
	parts, err := t.Parts(ctx)
	if err != nil {
		return nil, err
	}
	var own []civic.Network
	for _, n := range all {
		if slices.Contains(parts, n.ID) {
			own = append(own, n)
		}
	}
	return own, nil
}

// askNetwork offers the networks that the person may choose from.
func askNetwork(ctx context.Context, t *bot.Turn, _ string) error {
	list, err := choosable(ctx, t)
	if err != nil {
		return err
	}
	if len(list) < 2 {
		return t.Say(ctx, "network.one", "network", t.Network.Name)
	}
	key := "network.ask"
	if t.Actor.Guest() {
		key = "network.ask.guest"
	}
	var choices []bot.Choice
	for _, n := range list {
		choices = append(choices, bot.Choice{Key: "go:" + strconv.FormatInt(int64(n.ID), 10), Label: n.Name})
	}
	return t.Post(ctx, t.Chat.ID, bot.LaneAnswer, bot.Message{
		Text: t.T(key, "network", t.Network.Name), About: bot.About(networkKind, t.Chat.ID), Rows: bot.Rows(choices...),
	})
}

func onNetwork(_ context.Context, t *bot.Turn, r bot.Ref) (bot.Thing, error) {
	if r.ID != strconv.FormatInt(t.Chat.ID, 10) || t.Chat.Ref.Kind != bot.Private {
		return bot.Thing{}, bot.Refuse("press.old")
	}
	return bot.Thing{}, nil
}

// goToNetwork takes the choice. A guest goes on to join; a form that is open stays in the network in which it began.
func goToNetwork(ctx context.Context, t *bot.Turn, r bot.Ref) error {
	list, err := choosable(ctx, t)
	if err != nil {
		return err
	}
	id, err := strconv.ParseInt(r.Arg, 10, 64)
	if err != nil || !slices.ContainsFunc(list, func(n civic.Network) bool { return n.ID == civic.AreaID(id) }) {
		return bot.Refuse("press.old")
	}
	open, err := t.Session(ctx)
	if err != nil {
		return err
	}
	if open != nil && t.Network.ID != civic.AreaID(id) {
		return bot.Refuse("form.busy")
	}
	if err := t.Choose(ctx, civic.AreaID(id)); err != nil {
		return err
	}
	if t.Actor.Guest() {
		return t.Begin(ctx, joinForm, bot.Input{})
	}
	return t.Say(ctx, "network.chosen", "network", t.Network.Name)
}

// beginJoining opens the sign-up. Where there are several networks, a guest says first which one it is.
func beginJoining(ctx context.Context, t *bot.Turn) error {
	all, err := t.Tx.Networks(ctx)
	if err != nil {
		return err
	}
	if len(all) > 1 && t.Actor.Guest() && t.Chat.Network == 0 {
		return askNetwork(ctx, t, "")
	}
	return t.Begin(ctx, joinForm, bot.Input{})
}

// here is a place as this network knows it: a street of another is none of ours.
func here(ctx context.Context, t *bot.Turn, at civic.Place) (civic.Place, error) {
	if at.Street == 0 {
		return at, nil
	}
	street, err := t.Tx.Area(ctx, at.Street)
	if err == nil && street.Network != t.Network.ID {
		at.Street, at.Words = 0, street.Name
	}
	return at, err
}
