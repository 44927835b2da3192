package bot

import (
	"context"
	"unicode/utf8"

	"github.com/buurtbot/buurtbot/bot/civic"
)

type write[A any] struct {
	name string
	in   func(*A) *string
	max  int
}

// Write asks for a text of at most maxLen characters.
func Write[A any](name string, in func(*A) *string, maxLen int) Step[A] {
	return write[A]{name: name, in: in, max: maxLen}
}

func (w write[A]) Name() string              { return w.name }
func (w write[A]) Optional() bool            { return false }
func (w write[A]) Applies(*A) bool           { return true }
func (w write[A]) Wants(in Input) bool       { return in.Words() != "" }
func (w write[A]) Clear(a *A)                { *w.in(a) = "" }
func (w write[A]) Keys(form string) []string { return []string{form + "." + w.name + ".ask"} }

func (w write[A]) Ask(_ context.Context, t *Turn, form string, _ A) (Message, error) {
	return Message{Text: t.T(form + "." + w.name + ".ask")}, nil
}

// Take keeps the words; of a file that they came with, the words below it, and says that the file is not kept.
func (w write[A]) Take(ctx context.Context, t *Turn, in Input, a *A) error {
	text := in.Words()
	if text == "" && in.Media != nil {
		return Refuse("media." + string(in.Media.Kind))
	}
	if civic.Blank(text) {
		return Refuse("form.empty")
	}
	if n := utf8.RuneCountInString(text); n > w.max {
		return Refuse("form.length", "max", w.max, "count", n)
	}
	*w.in(a) = civic.Clean(text, w.max)
	if in.Media != nil {
		return t.Say(ctx, "media.beside")
	}
	return nil
}
