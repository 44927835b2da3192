package flows

import (
	"context"
	"fmt"
	"strings"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// twin is an alert of another network that is one with an alert of this: its issuer sent the same words there. The turn is
// the same as it would be there.
type twin struct {
	alert civic.Alert
	there *bot.Turn
}

// twins are the alerts that end together with this one, because the person may end them too. Whoever has no part in the other
// network sees nothing of it, and in a room nothing is said of another network to anybody.
func twins(ctx context.Context, t *bot.Turn, a civic.Alert, to civic.AlertStatus) ([]twin, error) {
	if t.Chat.Ref.Kind != bot.Private || to == civic.AlertCorrected || unsent(a) {
		return nil, nil
	}
	parts, err := t.Parts(ctx)
	if err != nil {
		return nil, err
	}
	var found []twin
	for _, network := range parts {
		if network == a.Network {
			continue
		}
		there, err := inNetwork(ctx, t, network)
		if err != nil {
			return nil, err
		}
		from, until := a.Issued.Add(-civic.SameWindow), a.Issued.Add(civic.SameWindow)
		issued, err := t.Tx.AlertsIssued(ctx, network, from, until)
		if err != nil {
			return nil, fmt.Errorf("what %s is one with: %w", a.Ref, err)
		}
		for _, o := range issued {
			if !unsent(o) && o.Kind == a.Kind && a.SameElsewhere([]civic.Alert{o}) && mayFollow(there, o, to) == nil {
				found = append(found, twin{o, there})
			}
		}
	}
	return found, nil
}

// finishTwins ends what ends together with an alert, each in the names, words and languages of its own network.
func finishTwins(ctx context.Context, list []twin, f follow, key string) error {
	for _, w := range list {
		if err := finishAlert(ctx, w.there, w.alert, f, key); err != nil {
			return fmt.Errorf("with another: %w", err)
		}
	}
	return nil
}

// twinLines tells before an alert ends what ends with it, and who hears it there.
func twinLines(ctx context.Context, t *bot.Turn, a civic.Alert, to civic.AlertStatus) (string, error) {
	list, err := twins(ctx, t, a, to)
	var lines []string
	for _, w := range list {
		_, world, err := planFollow(ctx, w.there, w.alert, civic.NoticeAllClear)
		if err != nil {
			return "", err
		}
		plan := civic.NewPlan(w.alert, civic.NoticeAllClear, withoutPending(world))
		lines = append(lines, "\n"+t.T("alert.twin", "network", w.there.Network.Name, "ref", w.alert.Ref)+" "+
			reach(w.there, t.Lang(), plan, world))
	}
	return strings.Join(lines, ""), err
}
