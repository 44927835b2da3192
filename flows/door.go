package flows

import (
	"context"
	"time"

	"github.com/buurtbot/buurtbot/bot"
)

// The door for codes closes in a chat after so many wrong ones, for so long. A code has 130 random bits, so nobody gets in
// by guessing; the door is there so that nobody tries for years.
const (
	wrongCodes = 5
	doorClosed = time.Hour
)

// knocking refuses every code in a chat whose door is closed.
func knocking(ctx context.Context, t *bot.Turn) error {
	wrong, err := t.Tx.Knocks(ctx, t.Chat.ID, t.Now.Add(-doorClosed))
	if err == nil && wrong >= wrongCodes {
		return bot.Refuse("code.closed", "count", wrongCodes)
	}
	return err
}

// knocked counts a code that there is not; the one that closes the door is told so, any other in the words of key.
func knocked(ctx context.Context, t *bot.Turn, key string) error {
	wrong, err := t.Tx.Knock(ctx, t.Chat.ID, t.Now, t.Now.Add(-doorClosed))
	if err != nil {
		return err
	}
	if wrong < wrongCodes {
		return bot.Refuse(key)
	}
	if err := t.Audit(ctx, "code.closed", bot.About("chat", t.Chat.ID), ""); err != nil {
		return err
	}
	return bot.Refuse("code.closed", "count", wrongCodes)
}
