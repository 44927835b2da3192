package bot

import (
	"context"
	"errors"
	"slices"
	"strings"
)

// Under adds a line to what hangs under a card, in every room where the card stands and whose platform keeps threads. The
// card says the same; the line tells those who follow it, and wakes nobody. Elsewhere nothing is said, because it would
// push the cards out of sight. It should hold none of the words that people told: a card is redrawn when they are erased,
// and a line is not.
func (t *Turn) Under(ctx context.Context, about string, write func(lang string) string) error {
	places, err := t.Tx.CardChats(ctx, about)
	if err != nil {
		return err
	}
	for _, p := range places {
		chat, err := t.Tx.Chat(ctx, p.Chat)
		if err != nil {
			return err
		}
		if !t.engine.threaded(chat) {
			continue
		}
		text := write(t.chatLang(chat))
		if text == "" {
			continue
		}
		m := Message{Text: text, Thread: about, Silent: true}
		if err := t.Post(ctx, p.Chat, LaneRoutine, m); err != nil {
			return err
		}
	}
	return nil
}

// threaded reports whether a chat is a room in which cards have threads.
func (e *Engine) threaded(c Chat) bool {
	p, ok := e.platforms[c.Ref.Platform]
	return ok && c.Ref.Kind != Private && c.Reachable && p.Caps().Threads
}

// gather lets what the turn says in its room hang under the card that it is about.
func (t *Turn) gather(r Rendering) {
	kind, _, _ := strings.Cut(r.About, "/")
	if _, ok := t.engine.cards[kind]; ok && (t.engine.threaded(t.Chat) || t.engine.desk(t.Chat)) {
		t.under = r.About
	}
}

// hang puts a letter that answers in the turn's room under the turn's card.
func (t *Turn) hang(l *Letter) {
	if t.under != "" && l.Chat == t.Chat.ID && l.Card == "" && l.Op == OpPost && l.Thread == "" {
		l.Thread = t.under
	}
	if l.Thread != "" && l.About == "" {
		l.About = l.Thread
	}
}

// shownOn is the rendering that a message is an answer to, or else that of the card in whose thread it stands; false when
// neither is ours.
func (e *Engine) shownOn(ctx context.Context, t *Turn, reply, thread MessageRef) (Rendering, bool, error) {
	for _, on := range []MessageRef{reply, thread} {
		if on == "" {
			continue
		}
		r, err := t.Tx.Rendering(ctx, "", t.Chat.ID, on)
		if err == nil {
			t.gather(r)
			return r, true, nil
		}
		if !errors.Is(err, ErrNotFound) {
			return r, false, err
		}
	}
	return Rendering{}, false, nil
}

// named is what a command without words is about when it is given in answer to a card, or in its thread: the card's own
// name, if the command takes such a thing.
func (e *Engine) named(ctx context.Context, t *Turn, spec CommandSpec, c Command) (string, error) {
	if c.Args != "" || c.ReplyTo == "" && c.Thread == "" {
		return c.Args, nil
	}
	r, found, err := e.shownOn(ctx, t, c.ReplyTo, c.Thread)
	if err != nil || !found {
		return "", err
	}
	kind, id, _ := strings.Cut(r.About, "/")
	card, ok := e.cards[kind]
	if !ok || card.Ref == nil || !slices.Contains(spec.Takes, kind) {
		return "", nil
	}
	return card.Ref(ctx, t, id)
}
