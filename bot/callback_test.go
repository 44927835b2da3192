package bot_test

import (
	"context"
	"testing"
	"time"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/sandbox"
)

// meanwhile is the sandbox, with something that happens while a letter is on its way.
type meanwhile struct {
	*sandbox.Sandbox
	do func()
}

func (m *meanwhile) Send(ctx context.Context, l bot.Letter, photos [][]byte) (bot.MessageRef, error) {
	if m.do != nil {
		m.do()
		m.do = nil
	}
	return m.Sandbox.Send(ctx, l, photos)
}

// An alarm that is refused for now while its alert ends is not sent afterwards, and the alert's card hears of it.
func TestAnAlarmIsNotSentAfterItsEnd(t *testing.T) {
	p := newPost(t)
	if err := p.deliver(t.Context()); err != nil {
		t.Fatal(err)
	}
	do := func(fn func(ctx context.Context, tx bot.Tx) error) {
		t.Helper()
		if err := p.store.Do(t.Context(), func(tx bot.Tx) error { return fn(t.Context(), tx) }); err != nil {
			t.Fatal(err)
		}
	}
	do(func(ctx context.Context, tx bot.Tx) error {
		chat, err := tx.Enter(ctx, bot.ChatRef{Platform: sandbox.Name, ID: "bo", Kind: bot.Private}, p.now)
		if err != nil {
			return err
		}
		l := bot.Letter{Chat: chat.ID, Lane: bot.LaneUrgent, Report: "alert/1", Message: bot.Message{Text: "Let op"}}
		return tx.Enqueue(ctx, &l)
	})
	p.platform.FailNext(sandbox.Failure{Remedy: bot.Later, After: time.Second})
	p.courier = bot.NewCourier(p.store, &meanwhile{Sandbox: p.platform, do: func() {
		do(func(ctx context.Context, tx bot.Tx) error {
			_, err := tx.Supersede(ctx, "alert/1", p.now)
			return err
		})
	}}, func() time.Time { return p.now })
	for range 3 {
		if err := p.deliver(t.Context()); err != nil {
			t.Fatal(err)
		}
		p.now = p.now.Add(time.Minute)
	}
	if n := len(p.platform.Messages("bo")); n != 0 {
		t.Errorf("Bo reads %d messages of an alert that is over", n)
	}
	do(func(ctx context.Context, tx bot.Tx) error {
		due, err := tx.DueTimers(ctx, p.now, 10)
		if len(due) != 1 || due[0].Kind != "alert" || due[0].Ref != "1" {
			t.Errorf("timers %v", due)
		}
		return err
	})
}
