package bot

import (
	"context"
	"slices"
)

// fewEdits is how many answers can be offered for a change beside the word to go; more of them stand behind one button,
// for who reads the summary should see at a glance what to press.
const fewEdits = 4

type review[A any] struct {
	summary  func(ctx context.Context, t *Turn, a A) (string, error)
	editable func(a A) []string
	beside   []string
}

// Review shows what was answered and asks for the word to go; editable names the steps whose answers can be changed, and
// beside those of them that are never put behind a button. It must be a form's last step; its text is the summary's.
func Review[A any](
	summary func(ctx context.Context, t *Turn, a A) (string, error), editable func(a A) []string, beside ...string,
) Step[A] {
	return review[A]{summary: summary, editable: editable, beside: beside}
}

func (r review[A]) Name() string        { return "review" }
func (r review[A]) Optional() bool      { return false }
func (r review[A]) Applies(*A) bool     { return true }
func (r review[A]) Wants(in Input) bool { return in.Choice != "" || in.Text != "" }
func (r review[A]) Clear(*A)            {}

func (r review[A]) Keys(form string) []string {
	var zero A
	keys := []string{form + ".review.send"}
	for _, step := range r.editable(zero) {
		keys = append(keys, form+"."+step+".edit")
	}
	return keys
}

func (r review[A]) Ask(ctx context.Context, t *Turn, form string, a A) (Message, error) {
	text, err := r.summary(ctx, t, a)
	if err != nil {
		return Message{}, err
	}
	m := Message{Text: text, Rows: [][]Choice{{{Key: choiceSend, Label: t.T(form + ".review.send")}}}}
	steps := r.editable(a)
	if r.folds(steps) {
		m.Rows = append(m.Rows, []Choice{{Key: choiceEdits, Label: t.T("form.review.more")}})
		steps = slices.DeleteFunc(steps, func(s string) bool { return !slices.Contains(r.beside, s) })
	}
	m.Rows = append(m.Rows, edits(t, form, steps)...)
	return m, nil
}

// folds reports whether some of the answers are offered behind a button.
func (r review[A]) folds(steps []string) bool {
	hidden := func(step string) bool { return !slices.Contains(r.beside, step) }
	return len(steps) > fewEdits && slices.ContainsFunc(steps, hidden)
}

// edits offers to change the answers to these steps.
func edits(t *Turn, form string, steps []string) [][]Choice {
	var choices []Choice
	for _, step := range steps {
		choices = append(choices, Choice{Key: choiceEdit + step, Label: t.T(form + "." + step + ".edit")})
	}
	return rows(choices)
}

func (r review[A]) Take(_ context.Context, t *Turn, in Input, a *A) error {
	form, steps := t.sessionForm(), r.editable(*a)
	options := []Option{{Key: choiceSend, Label: t.T(form + ".review.send")}}
	if r.folds(steps) {
		options = append(options, Option{Key: choiceEdits, Label: t.T("form.review.more")})
	}
	switch chosen, _ := choose(options, in); chosen.Key {
	case choiceSend:
		return nil
	case choiceEdits:
		folded := slices.DeleteFunc(steps, func(s string) bool { return slices.Contains(r.beside, s) })
		send := []Choice{{Key: choiceSend, Label: options[0].Label}} // for who changes nothing after all
		return Refuse("form.review.what").Offer(append(edits(t, form, folded), send))
	}
	return Refuse("form.review")
}
