package bot

import (
	"context"
	"strconv"
	"strings"
)

// Option is one thing that can be picked: a key for us and a label for people.
type Option struct {
	Key   string
	Label string
}

type pick[A any, V ~string] struct {
	name    string
	in      func(*A) *V
	options func(ctx context.Context, t *Turn, form string, a A) ([]Option, error)
	keys    []V
}

// Pick asks for one of a few fixed options, whose labels are the texts FORM.STEP.OPTION.
func Pick[A any, V ~string](name string, in func(*A) *V, options ...V) Step[A] {
	labelled := func(_ context.Context, t *Turn, form string, _ A) ([]Option, error) {
		all := make([]Option, len(options))
		for i, o := range options {
			all[i] = Option{Key: string(o), Label: t.T(form + "." + name + "." + string(o))}
		}
		return all, nil
	}
	return pick[A, V]{name: name, in: in, keys: options, options: labelled}
}

// PickFrom asks for one of options that depend on the turn or on the answers so far.
func PickFrom[A any, V ~string](name string, in func(*A) *V,
	options func(ctx context.Context, t *Turn, a A) ([]Option, error),
) Step[A] {
	return pick[A, V]{name: name, in: in, options: func(ctx context.Context, t *Turn, _ string, a A) ([]Option, error) {
		return options(ctx, t, a)
	}}
}

func (p pick[A, V]) Name() string        { return p.name }
func (p pick[A, V]) Optional() bool      { return false }
func (p pick[A, V]) Applies(*A) bool     { return true }
func (p pick[A, V]) Wants(in Input) bool { return in.Choice != "" || in.Text != "" }
func (p pick[A, V]) Clear(a *A)          { *p.in(a) = "" }

func (p pick[A, V]) Keys(form string) []string {
	keys := []string{form + "." + p.name + ".ask"}
	for _, k := range p.keys {
		keys = append(keys, form+"."+p.name+"."+string(k))
	}
	return keys
}

func (p pick[A, V]) Ask(ctx context.Context, t *Turn, form string, a A) (Message, error) {
	options, err := p.options(ctx, t, form, a)
	if err != nil {
		return Message{}, err
	}
	choices := make([]Choice, len(options))
	for i, o := range options {
		choices[i] = Choice{Key: o.Key, Label: o.Label}
	}
	return Message{Text: t.T(form + "." + p.name + ".ask"), Rows: rows(choices)}, nil
}

func (p pick[A, V]) Take(ctx context.Context, t *Turn, in Input, a *A) error {
	options, err := p.options(ctx, t, t.sessionForm(), *a)
	if err != nil {
		return err
	}
	o, ok := choose(options, in)
	if !ok {
		o, ok = t.chooseYesNo(options, in)
	}
	if !ok {
		return Refuse("form.pick")
	}
	*p.in(a) = V(o.Key)
	return nil
}

// choose finds the option that was pressed, typed in full, typed in part so that only one fits, or counted from 1.
func choose(options []Option, in Input) (Option, bool) {
	for _, o := range options {
		if in.Choice != "" && o.Key == in.Choice {
			return o, true
		}
	}
	if in.Text == "" {
		return Option{}, false
	}
	if n, err := strconv.Atoi(strings.TrimSpace(in.Text)); err == nil && n >= 1 && n <= len(options) {
		return options[n-1], true
	}
	return chooseWords(options, plainWords(in.Text))
}

func chooseWords(options []Option, typed string) (Option, bool) {
	var found []Option
	for _, o := range options {
		label := plainWords(o.Label)
		if typed == label || typed == o.Key {
			return o, true
		}
		if typed != "" && strings.HasPrefix(label, typed) {
			found = append(found, o)
		}
	}
	if len(found) == 1 {
		return found[0], true
	}
	return Option{}, false
}
