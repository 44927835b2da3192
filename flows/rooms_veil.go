package flows

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

const (
	// veilTimer stands as long as nobody saw that only coordinators read along in their new room, and rings when to look
	// again. Its ref is "NETWORK/1", or "NETWORK/0" when the room takes no other's place.
	veilTimer = "room.veil"
	veilPause = time.Hour
)

// veil keeps cases out of the coordinators' room that was bound just now, until a look says who reads along (reliability.md,
// E17). Meanwhile the coordinators read them one by one.
func veil(ctx context.Context, t *bot.Turn, network civic.AreaID, old int64) error {
	if _, err := unveil(ctx, t, network); err != nil {
		return err
	}
	return t.WakeIn(ctx, veilTimer, fmt.Sprintf("%d/%d", network, min(old, 1)), veilPause)
}

// unveil ends what [veil] began, and gives the timers that stood for it.
func unveil(ctx context.Context, t *bot.Turn, network civic.AreaID) ([]bot.Timer, error) {
	timers, err := veils(ctx, t, network)
	for _, timer := range timers {
		if err := t.Tx.Sleep(ctx, timer.Kind, timer.Ref); err != nil {
			return nil, err
		}
	}
	return timers, err
}

func veils(ctx context.Context, t *bot.Turn, network civic.AreaID) ([]bot.Timer, error) {
	return t.Tx.Timers(ctx, veilTimer, fmt.Sprintf("%d/", network))
}

// veiled reports whether cases are kept out of the coordinators' room.
func veiled(ctx context.Context, t *bot.Turn, network civic.AreaID) (bool, error) {
	timers, err := veils(ctx, t, network)
	return len(timers) > 0, err
}

// keepVeil looks whether a coordinators' room was mended, and goes on with it until it was.
func keepVeil(ctx context.Context, t *bot.Turn, ref string) error {
	network, _, err := pairOf(ref)
	if err != nil {
		return fmt.Errorf("room that nobody looked at %w", err)
	}
	if err := t.Settle(ctx, civic.AreaID(network)); err != nil {
		return err
	}
	room, err := t.Tx.Room(ctx, t.Network.ID, civic.RoomCoordinators)
	if err != nil || room == 0 {
		return err
	}
	if err := t.WakeIn(ctx, veilTimer, ref, veilPause); err != nil {
		return err
	}
	return watchChat(ctx, t, room, bot.UseClosed)
}

// reveal lets cases into a coordinators' room once a look found nothing grave there, or when its platform cannot look.
func reveal(ctx context.Context, t *bot.Turn, what use, found bot.Inspected) error {
	if what.kind != civic.RoomCoordinators || found.Grave() || !found.Seen && !found.Blind {
		return nil
	}
	timers, err := unveil(ctx, t, what.network)
	if err != nil || len(timers) == 0 {
		return err
	}
	if err := placeQueue(ctx, t, found.Chat); err != nil {
		return err
	}
	if strings.HasSuffix(timers[0].Ref, "/0") {
		return nil
	}
	return showOpen(ctx, t)
}

// tellVeil tells a coordinators' room why no cases come there yet: once a month for each reason, as [watched] does.
func tellVeil(ctx context.Context, t *bot.Turn, what use, found bot.Inspected) error {
	if what.kind != civic.RoomCoordinators || !found.Grave() {
		return nil
	}
	if shut, err := veiled(ctx, t, what.network); err != nil || !shut {
		return err
	}
	grave := found.Graves()
	news, err := newsOf(ctx, t, found.Chat, grave)
	if err != nil || !news {
		return err
	}
	lang, err := t.LangIn(ctx, found.Chat)
	if err != nil {
		return err
	}
	lines := []string{t.In(lang, "room.veiled")}
	for _, f := range grave {
		lines = append(lines, "• "+t.In(lang, f.Text()))
	}
	m := bot.Message{
		Text: strings.Join(append(lines, t.In(lang, "room.veiled.foot")), "\n"), About: bot.About(lookKind, found.Chat),
		Rows: bot.Rows(bot.Choice{Key: "again", Label: t.In(lang, "look.again")}),
	}
	return t.Post(ctx, found.Chat, bot.LaneRoutine, m)
}
