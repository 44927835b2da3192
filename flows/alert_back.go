package flows

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// sayTakenBack is what stands in the place of an alert whose description is taken back.
func sayTakenBack(ctx context.Context, t *bot.Turn, lang string, a civic.Alert) (string, error) {
	areas, err := areaNames(ctx, t, lang, a.Areas)
	if err != nil {
		return "", err
	}
	key := "alert.taken.old"
	switch {
	case a.Status == civic.AlertOutcome:
		key = "alert.taken.outcome"
	case a.Status == civic.AlertRetracted:
		key = "alert.taken.retracted"
	case t.Now.Sub(a.Issued) < describedFor && !a.Until.After(t.Now):
		key = "alert.taken.over"
	}
	lines := []string{
		t.In(lang, "alert.taken.head", "network", t.Network.Name, "areas", areas,
			"sender", t.In(lang, "alert.sender."+string(a.Sender))),
		t.In(lang, key, "ref", a.Ref, "time", moment(t, lang, a.Issued), "until", moment(t, lang, a.Until)),
	}
	if a.Drill {
		lines = append(append([]string{t.In(lang, "alert.drill.begin")}, lines...), t.In(lang, "alert.drill.end"))
	}
	return strings.Join(lines, "\n"), nil
}

// notTakenBack lists where what an alert described still stands, or may stand; moving tells that some of it is still being taken
// back.
func notTakenBack(ctx context.Context, t *bot.Turn, a civic.Alert) (left []civic.Delivery, moving bool, err error) {
	count, err := corrections(ctx, t, a.ID)
	if err != nil {
		return nil, false, err
	}
	nths := []int{pictureNth}
	for nth := range count + 1 {
		nths = append(nths, nth)
	}
	for _, nth := range nths {
		list, err := t.Tx.Deliveries(ctx, a.ID, civic.NoticeTakeBack, nth+1)
		if err != nil {
			return nil, false, fmt.Errorf("deliveries of alert %s: %w", a.Ref, err)
		}
		for _, d := range list {
			moving = moving || d.Status == civic.DeliveryPending
			known := slices.ContainsFunc(left, func(l civic.Delivery) bool { return l.Chat == d.Chat })
			if !known && d.Status != civic.DeliverySent && d.Status != civic.DeliveryPending {
				left = append(left, d)
			}
		}
	}
	return left, moving, nil
}

// takenFates tells in how many places what an alert described was taken back.
func takenFates(t *bot.Turn, lang string, deliveries []civic.Delivery) []string {
	if len(deliveries) == 0 {
		return nil
	}
	done, groups, people, alone := 0, 0, 0, 0
	for _, d := range deliveries {
		sent := 0
		if d.Status == civic.DeliverySent {
			sent = 1
		}
		if d.Person == 0 {
			groups, done = groups+1, done+sent
		} else {
			people, alone = people+1, alone+sent
		}
	}
	var lines []string
	if groups > 0 {
		lines = append(lines, t.In(lang, "alert.card.taken", "sent", done, "count", groups))
	}
	if people > 0 {
		lines = append(lines, taken(t, lang, people, alone))
	}
	return lines
}
