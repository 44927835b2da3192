package flows

import (
	"context"
	"errors"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// aging asks how old somebody seemed: a button, or a number of years.
type aging struct {
	bot.Step[draft]
	n int
}

// Take implements [bot.Step].
func (s aging) Take(ctx context.Context, t *bot.Turn, in bot.Input, d *draft) error {
	err := s.Step.Take(ctx, t, in, d)
	if _, refused := errors.AsType[*bot.Refusal](err); !refused {
		return err
	}
	if age := civic.AgeAsked(in.Text); age != "" {
		d.Subjects[s.n].Person.Age = age
		return nil
	}
	return err
}
