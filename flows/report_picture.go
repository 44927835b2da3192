package flows

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"github.com/paulmach/orb"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// picturing asks for pictures, and of a lamp for its number as well: that is one question less.
type picturing struct{ bot.Step[draft] }

// numbered reports whether what is broken may have a number on it.
func (d draft) numbered() bool {
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

// Take implements [bot.Step].
func (s picturing) Take(ctx context.Context, t *bot.Turn, in bot.Input, d *draft) error {
	if in.Media != nil || !d.numbered() || civic.Blank(in.Text) {
		return s.Step.Take(ctx, t, in, d)
	}
	q, _ := civic.BuiltInQuestion(civic.AskNumber)
	answer, err := extraFrom(t, q, in)
	if err == nil {
		d.keepExtra(q.Key, answer)
	}
	return err
}

// placing asks where it was, and offers where a picture was taken, once.
type placing struct{ bot.Step[draft] }

// Ask implements [bot.Step].
func (s placing) Ask(ctx context.Context, t *bot.Turn, form string, d draft) (bot.Message, error) {
	m, err := s.Step.Ask(ctx, t, form, d)
	if err != nil || d.Hint == 0 {
		return m, err
	}
	street, err := t.Tx.Area(ctx, d.Hint)
	if err != nil {
		return m, fmt.Errorf("where a picture was taken: %w", err)
	}
	first := bot.Choice{Key: "s" + strconv.FormatInt(int64(d.Hint), 10), Label: t.T("report.where.photo", "street", street.Name)}
	m.Rows = append([][]bot.Choice{{first}}, slices.DeleteFunc(slices.Clone(m.Rows), func(row []bot.Choice) bool {
		return len(row) == 1 && row[0].Key == first.Key
	})...)
	return m, nil
}

// hinted keeps the street where a picture was taken, as something to offer; the place itself is kept nowhere.
func hinted(ctx context.Context, t *bot.Turn, at orb.Point, d *draft) error {
	if d.Hint != 0 || d.Place != (civic.Place{}) {
		return nil
	}
	streets, err := t.Pinned(ctx, at)
	if err == nil && len(streets) == 1 {
		d.Hint = streets[0].ID
	}
	return err
}
