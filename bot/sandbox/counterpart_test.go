package sandbox_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/sandbox"
)

// counterpart is who the people on the page talk to in these tests: it answers as a bot would, by a script.
type counterpart struct {
	t   testing.TB
	box *sandbox.Sandbox

	mu    sync.Mutex
	heard []bot.Update
	cards map[bot.MessageRef]string // what stands on them
}

// answerAll lets the counterpart answer until the test ends.
func answerAll(t testing.TB, box *sandbox.Sandbox) *counterpart {
	t.Helper()
	c := &counterpart{t: t, box: box, cards: map[bot.MessageRef]string{}}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		for ctx.Err() == nil {
			c.turn(ctx)
		}
	}()
	t.Cleanup(func() {
		cancel()
		<-done
	})
	return c
}

func (c *counterpart) turn(ctx context.Context) {
	in := &inbox{clock: c.box.Clock()}
	if err := c.box.PollOnce(ctx, in); err != nil {
		if ctx.Err() == nil {
			c.t.Error(err)
		}
		return
	}
	for _, raw := range in.rows {
		u, err := c.box.Decode(raw.Body)
		if err != nil {
			c.t.Error(err)
			return
		}
		c.mu.Lock()
		c.heard = append(c.heard, u)
		c.mu.Unlock()
		c.answer(ctx, u)
	}
}

func (c *counterpart) answer(ctx context.Context, u bot.Update) {
	switch e := u.Event.(type) {
	case bot.Command:
		c.post(u.Chat.ID, "Hoi <b>"+u.From.Name+"</b>! Wat is er aan de hand?\nBij gevaar bel je altijd <b>112</b>.",
			[]bot.Choice{{Key: "theft", Label: "Diefstal"}, {Key: "blight", Label: "Afval of graffiti"}},
			[]bot.Choice{{Key: "danger", Label: "Gevaar, nu"}})
	case bot.Text:
		if u.Chat.Kind == bot.Private {
			c.report(e.Body)
		}
		c.post(u.Chat.ID, "Dank je wel. Je melding heeft nummer <b>KAS-7F3K</b>.")
	case bot.Press:
		c.press(ctx, u, e)
	case bot.Point:
		c.post(u.Chat.ID, fmt.Sprintf("Die plek heb ik: %.4f, %.4f.", e.At.Lat(), e.At.Lon()))
	case bot.Media:
		c.post(u.Chat.ID, "De foto is bewaard.")
	case bot.Edited:
		c.post(u.Chat.ID, "Ik lees nu: "+e.Body)
	}
}

// report puts a card before the coordinators.
func (c *counterpart) report(words string) {
	text := "<b>KAS-7F3K</b> Verdacht voertuig\n" + words
	ref := c.post(sandbox.DeskRoom, text, []bot.Choice{{Key: "take", Label: "Oppakken"}, {Key: "close", Label: "Sluiten"}},
		[]bot.Choice{{Link: "ask-1", Label: "Vraag de melder"}})
	c.mu.Lock()
	defer c.mu.Unlock()
	c.cards[ref] = text
}

func (c *counterpart) press(ctx context.Context, u bot.Update, e bot.Press) {
	c.mu.Lock()
	text := c.cards[e.On]
	c.mu.Unlock()
	letter := bot.Letter{To: u.Chat, Op: bot.OpEdit, Edits: e.On, Token: "second"}
	letter.Text = text + "\n\n<i>Opgepakt door " + u.From.Name + "</i>"
	letter.Rows = [][]bot.Choice{{{Key: "close", Label: "Sluiten"}}}
	if text == "" {
		letter.Text, letter.Rows = "Je koos: <b>"+e.Key+"</b>", nil
	}
	c.send(letter)
	if err := c.box.Answer(ctx, e.Query, "Genoteerd"); err != nil {
		c.t.Error(err)
	}
}

func (c *counterpart) post(room, text string, rows ...[]bot.Choice) bot.MessageRef {
	l := bot.Letter{To: bot.ChatRef{ID: room}, Op: bot.OpPost, Token: "first"}
	l.Text, l.Rows = text, rows
	return c.send(l)
}

func (c *counterpart) send(l bot.Letter) bot.MessageRef {
	ref, err := c.box.Send(context.Background(), l, nil)
	if err != nil {
		c.t.Error(err)
	}
	return ref
}

// last is the newest thing of a sort that was heard.
func last[E bot.Event](c *counterpart) (E, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, update := range slices.Backward(c.heard) {
		if e, is := update.Event.(E); is {
			return e, true
		}
	}
	var none E
	return none, false
}
