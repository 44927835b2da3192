package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/buurtbot/buurtbot/bot/civic"
)

// network finds the network of a turn: that of the room; in private the one that was chosen there, or in which the person
// has a part; for guests the one that guests belong to.
func (e *Engine) network(ctx context.Context, t *Turn) error {
	all, err := t.Tx.Networks(ctx)
	if err != nil || len(all) == 0 {
		return err
	}
	if len(all) == 1 {
		t.Network = all[0]
		return nil
	}
	id, err := roomNetwork(ctx, t, t.Chat)
	if err != nil {
		return err
	}
	if id == 0 {
		if id, err = t.privateNetwork(ctx); err != nil {
			return err
		}
	}
	home := all[0]
	for _, n := range all {
		if n.Name == e.Network {
			home = n
		}
	}
	if id == 0 {
		id = home.ID
	}
	return t.Settle(ctx, id)
}

// roomNetwork is the network of a chat that is bound to something; 0 for others.
func roomNetwork(ctx context.Context, t *Turn, chat Chat) (civic.AreaID, error) {
	if chat.ID == 0 || chat.Ref.Kind == Private {
		return 0, nil
	}
	id, _, err := t.Tx.RoomOf(ctx, chat.ID)
	if !errors.Is(err, ErrNotFound) {
		return id, err
	}
	target, err := t.Tx.TargetOf(ctx, chat.ID)
	if errors.Is(err, ErrNotFound) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	group, err := t.Tx.Area(ctx, target.Group)
	return group.Network, err
}

// privateNetwork is the network that was chosen in this chat, if the person still has a part in it, else the first in
// which they have one; 0 when there is none.
func (t *Turn) privateNetwork(ctx context.Context) (civic.AreaID, error) {
	chosen := civic.AreaID(0)
	if t.Chat.Ref.Kind == Private {
		chosen = t.Chat.Network
	}
	if t.Actor.Guest() {
		return chosen, nil
	}
	parts, err := t.Parts(ctx)
	if err != nil || len(parts) == 0 {
		return t.Actor.Network, err
	}
	if slices.Contains(parts, chosen) {
		return chosen, nil
	}
	if chosen != 0 { // they are joining it: the form goes on where it began
		open, err := t.Session(ctx)
		if open != nil || err != nil {
			return chosen, err
		}
	}
	return parts[0], nil
}

// Parts lists the networks of which the person of the turn is a member or in which they hold a role, the first one first.
func (t *Turn) Parts(ctx context.Context) ([]civic.AreaID, error) {
	return t.partsOf(ctx, t.Actor, t.everyGrant())
}

func (t *Turn) partsOf(ctx context.Context, m civic.Member, grants []civic.Grant) ([]civic.AreaID, error) {
	var parts []civic.AreaID
	if !m.Guest() {
		var err error
		if parts, err = t.Tx.Belongs(ctx, m.ID); err != nil {
			return nil, err
		}
	}
	for _, g := range grants {
		if !g.HeldAt(t.Late()) {
			continue
		}
		network, err := t.networkOf(ctx, g.Area)
		if err != nil {
			return nil, err
		}
		if !slices.Contains(parts, network) {
			parts = append(parts, network)
		}
	}
	return parts, nil
}

// NetworksOf lists the networks that a chat has to do with: that of a room, or all in which the person of a private chat has
// a part. None when it is of nobody that we know.
func (t *Turn) NetworksOf(ctx context.Context, chat Chat) ([]civic.AreaID, error) {
	if chat.Ref.Kind != Private {
		id, err := roomNetwork(ctx, t, chat)
		if id == 0 || err != nil {
			return nil, err
		}
		return []civic.AreaID{id}, nil
	}
	person, err := t.Tx.Owner(ctx, chat.ID)
	if err != nil || person == 0 {
		return nil, err
	}
	m, err := t.Tx.Member(ctx, person)
	if err != nil {
		return nil, err
	}
	return t.partsOf(ctx, m, m.Grants)
}

func (t *Turn) everyGrant() []civic.Grant {
	if t.grants != nil {
		return t.grants
	}
	return t.Actor.Grants
}

func (t *Turn) networkOf(ctx context.Context, area civic.AreaID) (civic.AreaID, error) {
	a, err := t.Tx.Area(ctx, area)
	if err != nil {
		return 0, fmt.Errorf("area %d of a role: %w", area, err)
	}
	return a.Network, nil
}

// Settle makes the turn one of this network: its names, clock, languages and country hold, the person is the member of it that
// they are, and of their roles those count that are held in it, so that nothing of one network does anything in another.
func (t *Turn) Settle(ctx context.Context, network civic.AreaID) error {
	if network == 0 || t.Network.ID == network {
		return nil
	}
	all, err := t.Tx.Networks(ctx)
	if err != nil {
		return fmt.Errorf("network %d: %w", network, err)
	}
	i := slices.IndexFunc(all, func(n civic.Network) bool { return n.ID == network })
	if i < 0 {
		return fmt.Errorf("network %d: %w", network, ErrNotFound)
	}
	t.Network = all[i]
	if len(all) == 1 {
		return nil
	}
	t.grants = t.everyGrant()
	here, err := t.heldIn(ctx, t.grants, network)
	if err != nil {
		return err
	}
	if t.grants == nil {
		t.grants = []civic.Grant{}
	}
	if !t.Actor.Guest() {
		if t.Actor, err = t.Tx.MemberIn(ctx, t.Actor.ID, network); err != nil {
			return err
		}
	}
	t.Actor.Grants = here
	return nil
}

// heldIn keeps the roles that are held in a network.
func (t *Turn) heldIn(ctx context.Context, grants []civic.Grant, network civic.AreaID) ([]civic.Grant, error) {
	var here []civic.Grant
	for _, g := range grants {
		of, err := t.networkOf(ctx, g.Area)
		if err != nil {
			return nil, err
		}
		if of == network {
			here = append(here, g)
		}
	}
	return here, nil
}

// Person is somebody as the network of the turn knows them: with the roles that they hold in it, and none of those that
// they hold in another. Whoever asks what a person is here asks this; [CivicTx.Member] gives the roles of all networks,
// for what happens to the person as a whole.
func (t *Turn) Person(ctx context.Context, id int64) (civic.Member, error) {
	m, err := t.Tx.MemberIn(ctx, id, t.Network.ID)
	if err != nil {
		return m, err
	}
	m.Grants, err = t.heldIn(ctx, m.Grants, t.Network.ID)
	return m, err
}

// Visit settles the turn in the network of a thing that the person deals with, if they have a part in it; whether they do
// is given. Otherwise the turn stays where it is, and what is done there is refused.
func (t *Turn) Visit(ctx context.Context, network civic.AreaID) (bool, error) {
	if network == 0 || network == t.Network.ID {
		return true, nil
	}
	parts, err := t.Parts(ctx)
	if err != nil || !slices.Contains(parts, network) {
		return false, err
	}
	return true, t.Settle(ctx, network)
}

// Choose makes a network the one of this private chat, until another is chosen.
func (t *Turn) Choose(ctx context.Context, network civic.AreaID) error {
	if err := t.Settle(ctx, network); err != nil || t.Chat.Ref.Kind != Private || t.Chat.Network == network {
		return err
	}
	t.Chat.Network = network
	return t.Tx.SetChatNetwork(ctx, t.Chat.ID, network)
}

// keepNetwork sees to it that a form goes on in the network in which it began.
func (t *Turn) keepNetwork(ctx context.Context) error {
	all, err := t.Tx.Networks(ctx)
	if err != nil || len(all) < 2 {
		return err
	}
	return t.Choose(ctx, t.Network.ID)
}
