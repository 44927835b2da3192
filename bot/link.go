package bot

import (
	"context"
	"errors"
	"strings"

	"github.com/buurtbot/buurtbot/bot/civic"
)

// LinkSpec is a way from a message in a room into the private chat: the choice with the Link "read-KAS-7F3K" follows the
// link "read", and what stands after the dash comes with it. Anybody may have got hold of a link, so the gate is asked when
// it is followed.
type LinkSpec struct {
	Name  string
	Needs civic.Permission
	Flow  string // opens this form, or else
	Do    func(ctx context.Context, t *Turn, rest string) error
}

// ReplySpec is what a card does with words that somebody wrote in reply to it.
type ReplySpec struct {
	Needs civic.Permission
	// On loads the thing; the gate checks Needs on it. nil = the card is about nothing that has a place, and the message
	// that is answered is itself the proof.
	On func(ctx context.Context, t *Turn, r Ref) (Thing, error)
	Do func(ctx context.Context, t *Turn, id string, in Input) error
}

// Follow follows a link, as it comes with /start; false when it is none.
func (t *Turn) Follow(ctx context.Context, start string) (bool, error) {
	name, rest, cut := strings.Cut(start, "-")
	link, known := t.engine.links[name]
	if !cut || !known {
		return false, nil
	}
	if civic.Blank(rest) {
		return true, Refuse("press.old")
	}
	if err := t.gate(ctx, link.Needs, t.Everywhere(link.Needs)); err != nil {
		return true, err
	}
	if link.Flow != "" {
		return true, t.Begin(ctx, link.Flow, Input{Args: rest})
	}
	return true, link.Do(ctx, t, rest)
}

// hear hands words to the card that they answer, if it takes any; false when it does not.
func (e *Engine) hear(ctx context.Context, t *Turn, about string, in Input) (bool, error) {
	kind, id, _ := strings.Cut(about, "/")
	reply := e.cards[kind].Reply
	switch {
	case reply == nil:
		return false, nil
	case t.From.Anonymous:
		return true, Refuse("refused.anonymous")
	case civic.Blank(in.Text):
		return true, nil
	}
	if reply.On != nil {
		thing, err := reply.On(ctx, t, Ref{Kind: kind, ID: id})
		if errors.Is(err, ErrNotFound) {
			return true, Refuse("press.old")
		}
		if err != nil {
			return true, err
		}
		if err := t.gate(ctx, reply.Needs, thing.Scope); err != nil {
			return true, err
		}
	}
	return true, reply.Do(ctx, t, id, in)
}
