package flows

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

const (
	queueKind  = "queue"      // the list of what is open in the coordinators' room: "queue/NETWORK"
	queueTimer = "queue.keep" // ref: network

	// queuePause is how long changes are gathered before the list is written anew: three writes a minute at most, of the
	// eighteen that the room has (telegram.md), whatever happens.
	queuePause = 20 * time.Second
	queueMost  = 10 // lines; more do not fit on the screen of a phone
)

func queueAbout(network civic.AreaID) string { return bot.About(queueKind, int64(network)) }

// pinQueue puts the list of what is open into the coordinators' room, to be held at its top. It keeps itself current.
func pinQueue(ctx context.Context, t *bot.Turn) error {
	places, err := t.Tx.CardChats(ctx, queueAbout(t.Network.ID))
	if err != nil {
		return err
	}
	stands := slices.ContainsFunc(places, func(p bot.CardPlace) bool { return p.Chat == t.Chat.ID && p.Message != "" })
	if err := placeQueue(ctx, t, t.Chat.ID); err != nil || !stands {
		return err
	}
	return t.Say(ctx, "queue.pinned")
}

func placeQueue(ctx context.Context, t *bot.Turn, chat int64) error {
	if err := t.Show(ctx, chat, queueAbout(t.Network.ID)); err != nil {
		return err
	}
	return wakeQueue(ctx, t, t.Network.ID)
}

// atDesk reports whether the turn is in the coordinators' room of its network.
func atDesk(ctx context.Context, t *bot.Turn) (bool, error) {
	if t.Chat.Ref.Kind == bot.Private {
		return false, nil
	}
	room, err := t.Tx.Room(ctx, t.Network.ID, civic.RoomCoordinators)
	return room != 0 && room == t.Chat.ID, err
}

// noteQueue sees to it that the list is brought up to date soon, where there is one, when what it shows of a case changed.
// A change that it does not show leaves no trace there, not even that of an edit.
func noteQueue(ctx context.Context, t *bot.Turn, c civic.Case, before ...civic.Case) error {
	if !slices.ContainsFunc(append(before, c), listed) {
		return nil
	}
	return noteQueueOf(ctx, t, c.Network)
}

// listed reports whether a case stands in the list of the coordinators' room.
func listed(c civic.Case) bool {
	return !c.Status.Ended() && !c.Sensitive() && c.Subject == civic.SubjectNobody
}

func noteQueueOf(ctx context.Context, t *bot.Turn, network civic.AreaID) error {
	places, err := t.Tx.CardChats(ctx, queueAbout(network))
	if err != nil || len(places) == 0 {
		return err
	}
	return wakeQueue(ctx, t, network)
}

func wakeQueue(ctx context.Context, t *bot.Turn, network civic.AreaID) error {
	return t.WakeWithin(ctx, queueTimer, strconv.FormatInt(int64(network), 10), queuePause)
}

// keepQueue brings the list up to date. A room that is not the coordinators' any more hears nothing of what came after.
func keepQueue(ctx context.Context, t *bot.Turn, ref string) error {
	n, err := strconv.ParseInt(ref, 10, 64)
	if err != nil {
		return fmt.Errorf("list of what is open %q: %w", ref, err)
	}
	network := civic.AreaID(n)
	if err := t.Settle(ctx, network); err != nil {
		return err
	}
	room, err := t.Tx.Room(ctx, network, civic.RoomCoordinators)
	if err != nil {
		return err
	}
	places, err := t.Tx.CardChats(ctx, queueAbout(network))
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(places, func(p bot.CardPlace) bool { return p.Chat == room }) {
		return nil
	}
	if err := t.Show(ctx, room, queueAbout(network)); err != nil {
		return err
	}
	return t.Pin(ctx, queueAbout(network))
}

// keepQueues writes the lists of all networks anew: what was "today" is not any more.
func keepQueues(ctx context.Context, t *bot.Turn) error { return noteQueueOf(ctx, t, t.Network.ID) }

// queueCard lists what is still to be done as everybody in the coordinators' room may read it: nothing of what is kept from
// street coordinators, and nothing about anybody of the network, not even in a number.
func queueCard(ctx context.Context, t *bot.Turn, lang, id string) (bot.Message, error) {
	n, err := strconv.ParseInt(id, 10, 64)
	if err != nil {
		return bot.Message{}, fmt.Errorf("list of what is open %q: %w", id, bot.ErrNotFound)
	}
	network := civic.AreaID(n)
	list, err := t.Tx.OpenCases(ctx, civic.Queue{
		Network: network, Reader: civic.Reader{Work: []civic.AreaID{network}, Barred: civic.Subjects},
	}, queueMost+1)
	if err != nil {
		return bot.Message{}, err
	}
	text := []string{t.In(lang, "queue.head.all")}
	var choices []bot.Choice
	for _, c := range list[:min(queueMost, len(list))] {
		line, err := openLine(ctx, t, lang, c)
		if err != nil {
			return bot.Message{}, err
		}
		text = append(text, line)
		choices = append(choices, bot.Choice{Link: linkRead + c.Ref, Label: c.Ref})
	}
	switch {
	case len(list) == 0:
		text = append(text, t.In(lang, "case.open.none"))
	case len(list) > queueMost:
		text = append(text, t.In(lang, "case.open.more"))
	}
	return bot.Message{
		Text: strings.Join(text, "\n"), Silent: true,
		Rows: append(bot.Rows(choices...), bot.Rows(otherViews(t, lang, viewAll)...)...),
	}, nil
}
