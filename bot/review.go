package bot

import "context"

type review[A any] struct {
	summary  func(ctx context.Context, t *Turn, a A) (string, error)
	editable func(a A) []string
}

// Review shows what was answered and asks for the word to go; editable names the steps whose answers can be changed.
// It must be a form's last step; its text is the summary's.
func Review[A any](summary func(ctx context.Context, t *Turn, a A) (string, error), editable func(a A) []string) Step[A] {
	return review[A]{summary: summary, editable: editable}
}

func (r review[A]) Name() string        { return "review" }
func (r review[A]) Optional() bool      { return false }
func (r review[A]) Applies(A) bool      { return true }
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
	var edits []Choice
	for _, step := range r.editable(a) {
		edits = append(edits, Choice{Key: choiceEdit + step, Label: t.T(form + "." + step + ".edit")})
	}
	m.Rows = append(m.Rows, rows(edits)...)
	return m, nil
}

func (r review[A]) Take(_ context.Context, t *Turn, in Input, _ *A) error {
	send := []Option{{Key: choiceSend, Label: t.T(t.sessionForm() + ".review.send")}}
	if _, ok := choose(send, in); ok {
		return nil
	}
	return Refuse("form.review")
}
