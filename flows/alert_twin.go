package flows

import (
	"context"
	"fmt"
	"slices"
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

// twins are the alerts that are corrected or end together with this one, because the person may do that to them too. Whoever
// has no part in the other network sees nothing of it, and in a room nothing is said of another network to anybody. One that
// says something else by now is not corrected with it.
func twins(ctx context.Context, t *bot.Turn, a civic.Alert, to civic.AlertStatus) ([]twin, error) {
	if t.Chat.Ref.Kind != bot.Private || unsent(a) {
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
		same, err := sameIn(ctx, t, a, network)
		if err != nil {
			return nil, err
		}
		for _, o := range same {
			apart := to == civic.AlertCorrected && (newestText(o) != newestText(a) || !o.Happened.Equal(a.Happened))
			if !unsent(o) && !apart && mayFollow(there, o, to) == nil {
				found = append(found, twin{o, there})
			}
		}
	}
	return found, nil
}

// sameIn lists the alerts of another network that are one with an alert.
func sameIn(ctx context.Context, t *bot.Turn, a civic.Alert, network civic.AreaID) ([]civic.Alert, error) {
	issued, err := t.Tx.AlertsIssued(ctx, network, a.Issued.Add(-civic.SameWindow), a.Issued.Add(civic.SameWindow))
	if err != nil {
		return nil, fmt.Errorf("what %s is one with: %w", a.Ref, err)
	}
	return slices.DeleteFunc(issued, func(o civic.Alert) bool {
		return o.Kind != a.Kind || !a.SameElsewhere([]civic.Alert{o})
	}), nil
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

// twinLines tells before an alert is corrected or ends what goes with it, and who hears it there.
func twinLines(ctx context.Context, t *bot.Turn, a civic.Alert, to civic.AlertStatus) (string, error) {
	list, err := twins(ctx, t, a, to)
	var lines []string
	for _, w := range list {
		notice := civic.NoticeAllClear
		if to == civic.AlertCorrected {
			notice = civic.NoticeCorrection
		}
		plan, world, err := planFollow(ctx, w.there, w.alert, notice)
		if err != nil {
			return "", err
		}
		if notice == civic.NoticeAllClear {
			plan = civic.NewPlan(w.alert, notice, withoutPending(world))
		}
		lines = append(lines, "\n"+t.T("alert.twin", "network", w.there.Network.Name, "ref", w.alert.Ref)+" "+
			reach(w.there, t.Lang(), plan, world))
	}
	return strings.Join(lines, ""), err
}
