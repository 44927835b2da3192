package bot

import (
	"context"
	"encoding/json"
	"fmt"
)

// Unmarker is a platform on which a mark that somebody put under a message can be taken away. It is asked in an errand.
type Unmarker interface {
	// Unmark takes a mark away, with a reason for people to read, without markup; one that is gone is no failure. A
	// *FinalError says that trying again does not help, such as when we lack the right.
	Unmark(ctx context.Context, chat ChatRef, mark MessageRef, why string) error
}

const unmarkErrand = "unmark"

// unmarking is what an errand has to do.
type unmarking struct {
	Chat ChatRef    `json:"chat"`
	Mark MessageRef `json:"mark"`
	Why  string     `json:"why,omitempty"`
}

// Unmark takes a mark away from a message in the turn's chat, where the platform and our rights allow it.
func (t *Turn) Unmark(ctx context.Context, mark MessageRef, why string) error {
	payload, err := json.Marshal(unmarking{Chat: t.Chat.Ref, Mark: mark, Why: why})
	if err != nil {
		return fmt.Errorf("unmark: %w", err)
	}
	return t.Errand(ctx, unmarkErrand, "", payload)
}

var unmarkTask = Task{
	Kind: unmarkErrand,
	Run: func(ctx context.Context, p Platform, e Errand) ([]byte, error) {
		var do unmarking
		if err := json.Unmarshal(e.Payload, &do); err != nil {
			return nil, &FinalError{err}
		}
		if able, is := p.(Unmarker); is {
			return nil, able.Unmark(ctx, do.Chat, do.Mark, do.Why)
		}
		return nil, nil
	},
	Then: func(context.Context, *Turn, Done) error { return nil }, // what is missing is what an inspection tells
}

// marked lets features see a mark that everybody in a room sees; true when one of them dealt with it.
func (e *Engine) marked(ctx context.Context, t *Turn, m Marked) (bool, error) {
	for _, f := range e.features {
		if f.Marked == nil {
			continue
		}
		if handled, err := f.Marked(ctx, t, m); handled || err != nil {
			return handled, err
		}
	}
	return false, nil
}
