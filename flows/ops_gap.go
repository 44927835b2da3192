package flows

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// noticeGap tells the operators, and the coordinators of every network, that what was said in a time may be lost:
// Telegram keeps messages for a day, a backup knows nothing of what came after it, and a homeserver may refuse to tell.
func noticeGap(ctx context.Context, t *bot.Turn, ref string) error {
	from, until, platform, err := gapOf(ref)
	if err != nil {
		return err
	}
	write := func(lang string) string {
		switch {
		case platform != "":
			return t.In(lang, "ops.gap.part", "platform", platformTitle(platform), "from", moment(t, lang, from),
				"until", moment(t, lang, until))
		case from.IsZero():
			return t.In(lang, "ops.gap.unknown", "until", moment(t, lang, until))
		}
		return t.In(lang, "ops.gap", "from", moment(t, lang, from), "until", moment(t, lang, until))
	}
	if err := everywhere(ctx, t, "", write); err != nil {
		return err
	}
	networks, err := t.Tx.Networks(ctx)
	if err != nil {
		return err
	}
	for _, n := range networks {
		room, err := t.Tx.Room(ctx, n.ID, civic.RoomCoordinators)
		if err != nil {
			return err
		}
		if err := tellIn(ctx, t, room, write); err != nil {
			return err
		}
	}
	return nil
}

// tellIn tells a room something in its language; 0 = there is no room.
func tellIn(ctx context.Context, t *bot.Turn, room int64, write func(lang string) string) error {
	if room == 0 {
		return nil
	}
	lang, err := t.LangIn(ctx, room)
	if err != nil {
		return err
	}
	return t.Post(ctx, room, bot.LaneRoutine, bot.Message{Text: write(lang)})
}

// noticePresses tells the rooms in which cases are worked on that what was pressed there for a while went nowhere: Telegram keeps
// a press for two and a half minutes only (reliability A11), and who pressed saw nothing happen. A room with nothing open has
// nothing to press.
func noticePresses(ctx context.Context, t *bot.Turn, ref string) error {
	from, until, platform, err := gapOf(ref)
	if err != nil {
		return err
	}
	write := func(lang string) string {
		return t.In(lang, "ops.presses", "from", moment(t, lang, from), "until", moment(t, lang, until))
	}
	networks, err := t.Tx.Networks(ctx)
	if err != nil {
		return err
	}
	for _, n := range networks {
		rooms, err := busyRooms(ctx, t, n.ID)
		if err != nil {
			return err
		}
		for _, room := range rooms {
			if room.Ref.Platform != platform {
				continue
			}
			if err := tellIn(ctx, t, room.ID, write); err != nil {
				return err
			}
		}
	}
	return nil
}

// busyRooms are the rooms of a network in which there may be something open. It is not told what.
func busyRooms(ctx context.Context, t *bot.Turn, network civic.AreaID) ([]bot.Chat, error) {
	kinds, err := busyKinds(ctx, t, network)
	if err != nil {
		return nil, err
	}
	var rooms []bot.Chat
	for _, kind := range kinds {
		id, err := t.Tx.Room(ctx, network, kind)
		if err != nil {
			return nil, err
		}
		if id == 0 {
			continue
		}
		room, err := t.Tx.Chat(ctx, id)
		if err != nil {
			return nil, err
		}
		rooms = append(rooms, room)
	}
	return rooms, nil
}

func busyKinds(ctx context.Context, t *bot.Turn, network civic.AreaID) ([]civic.RoomKind, error) {
	whole := []civic.AreaID{network}
	q := civic.Queue{Network: network, Reader: civic.Reader{Work: whole, Sensitive: whole}}
	open, err := t.Tx.OpenCases(ctx, q, 1)
	if err != nil || len(open) == 0 {
		return nil, err
	}
	q.Partner = true
	if open, err = t.Tx.OpenCases(ctx, q, 1); err != nil || len(open) == 0 {
		return []civic.RoomKind{civic.RoomCoordinators}, err
	}
	return slices.DeleteFunc(slices.Clone(civic.RoomKinds), func(k civic.RoomKind) bool { return k == civic.RoomOperators }), nil
}

// gapOf reads the two times of a gap, and the platform that it is about; empty = none of them.
func gapOf(ref string) (from, until time.Time, platform string, err error) {
	if end := strings.LastIndexByte(ref, '/'); strings.Count(ref, "/") > 1 {
		ref, platform = ref[:end], ref[end+1:]
	}
	a, b, err := pairOf(ref)
	if err != nil {
		return from, until, "", fmt.Errorf("gap %w", err)
	}
	if a > 0 {
		from = time.Unix(a, 0)
	}
	return from, time.Unix(b, 0), platform, nil
}

// pairOf reads the two numbers of a timer's reference, "17/3".
func pairOf(ref string) (a, b int64, err error) {
	first, second, _ := strings.Cut(ref, "/")
	a, err1 := strconv.ParseInt(first, 10, 64)
	b, err2 := strconv.ParseInt(second, 10, 64)
	if err := errors.Join(err1, err2); err != nil {
		return 0, 0, fmt.Errorf("%q: %w", ref, err)
	}
	return a, b, nil
}
