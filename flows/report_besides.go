package flows

import (
	"context"
	"strings"
	"unicode/utf8"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

// fewWords is how many words tell nothing by themselves.
const fewWords = 2

// besides reports whether words that are no answer to a question may be more of the story, so that none of them is lost.
func besides(t *bot.Turn, in bot.Input) bool {
	return !unknowing(t, in.Text) && utf8.RuneCountInString(in.Text) <= longestAnswer
}

// tellsMore reports whether words that answer nothing tell of something: a street, a time, a kind of report, or more than a
// few words that are no yes, no or thanks. In danger everything does.
func (d *draft) tellsMore(ctx context.Context, t *bot.Turn, words string) (bool, error) {
	if d.fast() {
		return true, nil
	}
	streets, err := t.Streets(ctx)
	if err != nil {
		return false, err
	}
	if _, said := yesOrNo(t, words); said || thanked(t, bare(words)) {
		return false, nil
	}
	if u := civic.Understand(words, streets); u.Category != "" || u.When != "" || len(u.Streets) > 0 {
		return true, nil
	}
	const polite = 5 // words
	said := strings.Fields(bare(words))
	if len(said) <= fewWords {
		return false, nil
	}
	return len(said) > polite || !t.OneOf("report.unasked.words", strings.Trim(said[0], ",")), nil
}

// yesOrNo reports whether words say yes or no and, at most, thanks besides: "jazeker, dank u wel".
func yesOrNo(t *bot.Turn, words string) (yes, said bool) {
	if yes, said = t.YesOrNo(words); said {
		return yes, true
	}
	answer, rest, more := strings.Cut(words, ",")
	if !more || idleIn(t, rest) != idleThanks {
		return false, false
	}
	return t.YesOrNo(answer)
}

// noted says above a question that what was told there stands in the story now.
func (d *draft) noted(t *bot.Turn, m bot.Message) bot.Message {
	if d.added {
		m.Text = t.T("report.added") + "\n" + m.Text
	}
	return m
}

// reviewing is the summary: it goes with a word as well as with the button, a "no" asks what to change, and what else is typed
// there is added.
type reviewing struct{ bot.Step[draft] }

// Ask implements [bot.Step].
func (s reviewing) Ask(ctx context.Context, t *bot.Turn, form string, d draft) (bot.Message, error) {
	m, err := s.Step.Ask(ctx, t, form, d)
	return d.noted(t, m), err
}

// Take implements [bot.Step].
func (s reviewing) Take(ctx context.Context, t *bot.Turn, in bot.Input, d *draft) error {
	yes, said := yesOrNo(t, in.Text)
	switch {
	case in.Choice != "":
	case yes, t.OneOf("report.review.words", bare(in.Text)):
		in = bot.Input{Text: t.T("report.review.send")}
	case said:
		in = bot.Input{Text: t.T("form.review.more")}
	}
	return s.Step.Take(ctx, t, in, d)
}

// Yields implements [bot.Yielding].
func (reviewing) Yields(t *bot.Turn, in bot.Input) bool { return besides(t, in) }
