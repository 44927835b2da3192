package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// withdrawn takes back the answer that a reaction gave, if it is the last answer of the open form and nothing else was
// answered meanwhile. A deed stays done.
func (e *Engine) withdrawn(ctx context.Context, t *Turn, w Withdrawn) error {
	r, err := t.Tx.Rendering(ctx, "", t.Chat.ID, w.On)
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	key, ok := offered(r.Keys, w.Key)
	kind, rest, _ := strings.Cut(r.About, "/")
	if !ok || kind != "form" {
		return nil
	}
	s, err := t.Session(ctx)
	form, step, _ := strings.Cut(rest, "/")
	if err != nil || s == nil || s.Form != form {
		return err
	}
	return e.flows[form].withdraw(ctx, t, s, Answer{Step: step, Key: key})
}

// Answer is a choice that was made at a step of a form.
type Answer struct{ Step, Key string }

// withdraw takes back the last answer, if it is still the one that a gives.
func (f Form[A]) withdraw(ctx context.Context, t *Turn, s *Session, a Answer) error {
	fill, err := f.load(s)
	if err != nil {
		return err
	}
	step := fill.step(a.Step)
	n := len(s.Answered)
	if step == nil || n == 0 || s.Answered[n-1] != a.Step || slices.Contains(s.Answered, s.Asked) {
		return nil
	}
	same, err := fill.gives(ctx, t, step, a.Key)
	if err != nil || !same {
		return err
	}
	return fill.back(ctx, t)
}

// gives reports whether a choice at a step would give the answers as they stand.
func (f *filling[A]) gives(ctx context.Context, t *Turn, step Step[A], key string) (bool, error) {
	before, err := json.Marshal(f.answers)
	if err != nil {
		return false, fmt.Errorf("form %s: answers: %w", f.form.Name, err)
	}
	var anew A
	if err := json.Unmarshal(before, &anew); err != nil {
		return false, fmt.Errorf("form %s: answers: %w", f.form.Name, err)
	}
	step.Clear(&anew)
	err = step.Take(ctx, t, Input{Choice: key}, &anew)
	if _, refused := asRefusal(err); refused {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	after, err := json.Marshal(anew)
	return string(after) == string(before), err
}

// wayAt is the way out that is shown at a number from 1, after the question's options; empty when there is none, or the
// question has no options and takes words.
func (f Form[A]) wayAt(ctx context.Context, t *Turn, s *Session, n int) (string, error) {
	fill, err := f.view(s)
	if err != nil {
		return "", err
	}
	step := fill.step(s.Asked)
	if step == nil {
		return "", nil
	}
	m, err := step.Ask(ctx, t, f.Name, fill.answers)
	if err != nil {
		return "", err
	}
	options := len(m.Choices())
	m.Rows = append(m.Rows, fill.ways(t, step)...)
	if all := m.Choices(); options > 0 && n > options && n <= len(all) {
		return all[n-1].Key, nil
	}
	return "", nil
}
