package flows

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/buurtbot/buurtbot/bot"
	"github.com/buurtbot/buurtbot/bot/civic"
)

const (
	lettersStep     = "letters"
	lettersDone     = "done"
	lettersTimer    = "report.letters"  // ref: person
	lettersPatience = 30 * time.Second  // after the last letter it counts as said
	longestLetters  = longestAnswer - 1 // so that it fits an answer
)

// letter is the single letter or mark of somebody who sends each by itself; empty when it is anything else. A number is a
// choice.
func letter(in bot.Input) string {
	said := strings.TrimSpace(in.Text)
	r, size := utf8.DecodeRuneInString(said)
	if in.Media != nil || in.Point != nil || in.Choice != "" || size == 0 || size != len(said) {
		return ""
	}
	if unicode.IsLetter(r) || unicode.IsMark(r) || strings.ContainsRune(".,!?'-", r) {
		return said
	}
	return ""
}

// gather takes in a report, or an answer to a question of it, that comes letter by letter. It is asked about once and then
// waited for: not every letter is answered, none counts as a flood, and none is lost. Danger is heard in the middle of it.
func (r reporting) gather(ctx context.Context, t *bot.Turn, in bot.Input) (bool, error) {
	s, err := t.Session(ctx)
	if err != nil || !reports(t) || s != nil && s.Form != reportForm {
		return false, err
	}
	said := letter(in)
	if asked := s != nil && s.Asked == lettersStep; asked && said == "" {
		said = digit(in) // a number in the middle of it is one more letter
	}
	if said == "" || s == nil && civic.OnlyMarks(said) {
		return false, nil
	}
	if s == nil {
		return true, t.Begin(ctx, reportForm, in)
	}
	d, err := draftOf(s)
	if err != nil || civic.OnlyMarks(said) && d.Spelt+d.Tail == "" {
		return false, err // a mark begins no word
	}
	if err := awaitLetters(ctx, t); err != nil {
		return false, err
	}
	return d.spell(ctx, t, s, said)
}

// awaitLetters waits for the next letter.
func awaitLetters(ctx context.Context, t *bot.Turn) error {
	return t.WakeIn(ctx, lettersTimer, strconv.FormatInt(t.Actor.ID, 10), lettersPatience)
}

func digit(in bot.Input) string {
	if len(in.Text) == 1 && in.Text[0] >= '0' && in.Text[0] <= '9' && in.Choice == "" {
		return in.Text
	}
	return ""
}

// spell adds a letter to what is being spelt in an open report; false when there is no room for more.
func (d draft) spell(ctx context.Context, t *bot.Turn, s *bot.Session, said string) (bool, error) {
	if len(d.Spelt) >= longestLetters || len(d.Tail) >= longestLetters {
		return false, nil
	}
	if d.urgent() && s.Asked == "called" {
		d.Tail += said // the emergency number stays where it is
		return true, keepDraft(ctx, t, s, d)
	}
	if s.Asked != lettersStep {
		d.SpeltFor = s.Asked
	}
	first := d.Spelt == ""
	d.Spelt += said
	if cry := dangerAtEnd(d.Spelt); cry != "" && !d.alarmed() {
		d.Spelt, d.SpeltFor = "", ""
		if err := keepDraft(ctx, t, s, d); err != nil {
			return false, err
		}
		return true, t.Begin(ctx, reportForm, bot.Input{Text: cry})
	}
	s.Asked = lettersStep
	if err := keepDraft(ctx, t, s, d); err != nil || !first {
		return true, err
	}
	return true, t.Again(ctx)
}

// dangerAtEnd parts what was spelt, without spaces, before a word of danger at its end: "erisbrand" gives "eris brand".
// Empty when there is none.
func dangerAtEnd(spelt string) string {
	const shortest, longest = 4, 16 // letters of such a word
	all := []rune(spelt)
	for n := min(longest, len(all)); n >= shortest; n-- {
		if word := string(all[len(all)-n:]); civic.Danger(word) {
			return strings.TrimSpace(string(all[:len(all)-n]) + " " + word)
		}
	}
	return ""
}

// keepDraft stores a draft in its session.
func keepDraft(ctx context.Context, t *bot.Turn, s *bot.Session, d draft) error {
	raw, err := encodeDraft(d)
	if err != nil {
		return err
	}
	s.Answers, s.Touched = raw, t.Now
	return t.Tx.SaveSession(ctx, s)
}

// lettersEnd takes what was spelt for said, when nothing more came.
func lettersEnd(ctx context.Context, t *bot.Turn, ref string) error {
	person, err := strconv.ParseInt(ref, 10, 64)
	if err != nil {
		return fmt.Errorf("reporter %q: %w", ref, err)
	}
	return t.Give(ctx, person, bot.Given{Form: reportForm, Asked: lettersStep, Input: bot.Input{Choice: lettersDone}})
}

// gathering is the question that stands while somebody sends letter by letter. What they spelt is the answer to the question
// that stood before, or else their story.
type gathering struct{ steps []bot.Step[draft] }

// spelt puts the question before all others.
func spelt(steps []bot.Step[draft]) []bot.Step[draft] {
	return append([]bot.Step[draft]{gathering{steps}}, steps...)
}

// Name implements [bot.Step].
func (gathering) Name() string { return lettersStep }

// Optional implements [bot.Step].
func (gathering) Optional() bool { return false }

// Applies implements [bot.Step].
func (gathering) Applies(d *draft) bool { return d.Spelt != "" }

// Wants implements [bot.Step].
func (gathering) Wants(in bot.Input) bool { return in.Choice != "" || in.Text != "" }

// Keys implements [bot.Step].
func (gathering) Keys(form string) []string {
	return []string{form + ".letters.ask", form + ".letters.done"}
}

// Clear implements [bot.Step].
func (gathering) Clear(d *draft) { d.Spelt, d.SpeltFor = "", "" }

// Ask implements [bot.Step].
func (gathering) Ask(_ context.Context, t *bot.Turn, form string, _ draft) (bot.Message, error) {
	return bot.Message{
		Text: t.T(form + ".letters.ask"),
		Rows: bot.Rows(bot.Choice{Key: lettersDone, Label: t.T(form + ".letters.done")}),
	}, nil
}

// Take gives what was spelt, and the rest that was typed at once, to the question that it is for. What is no answer to it
// is kept as part of the story.
func (s gathering) Take(ctx context.Context, t *bot.Turn, in bot.Input, d *draft) error {
	said := d.Spelt
	if in.Choice != lettersDone && bare(in.Text) != bare(t.T("report.letters.done")) {
		said = strings.TrimSpace(said + " " + in.Text)
	}
	name := d.SpeltFor
	d.Spelt, d.SpeltFor = "", ""
	i := slices.IndexFunc(s.steps, func(step bot.Step[draft]) bool { return step.Name() == name })
	if i >= 0 && s.steps[i].Applies(d) && s.steps[i].Wants(bot.Input{Text: said}) {
		err := s.steps[i].Take(ctx, t, bot.Input{Text: said}, d)
		if _, refused := errors.AsType[*bot.Refusal](err); !refused {
			d.told = append(d.told, name)
			return err
		}
	}
	answers, err := tellWhat(ctx, t, said, d)
	d.told = append(d.told, answers...)
	return err
}
