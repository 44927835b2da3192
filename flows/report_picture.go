package flows

import (
	"context"
	"errors"
	"slices"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// picturing asks for pictures, and of a lamp for its number as well: that is one question less.
type picturing struct{ bot.Step[draft] }

// numbered reports whether what is broken may have a number on it.
func (d *draft) numbered() bool {
	info, _ := d.category().Info()
	return slices.Contains(info.Ask, civic.AskNumber)
}

// Ask implements [bot.Step].
func (s picturing) Ask(ctx context.Context, t *bot.Turn, form string, d draft) (bot.Message, error) {
	m, err := s.Step.Ask(ctx, t, form, d)
	if d.numbered() {
		m.Text += "\n" + t.T("report.photos.number")
	}
	return m, err
}

// captionTold adds the words below a picture to the story, also when it cannot be kept.
func captionTold(ctx context.Context, t *bot.Turn, in bot.Input, d *draft) error {
	if civic.Blank(in.Words()) {
		return nil
	}
	answers, err := tellWhat(ctx, t, in.Words(), d)
	d.told, d.captioned = append(d.told, answers...), true
	return err
}

// Take implements [bot.Step].
func (s picturing) Take(ctx context.Context, t *bot.Turn, in bot.Input, d *draft) error {
	if in.Media != nil {
		return errors.Join(keepPhoto(ctx, t, *in.Media, d), captionTold(ctx, t, in, d))
	}
	yes, said := t.YesOrNo(in.Text)
	if said && !yes || t.OneOf("report.photos.none.words", bare(in.Text)) || unknowing(t, in.Text) {
		return nil
	}
	if said || !d.numbered() || civic.Blank(in.Text) {
		return s.Step.Take(ctx, t, in, d)
	}
	q, _ := civic.BuiltInQuestion(civic.AskNumber)
	answer, err := extraFrom(t, q, in)
	if err == nil {
		d.keepExtra(q.Key, answer)
	}
	return err
}

// Yields lets what is told there, instead of shown, be taken as more of the story.
func (picturing) Yields(t *bot.Turn, in bot.Input) bool { return besides(t, in) }
