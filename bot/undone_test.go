package bot_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/sandbox"
)

// On a disk that is full a message is tried again each second. It counts once: when the disk has room again it is answered,
// and the gate is as open as if nothing had happened.
func TestAMessageWhoseTurnWasUndoneCountsOnce(t *testing.T) {
	k := newKitchen(t)
	k.engine.Flood = &bot.Flood{PerMinute: 5}
	full := errors.New("no space")
	try := func(key, words string, outcome error) {
		t.Helper()
		err := k.store.Do(t.Context(), func(tx bot.Tx) error {
			_, err := k.engine.Handle(t.Context(), tx, bot.Update{
				Key: key, At: k.now, Chat: bot.ChatRef{Platform: sandbox.Name, ID: "ana", Kind: bot.Private},
				From: bot.UserRef{Platform: sandbox.Name, ID: "ana", Name: "Ana"}, Event: bot.Text{Body: words},
			})
			return errors.Join(err, outcome)
		})
		if !errors.Is(err, outcome) {
			t.Fatal(err)
		}
	}
	for range 50 {
		try("1", "hoi", full)
	}
	for i, key := range []string{"1", "2", "3", "4", "5"} {
		before := len(k.show.Messages("ana"))
		try(key, "hoi"+strings.Repeat("!", i), nil)
		k.deliver()
		if len(k.show.Messages("ana")) == before {
			t.Fatalf("message %d is not answered", i+1)
		}
		if got := k.last().Text; strings.Contains(got, "veel berichten") {
			t.Fatalf("message %d is answered with %q", i+1, got)
		}
	}
}

// What waited for an hour, while the program was down or for an operator, is answered like any other message: the answer is
// worth delivering from now on, and not from when the message came.
func TestAnAnswerToAnOldMessageIsDelivered(t *testing.T) {
	k := newKitchen(t)
	came := k.now
	k.now = k.now.Add(time.Hour)
	err := k.store.Do(t.Context(), func(tx bot.Tx) error {
		_, err := k.engine.Handle(t.Context(), tx, bot.Update{
			Key: "1", At: came, Chat: bot.ChatRef{Platform: sandbox.Name, ID: "ana", Kind: bot.Private},
			From: bot.UserRef{Platform: sandbox.Name, ID: "ana", Name: "Ana"}, Event: bot.Text{Body: "hoi"},
		})
		if err == nil {
			_, err = tx.Expire(t.Context(), k.now)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	k.deliver()
	if len(k.show.Messages("ana")) == 0 {
		t.Error("nobody is answered")
	}
}
