package flows

import (
	"context"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// caseName is the reference of a case by its number.
func caseName(ctx context.Context, t *bot.Turn, id string) (string, error) {
	c, err := caseOf(ctx, t, id)
	return c.Ref, err
}

// tellThread tells those who follow a case in its thread what was done: that there is a note or an answer, else how the
// case stands if it stands otherwise than before. What people told stands on the card only, which is redrawn when it is erased.
func tellThread(ctx context.Context, t *bot.Turn, before, c civic.Case, what string) error {
	quiet := what != deedNoted && what != string(civic.InfoReceived)
	if quiet && before.Status == c.Status && before.Owner == c.Owner && before.SnoozedTill.Equal(c.SnoozedTill) {
		return nil
	}
	var failed error
	err := t.Under(ctx, bot.About(caseKind, c.ID), func(lang string) string {
		text, err := threadLine(ctx, t, lang, c, what)
		if err != nil {
			failed = err
		}
		return text
	})
	if failed != nil {
		return failed
	}
	return err
}

// The deeds that a thread tells of by themselves.
const (
	deedNoted    = "noted"
	deedErased   = "erased"
	deedRecalled = "recalled"
)

func threadLine(ctx context.Context, t *bot.Turn, lang string, c civic.Case, what string) (string, error) {
	switch what {
	case deedErased, deedRecalled: // the card says the one, and a message that wakes people the other
		return "", nil
	case deedNoted:
		name, err := colleague(ctx, t, lang, t.Actor.ID)
		return t.In(lang, "case.thread.note", "name", name), err
	case string(civic.InfoReceived):
		return t.In(lang, "case.thread.answer"), nil
	}
	f := &facts{lang: lang}
	if err := f.standing(ctx, t, c); err != nil {
		return "", err
	}
	return f.state[0], nil
}
