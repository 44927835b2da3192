package flows

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// cardFates tells what became of the alarm and, when there is one, of the newest notice after it.
func cardFates(ctx context.Context, t *bot.Turn, lang string, a civic.Alert) ([]string, error) {
	corrections, err := corrections(ctx, t, a.ID)
	if err != nil {
		return nil, err
	}
	var lines []string
	for _, n := range []struct {
		notice civic.Notice
		nth    int
	}{
		{civic.NoticeAlarm, 1},
		{civic.NoticeCorrection, corrections},
		{civic.NoticeAllClear, 1},
	} {
		if n.nth == 0 {
			continue
		}
		deliveries, err := t.Tx.Deliveries(ctx, a.ID, n.notice, n.nth)
		if err != nil {
			return nil, fmt.Errorf("deliveries of alert %s: %w", a.Ref, err)
		}
		line, err := fates(ctx, t, lang, deliveries)
		if err != nil {
			return nil, err
		}
		if line != "" {
			key := string(n.notice)
			if n.notice == civic.NoticeAllClear && a.Status == civic.AlertRetracted {
				key = "retraction"
			}
			lines = append(lines, t.In(lang, "alert.card.fate."+key, "fates", line))
		}
	}
	gone, err := goneFates(ctx, t, lang, a)
	return append(lines, gone...), err
}

// goneFates tells where the words and the picture of an alert were taken away.
func goneFates(ctx context.Context, t *bot.Turn, lang string, a civic.Alert) ([]string, error) {
	words, err := t.Tx.Deliveries(ctx, a.ID, civic.NoticeTakeBack, 1)
	if err != nil {
		return nil, fmt.Errorf("where alert %s was taken back: %w", a.Ref, err)
	}
	lines := takenFates(t, lang, words)
	if a.Photo == 0 {
		return lines, nil
	}
	picture, err := t.Tx.Deliveries(ctx, a.ID, civic.NoticeTakeBack, pictureNth+1)
	if err != nil {
		return nil, fmt.Errorf("where the picture of alert %s was taken back: %w", a.Ref, err)
	}
	return append(lines, pictureFate(t, lang, words, picture)...), nil
}

// corrections counts the corrections of an alert.
func corrections(ctx context.Context, t *bot.Turn, alert int64) (int, error) {
	for n := 0; ; n++ {
		next, err := t.Tx.Deliveries(ctx, alert, civic.NoticeCorrection, n+1)
		if err != nil {
			return 0, fmt.Errorf("corrections of alert %d: %w", alert, err)
		}
		if len(next) == 0 {
			return n, nil
		}
	}
}

// fates sums up what became of deliveries: "27 van 28 bezorgd, 1 onbereikbaar: Meidoorn (bot verwijderd)". What newer
// news took the place of does not count; nothing to tell is an empty text.
func fates(ctx context.Context, t *bot.Turn, lang string, deliveries []civic.Delivery) (string, error) {
	n, alone := map[civic.DeliveryStatus]int{}, map[civic.DeliveryStatus]int{}
	retrying := 0
	var failed []civic.Delivery
	groups, people := 0, 0
	for _, d := range deliveries {
		switch {
		case d.Status == civic.DeliverySuperseded:
			continue
		case d.Person == 0:
			groups++
			n[d.Status]++
			if d.Tries > 0 {
				retrying++
			}
		default:
			people++
			alone[d.Status]++
		}
		if d.Status == civic.DeliveryFailed {
			failed = append(failed, d)
		}
	}
	var parts []string
	if groups > 0 {
		parts = append(parts, t.In(lang, "alert.card.sent", "sent", n[civic.DeliverySent], "count", groups))
	}
	if people > 0 {
		parts = append(parts, delivered(t, lang, people, alone[civic.DeliverySent]))
	}
	if retrying > 0 {
		parts = append(parts, t.In(lang, "alert.card.retrying", "count", retrying))
	}
	if waiting := n[civic.DeliveryPending] - retrying; waiting > 0 {
		parts = append(parts, t.In(lang, "alert.card.waiting", "count", waiting))
	}
	if unknown := n[civic.DeliveryUnknown]; unknown > 0 {
		parts = append(parts, t.In(lang, "alert.card.unknown", "count", unknown))
	}
	if len(failed) > 0 {
		lost, err := lostPlaces(ctx, t, lang, failed)
		if err != nil {
			return "", err
		}
		parts = append(parts, t.In(lang, "alert.card.lost", "where", raw(lost)))
	}
	return strings.Join(parts, ", "), nil
}

// lostPlaces names the street groups in which a notice did not arrive, and why; members are counted by their group.
func lostPlaces(ctx context.Context, t *bot.Turn, lang string, failed []civic.Delivery) (string, error) {
	const most = 5
	groups, err := groupNames(ctx, t)
	if err != nil {
		return "", err
	}
	var places []string
	people := map[string]int{}
	for _, d := range failed {
		name := groups[d.Target]
		if d.Person != 0 {
			people[name]++
			continue
		}
		why, err := whyLost(ctx, t, d)
		if err != nil {
			return "", err
		}
		places = append(places, t.In(lang, "alert.lost."+why, "group", raw(name)))
	}
	for name, n := range people {
		places = append(places, t.In(lang, "alert.lost.members", "group", raw(name), "who", members(t, lang, n)))
	}
	slices.Sort(places)
	if more := len(places) - most; more > 0 {
		places = append(places[:most], t.In(lang, "alert.lost.more", "count", more))
	}
	return strings.Join(places, ", "), nil
}

// groupNames gives the name of the street group of each target.
func groupNames(ctx context.Context, t *bot.Turn) (map[int64]string, error) {
	areas, err := t.Tx.Areas(ctx, t.Network.ID)
	if err != nil {
		return nil, fmt.Errorf("street groups: %w", err)
	}
	names := map[civic.AreaID]string{}
	for _, area := range areas {
		names[area.ID] = area.Name
	}
	targets, err := t.Tx.Targets(ctx, t.Network.ID)
	if err != nil {
		return nil, fmt.Errorf("targets: %w", err)
	}
	groups := map[int64]string{}
	for _, target := range targets {
		groups[target.ID] = names[target.Group]
	}
	return groups, nil
}

// whyLost tells a chat that is closed to the bot from a message that did not get through.
func whyLost(ctx context.Context, t *bot.Turn, d civic.Delivery) (string, error) {
	chat, err := t.Tx.Chat(ctx, d.Chat)
	if errors.Is(err, bot.ErrNotFound) {
		return "removed", nil
	}
	if err != nil {
		return "", fmt.Errorf("chat %d: %w", d.Chat, err)
	}
	if !chat.Reachable {
		return "removed", nil
	}
	return "failed", nil
}
