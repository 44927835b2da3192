package storage_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// .ci/run tries a million (reliability.md, E6).
var forged = flag.Int("forged", 5_000, "tokens of presses that are tried out")

// Nobody presses a button that they were not shown: random tokens, in the right shape, open none of a thousand cards.
func TestForgedTokensPressNothing(t *testing.T) {
	s := fresh(t)
	chat := room(t, s, "1", bot.Group)
	random := rand.NewChaCha8([32]byte{12})
	token := func() string {
		t.Helper()
		token, err := civic.Token(random)
		if err != nil {
			t.Fatal(err)
		}
		return token
	}
	var shown string
	for i := range 1000 {
		shown = token()
		id := post(t, s, bot.Letter{Chat: chat, Token: shown, Message: bot.Message{
			About: fmt.Sprintf("case/%d", i+1), Version: 1, Rows: [][]bot.Choice{{{Key: "yes"}}},
		}})
		claim(t, s, id)
		settle(t, s, id, delivered)
	}
	do(t, s, func(ctx context.Context, tx bot.Tx) error {
		if _, err := tx.Rendering(ctx, shown, chat, ""); err != nil {
			t.Fatalf("a token that was shown is not taken: %v", err)
		}
		for range *forged {
			if r, err := tx.Rendering(ctx, token(), chat, ""); !errors.Is(err, bot.ErrNotFound) {
				t.Fatalf("a forged token is about %s: %v", r.About, err)
			}
		}
		return nil
	})
	t.Logf("%d forged tokens, none was taken", *forged)
}
