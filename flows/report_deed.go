package flows

import (
	"context"
	"errors"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// acted reports whether it is known what somebody does, where that matters (domain D5): a button or words said it. How
// somebody looks is no answer to that, and neither is a picture.
func (d *draft) acted() bool {
	return d.acts() || d.Deed || !d.behaves() || !d.goesOn() || d.fast()
}

// explain takes words as the answer to what somebody does. Without a deed in them it is asked once more, and then there is
// nothing to report (story S02, variant b).
func (d *draft) explain(ctx context.Context, t *bot.Turn, words string) error {
	streets, err := t.Streets(ctx)
	if err != nil {
		return err
	}
	switch {
	case civic.TellsDeed(words, streets):
		d.Deed = true
	case d.Pressed:
		d.Walking = walkingStop
		return nil
	default:
		d.Pressed = true
		return bot.Refuse("report.what.deed")
	}
	_, err = tellWhat(ctx, t, words, d)
	return err
}

// behaving is the question what somebody does, by buttons. Words answer it as well, and tell the story with it.
type behaving struct{ bot.Step[draft] }

// Take implements [bot.Step].
func (s behaving) Take(ctx context.Context, t *bot.Turn, in bot.Input, d *draft) error {
	err := s.Step.Take(ctx, t, in, d)
	if refusal := (*bot.Refusal)(nil); !errors.As(err, &refusal) || civic.Blank(in.Text) {
		return err
	}
	if err := d.explain(ctx, t, in.Text); err != nil || d.left() {
		return err
	}
	d.Behaviour = behaviourOther
	return nil
}

// storied lets a story answer more than the question for it.
type storied struct{ bot.Step[draft] }

// Take implements [bot.Step].
func (s storied) Take(ctx context.Context, t *bot.Turn, in bot.Input, d *draft) error {
	before, acted := d.What, d.acted()
	if acted && unknowing(t, in.Text) {
		return bot.Refuse("report.what.unsure")
	}
	if err := s.Step.Take(ctx, t, in, d); err != nil {
		return err
	}
	words := d.What
	if acted {
		_, err := d.learnFrom(ctx, t, words)
		return err
	}
	d.What = before
	return d.explain(ctx, t, words)
}
