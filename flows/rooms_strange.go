package flows

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/buurtbot/buurtbot/bot"
)

// strangerTimer rings when the bot was long enough in a chat that nobody connected, by the chat's number.
const strangerTimer = "room.stranger"

// strangerStay is how long the bot stays where nobody needs it: what is said there is nothing to it, and who put it there
// may mean no good (reliability.md, E16).
const strangerStay = 10 * time.Minute

// A goodbye is read before the bot is gone: farewell is the end of the timer's ref after which it goes.
const (
	farewell     = "/go"
	farewellRead = 30 * time.Second
)

// leaveStrangers says goodbye in a chat that was not connected in time, and goes. Nobody can be told in a channel.
func leaveStrangers(ctx context.Context, t *bot.Turn, ref string) error {
	number, said := strings.CutSuffix(ref, farewell)
	id, err := strconv.ParseInt(number, 10, 64)
	if err != nil {
		return fmt.Errorf("chat %q: %w", ref, err)
	}
	t.Chat, err = t.Tx.Chat(ctx, id)
	if errors.Is(err, bot.ErrNotFound) {
		return nil
	}
	if err != nil || !t.Chat.Reachable {
		return err
	}
	if _, err := roomUse(ctx, t); !errors.Is(err, bot.ErrNotFound) {
		return err // it was connected meanwhile
	}
	if t.Chat.Ref.Kind == bot.Group && !said {
		if err := t.Say(ctx, "room.stranger"); err != nil {
			return err
		}
		return t.WakeIn(ctx, strangerTimer, number+farewell, farewellRead)
	}
	return t.Doors(ctx, quietDoorKind, bot.AtDoor{Order: bot.DoorLeave, Chat: t.Chat})
}
