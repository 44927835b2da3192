package flows

import (
	"context"
	"slices"
	"strconv"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// deadHere are the newest letters that administrators of the turn's network look after.
func deadHere(ctx context.Context, t *bot.Turn) ([]bot.DeadLetter, error) {
	letters, err := t.Tx.DeadLetters(ctx, everything)
	if err != nil {
		return nil, err
	}
	var here []bot.DeadLetter
	for _, l := range letters {
		networks, err := whose(ctx, t, l.Chat)
		if err != nil {
			return nil, err
		}
		if slices.Contains(networks, t.Network.ID) && len(here) < opsShown {
			here = append(here, l)
		}
	}
	return here, nil
}

// asideHere are the oldest updates that administrators of the turn's network look after. Nobody knows whose an update is
// that could not be read, so they are the first network's.
func asideHere(ctx context.Context, t *bot.Turn) ([]bot.ParkedUpdate, error) {
	first, err := firstNetwork(ctx, t)
	if err != nil || first != t.Network.ID {
		return nil, err
	}
	return t.Tx.ParkedUpdates(ctx, opsShown)
}

// tellLookers tells the operators of each network for which something lies aside in /ops, at most once an hour in each.
func tellLookers(ctx context.Context, t *bot.Turn, write func(lang string) string) error {
	networks, err := troubled(ctx, t)
	if err != nil {
		return err
	}
	for _, id := range networks {
		fresh, err := thisHour(ctx, t, bot.About(OpsAside, int64(id)))
		if err == nil && fresh {
			err = tellOperators(ctx, t, id, "", write)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// troubled are the networks whose administrators find something to look after in /ops.
func troubled(ctx context.Context, t *bot.Turn) ([]civic.AreaID, error) {
	letters, err := t.Tx.DeadLetters(ctx, everything)
	if err != nil {
		return nil, err
	}
	updates, err := t.Tx.ParkedUpdates(ctx, 1)
	if err != nil {
		return nil, err
	}
	var found []civic.AreaID
	if len(updates) > 0 {
		first, err := firstNetwork(ctx, t)
		if err != nil {
			return nil, err
		}
		found = append(found, first)
	}
	for _, l := range letters {
		networks, err := whose(ctx, t, l.Chat)
		if err != nil {
			return nil, err
		}
		found = append(found, networks...)
	}
	slices.Sort(found)
	return slices.Compact(found), nil
}

// whose are the networks whose administrators look after what goes to a chat: those that it has to do with, or the first one
// when it has to do with none.
func whose(ctx context.Context, t *bot.Turn, id int64) ([]civic.AreaID, error) {
	chat, err := t.Tx.Chat(ctx, id)
	if err != nil {
		return nil, err
	}
	found, err := t.NetworksOf(ctx, chat)
	if err != nil || len(found) > 0 {
		return found, err
	}
	if found, err = addressedBy(ctx, t, id); err != nil || len(found) > 0 {
		return found, err
	}
	first, err := firstNetwork(ctx, t)
	return []civic.AreaID{first}, err
}

// addressedBy are the networks that reach a partner at this address.
func addressedBy(ctx context.Context, t *bot.Turn, chat int64) ([]civic.AreaID, error) {
	networks, err := t.Tx.Networks(ctx)
	if err != nil {
		return nil, err
	}
	var found []civic.AreaID
	for _, n := range networks {
		for _, partner := range civic.Partners {
			p, err := t.Tx.Partner(ctx, n.ID, partner)
			if err != nil {
				return nil, err
			}
			if p.Chat == chat && !slices.Contains(found, n.ID) {
				found = append(found, n.ID)
			}
		}
	}
	return found, nil
}

func firstNetwork(ctx context.Context, t *bot.Turn) (civic.AreaID, error) {
	networks, err := t.Tx.Networks(ctx)
	if err != nil || len(networks) == 0 {
		return 0, err
	}
	return networks[0].ID, nil
}

// onDead finds the network of a letter: the turn's, when it is one of those that look after it.
func onDead(ctx context.Context, t *bot.Turn, r bot.Ref) (bot.Thing, error) {
	here := bot.Thing{Scope: civic.Scope{Network: t.Network.ID}}
	letters, err := t.Tx.DeadLetters(ctx, everything)
	if err != nil {
		return here, err
	}
	i := slices.IndexFunc(letters, func(l bot.DeadLetter) bool { return strconv.FormatInt(l.ID, 10) == r.ID })
	if i < 0 {
		return here, nil // somebody was first, and this is what is told
	}
	networks, err := whose(ctx, t, letters[i].Chat)
	if err == nil && !slices.Contains(networks, t.Network.ID) {
		here.Scope.Network = networks[0]
	}
	return here, err
}

// onAside finds the network that looks after updates.
func onAside(ctx context.Context, t *bot.Turn, _ bot.Ref) (bot.Thing, error) {
	first, err := firstNetwork(ctx, t)
	return bot.Thing{Scope: civic.Scope{Network: first}}, err
}
