package bot

import (
	"context"
	"slices"
	"strings"
)

// wordSign stands before the key of a choice that is made by typing its word, and in no other way.
const wordSign = "="

// wordText says what is to be typed.
const wordText = "press.type"

// byWord is the key of the choice on a message that is made by typing its word; empty when there is none.
func (r Rendering) byWord() string {
	i := slices.IndexFunc(r.Keys, func(k string) bool { return strings.HasPrefix(k, wordSign) })
	if i < 0 {
		return ""
	}
	return strings.TrimPrefix(r.Keys[i], wordSign)
}

// chosen is the choice that a press makes. Whatever is pressed on a message that asks for a word is about its deed, which is
// done by the word alone.
func (r Rendering) chosen(p Press) (key string, ok bool) {
	if key = r.byWord(); key != "" {
		return key, true
	}
	return offered(r.Keys, p.Key)
}

// saidOr reads a text on a message that asks for a word. A number, or a word or two of something else, is meant for it as
// well, and is told what to type: the key is the number of the choice, which does nothing.
func (t *Turn) saidOr(r Rendering, text string) (key string, ok bool) {
	if key, ok = t.Tx.Labelled(r, text); ok {
		return key, true
	}
	const few = 2
	return "1", len(strings.Fields(text)) <= few
}

// needsWord reports whether a deed is done here only when its word was typed.
func (t *Turn) needsWord(a Action) bool { return a.Word != "" && t.typed() }

// askWord asks for the word of a deed, in a message of its own that offers nothing to tap.
func (e *Engine) askWord(ctx context.Context, t *Turn, a Action, r Ref) error {
	_, key, _ := strings.Cut(a.Name, ".")
	if r.Arg != "" {
		key += ":" + r.Arg
	}
	word := t.T(a.Word)
	return t.Mail(ctx, Letter{Chat: t.Chat.ID, Lane: LaneAnswer, Person: t.Actor.ID, Message: Message{
		Text: t.T(wordText, "word", word), About: r.Kind + "/" + r.ID, Version: r.Version,
		Rows: rows([]Choice{{Key: wordSign + key, Word: word}}),
	}})
}

// spelt takes a command that is none, "!verstuur", as the word that is asked for: in answer to a message, in a thread, or
// by the newest message of the chat. False when none is asked for.
func (e *Engine) spelt(ctx context.Context, t *Turn, c Command) (bool, error) {
	if !t.typed() || c.Edited || c.Forwarded {
		return false, nil
	}
	r, found, err := e.shownOn(ctx, t, c.ReplyTo, "")
	if !found && err == nil {
		r, found, err = e.newest(ctx, t)
	}
	if err != nil || !found || r.byWord() == "" {
		return false, err
	}
	text := Text{Body: strings.TrimSpace(c.Name + " " + c.Args), ReplyTo: r.Message, Thread: c.Thread}
	return true, e.input(ctx, t, text)
}

type worded[A any] struct {
	Step[A]
	key  string
	word func(ctx context.Context, t *Turn, a A) (string, error)
}

// ByWord makes a question whose answer key does what many people read, or what cannot be undone. Where there are no buttons
// a tap is not enough for that: it is given by typing a word, forgiving of case, quotes and a final dot. word gives the text
// with that word, or nothing when a tap is enough.
func ByWord[A any](s Step[A], key string, word func(ctx context.Context, t *Turn, a A) (string, error)) Step[A] {
	return worded[A]{s, key, word}
}

// more reports whether the question has other answers, which are chosen as ever: the word is asked for after this one.
func (w worded[A]) more() bool {
	_, is := w.Step.(review[A])
	return is
}

// wanted is the word in the turn's language; empty when a tap is enough.
func (w worded[A]) wanted(ctx context.Context, t *Turn, a A) (string, error) {
	if !t.typed() {
		return "", nil
	}
	key, err := w.word(ctx, t, a)
	if err != nil || key == "" {
		return "", err
	}
	return t.T(key), nil
}

func (w worded[A]) Ask(ctx context.Context, t *Turn, form string, a A) (Message, error) {
	m, err := w.Step.Ask(ctx, t, form, a)
	if err != nil || w.more() {
		return m, err
	}
	word, err := w.wanted(ctx, t, a)
	if err == nil && word != "" {
		spell(m, w.key, word)
	}
	return m, err
}

// spell makes a choice of a message one that is typed.
func spell(m Message, key, word string) {
	for _, row := range m.Rows {
		for i := range row {
			if row[i].Key == key {
				row[i].Key, row[i].Word = wordSign+key, word
			}
		}
	}
}

// askedFor is the word by which a choice of a message is made; empty when there is none.
func askedFor(m Message) string {
	for _, row := range m.Rows {
		for _, c := range row {
			if c.Word != "" {
				return c.Word
			}
		}
	}
	return ""
}

func (w worded[A]) Take(ctx context.Context, t *Turn, in Input, a *A) error {
	word, err := w.wanted(ctx, t, *a)
	switch {
	case err != nil:
		return err
	case word == "":
		return w.Step.Take(ctx, t, in, a)
	case SameWords(in.Text, word):
		return w.Step.Take(ctx, t, Input{Choice: w.key}, a)
	}
	tried := *a
	if err := w.Step.Take(ctx, t, in, &tried); err != nil {
		return err // in the question's own words, below which stands what to type
	}
	return Refuse(wordText, "word", word).Offer(rows([]Choice{{Key: wordSign + w.key, Word: word}}))
}
