package telegram

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"sync"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"github.com/buurtbot/buurtbot/bot"
)

// Send delivers a letter and returns the id of the message that carries its words and buttons; empty when Telegram gave
// it none. A letter that needs several calls goes on after the last one that went well when it is sent again by the
// same process. Every error is a *bot.SendError.
func (t *Telegram) Send(ctx context.Context, l bot.Letter, photos [][]byte) (bot.MessageRef, error) {
	steps, err := t.plan(l, photos)
	if err != nil {
		return "", &bot.SendError{Remedy: bot.Never, Err: err}
	}
	done := t.steps.of(l.ID, steps)
	for done.steps < len(steps) {
		ref, err := t.perform(ctx, l, steps[done.steps])
		if err != nil {
			return "", t.letterError(l, err)
		}
		if steps[done.steps].shown {
			done.shown = ref
		}
		if done.steps++; done.steps < len(steps) {
			if done.steps == 1 {
				done.says = says(steps)
			}
			t.steps.note(l.ID, done)
		}
	}
	t.floods.passed()
	if len(steps) > 1 {
		t.steps.forget(l.ID)
	}
	return done.shown, nil
}

// letterError lets a letter lose its markup once only.
func (t *Telegram) letterError(l bot.Letter, err error) error {
	e := t.sendError(err)
	if e.Remedy == bot.Markup && l.Plain {
		e.Remedy = bot.Never
	}
	return e
}

func (t *Telegram) perform(ctx context.Context, l bot.Letter, s step) (bot.MessageRef, error) {
	switch {
	case len(s.photos) > 0:
		return t.show(ctx, l, s)
	case l.Op == bot.OpEdit:
		return l.Edits, t.edit(ctx, l, s)
	}
	raw, err := t.Call(ctx, s.method, s.params)
	if err != nil {
		return "", err
	}
	return t.posted(raw), nil
}

// edit changes the text, or the caption when the message is a picture. What is two days old cannot be deleted any more, so
// its picture is covered instead.
func (t *Telegram) edit(ctx context.Context, l bot.Letter, s step) error {
	_, err := t.Call(ctx, s.method, s.params)
	switch {
	case l.Gone && refusedWith(err, "message to delete not found"):
		return nil // somebody took it away already
	case l.Gone && refusedWith(err, "message can't be deleted"):
		return t.cover(ctx, l)
	case !refusedWith(err, "there is no text in the message to edit"):
		return err
	case l.Bare:
		return t.bare(ctx, l, s)
	}
	params := maps.Clone(s.params)
	delete(params, "text")
	delete(params, "link_preview_options")
	setText(params, l, "caption", shorten(s.text, captionLimit))
	_, err = t.Call(ctx, "editMessageCaption", params)
	return err
}

// posted reads the id of a message that was posted. It was posted even if its description cannot be read.
func (t *Telegram) posted(raw json.RawMessage) bot.MessageRef {
	var message struct {
		ID int64 `json:"message_id"`
	}
	if err := json.Unmarshal(raw, &message); err != nil {
		t.log.Warn("a message was posted, but not described", "error", err)
		return ""
	}
	return messageRef(message.ID)
}

// Answer acknowledges a press. A line of more than 60 characters is shown in a window, a shorter one in passing. A press
// that is too old to be acknowledged is no error.
func (t *Telegram) Answer(ctx context.Context, query, text string) error {
	text = firstUnits(text, 200)
	params := tgbotapi.Params{"callback_query_id": query}
	params.AddNonEmpty("text", text)
	params.AddBool("show_alert", len([]rune(text)) > 60)
	_, err := t.Call(ctx, "answerCallbackQuery", params)
	var fault *Fault
	if err == nil || (errors.As(err, &fault) && fault.says(400, "query is too old")) {
		return nil
	}
	return t.sendError(err)
}

// firstUnits cuts a text to a number of UTF-16 units, never within a character.
func firstUnits(text string, limit int) string {
	n := 0
	for i, r := range text {
		if n += units(string(r)); n > limit {
			return text[:i]
		}
	}
	return text
}

// progress is how far a letter got, and what it said then: a card that waits to go on may say something else meanwhile.
type progress struct {
	steps int
	shown bot.MessageRef
	says  [sha256.Size]byte
}

// says tells apart what letters say.
func says(steps []step) (sum [sha256.Size]byte) {
	h := sha256.New()
	for _, s := range steps {
		_, _ = fmt.Fprintf(h, "%s %q %q", s.method, s.params, s.photos)
	}
	h.Sum(sum[:0])
	return sum
}

// ledger remembers how far the letters got that are on their way.
type ledger struct {
	mu  sync.Mutex
	got recent[int64, progress]
}

// maxUnderway is how many half-delivered letters are remembered; the oldest is forgotten first.
const maxUnderway = 512

// of is how far a letter got that says this; nowhere, if it said something else.
func (g *ledger) of(letter int64, steps []step) progress {
	g.mu.Lock()
	defer g.mu.Unlock()
	if p := g.got.get(letter); p.steps > 0 && p.says == says(steps) {
		return p
	}
	return progress{}
}

// note remembers progress; letters without a number cannot be told apart and are not remembered.
func (g *ledger) note(letter int64, p progress) {
	if letter == 0 {
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.got.put(letter, p, maxUnderway)
}

func (g *ledger) forget(letter int64) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.got.drop(letter)
}
