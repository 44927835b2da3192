package bot

import (
	"context"
	"errors"
	"strconv"
	"strings"
)

// typed reports whether choices are typed in this chat, because its platform has no buttons.
func (t *Turn) typed() bool {
	p, ok := t.engine.platforms[t.Chat.Ref.Platform]
	return ok && p.Caps().Typed
}

// typedNumber reads the number of a choice, as people type it: "2", "2.", "#2".
func typedNumber(text string) (int, bool) {
	digits := strings.Trim(strings.TrimSpace(text), "#.)")
	n, err := strconv.Atoi(digits)
	return n, err == nil && n >= 1 && len(digits) <= 2
}

// typedChoice reads a text as a choice on a message: its number, or where there are no buttons exactly its words. More
// words than those are something that somebody tells. A form reads the words under its own questions itself, and takes
// parts of them, too.
func (t *Turn) typedChoice(r Rendering, text string) (key string, ok bool) {
	if len(r.Keys) == 0 || (Choice{Key: r.Keys[0]}).Way() {
		return "", false
	}
	if r.byWord() != "" && !r.asks() {
		return t.saidOr(r, text)
	}
	if n, is := typedNumber(text); is {
		return strconv.Itoa(n), n <= len(r.Keys)
	}
	if !t.typed() || r.asks() {
		return "", false
	}
	return t.Tx.Labelled(r, text)
}

// asks reports whether the message is a question of a form.
func (r Rendering) asks() bool {
	return strings.HasPrefix(r.About, "form/") && !strings.HasSuffix(r.About, "/"+cancelStep)
}

// chose takes what was typed by itself as a choice on what was shown last, when no question waits for it: an open form
// takes a text under its own question, as words or as a choice.
func (e *Engine) chose(ctx context.Context, t *Turn, s *Session, text string) (bool, error) {
	if _, is := typedNumber(text); !is && !t.typed() {
		return false, nil
	}
	r, found, err := e.newest(ctx, t)
	if err != nil || !found || s != nil && r.About != aboutStep(s.Form, cancelStep) && r.byWord() == "" {
		return false, err
	}
	key, ok := t.typedChoice(r, text)
	if _, number := typedNumber(text); s != nil && key == "1" && !number {
		return false, nil // a word or two for the open question
	}
	if !ok {
		return false, nil
	}
	return true, e.press(ctx, t, Press{On: r.Message, Key: key, Words: true})
}

// newest is what was shown last in the chat; false when nothing was.
func (e *Engine) newest(ctx context.Context, t *Turn) (Rendering, bool, error) {
	r, err := t.Tx.Newest(ctx, t.Chat.ID)
	if errors.Is(err, ErrNotFound) {
		return r, false, nil
	}
	return r, err == nil, err
}

// choseOn takes a text that was typed in answer to a message, or in a thread, as a choice: on that message, or else on the
// one that opened the thread. In a thread without an answer people talk with each other, so only a number is a choice.
func (e *Engine) choseOn(ctx context.Context, t *Turn, r Rendering, text Text) (bool, error) {
	if _, is := typedNumber(text.Body); !is && text.ReplyTo == "" {
		last, found, err := e.newest(ctx, t)
		if err != nil || !found || last.byWord() == "" || last.About != r.About {
			return false, err
		}
		key, ok := t.Tx.Labelled(last, text.Body)
		if !ok {
			return false, nil
		}
		return true, e.press(ctx, t, Press{On: last.Message, Key: key, Words: true})
	}
	if text.ReplyTo != "" && text.Thread != "" && len(r.Keys) == 0 {
		var (
			found bool
			err   error
		)
		if r, found, err = e.shownOn(ctx, t, "", text.Thread); err != nil || !found {
			return false, err
		}
	}
	key, ok := t.typedChoice(r, text.Body)
	if !ok {
		return false, nil
	}
	return true, e.press(ctx, t, Press{On: r.Message, Key: key, Words: true})
}
