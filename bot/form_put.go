package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/buurtbot/buurtbot/bot/civic"
)

// put asks the session's question, or tells why the answer was not taken.
func (f *filling[A]) put(ctx context.Context, t *Turn, why *Refusal) error {
	step := f.step(f.session.Asked)
	if step == nil {
		return f.next(ctx, t)
	}
	m, err := step.Ask(ctx, t, f.form.Name, f.answers)
	if err != nil {
		return fmt.Errorf("form %s: ask %s: %w", f.form.Name, step.Name(), err)
	}
	if why != nil {
		said := t.T(why.Key, why.Args...)
		if why.above {
			said += "\n\n" + m.Text
		}
		m.Text = said
		if why.rows != nil {
			m.Rows = why.rows
		}
	}
	if word := askedFor(m); word != "" && (why == nil || why.Key != wordText) {
		m.Text += "\n\n" + t.T(wordText, "word", word)
	}
	m.Rows = append(m.Rows, f.ways(t, step)...)
	m.About = aboutStep(f.form.Name, step.Name())
	if m.For, err = f.readers(ctx, t); err != nil {
		return err
	}
	if err := f.save(ctx, t); err != nil {
		return err
	}
	l := Letter{Chat: f.session.Chat, Lane: LaneAnswer, Message: m}
	if t.From.ID == "" {
		l.Lane = LaneRoutine // nobody waits for it now, so it is worth delivering late
	}
	if first(step) && why == nil {
		l.Lane, l.First = LaneUrgent, true
	}
	return t.Mail(ctx, l)
}

// readers are those of a form that takes a role: the person's role is over when they may not go on with it any more.
func (f *filling[A]) readers(ctx context.Context, t *Turn) (*Readers, error) {
	roles := civic.Grants[f.form.Needs]
	if slices.Contains(roles, civic.Guest) || slices.Contains(roles, civic.Resident) {
		return nil, nil
	}
	scope, err := f.scope(ctx, t)
	if _, refused := asRefusal(err); refused || errors.Is(err, ErrNotFound) { // it is gone, which they hear when they are done
		return nil, nil
	}
	if err != nil || !t.May(f.form.Needs, scope) {
		return nil, err
	}
	return For(f.form.Needs, scope), nil
}

// ways are the buttons that every question has: back, skip where one may, and stop where no answer says so.
func (f *filling[A]) ways(t *Turn, step Step[A]) [][]Choice {
	var row []Choice
	if len(f.session.Answered) > 0 {
		row = append(row, Choice{Key: choiceBack, Label: t.T("form.back")})
	}
	if step.Optional() {
		row = append(row, Choice{Key: choiceSkip, Label: t.T("form.skip")})
	}
	if !ends(step) {
		row = append(row, Choice{Key: choiceCancel, Label: t.T("form.cancel")})
	}
	if len(row) == 0 {
		return nil
	}
	return [][]Choice{row}
}

// back returns to the question before; while an answered question is being changed it keeps the old answer.
func (f *filling[A]) back(ctx context.Context, t *Turn) error {
	if slices.Contains(f.session.Answered, f.session.Asked) {
		return f.next(ctx, t)
	}
	if n := len(f.session.Answered); n > 0 {
		f.session.Asked = f.session.Answered[n-1]
		f.session.Answered = f.session.Answered[:n-1]
	}
	return f.put(ctx, t, nil)
}

func (f *filling[A]) skip(ctx context.Context, t *Turn) error {
	step := f.step(f.session.Asked)
	if step == nil || !step.Optional() {
		return f.put(ctx, t, nil)
	}
	step.Clear(&f.answers)
	f.answered(step.Name())
	return f.next(ctx, t)
}

func (f *filling[A]) answered(step string) {
	if !slices.Contains(f.session.Answered, step) {
		f.session.Answered = append(f.session.Answered, step)
	}
}

func (f *filling[A]) step(name string) Step[A] {
	for _, s := range f.form.Steps {
		if s.Name() == name {
			return s
		}
	}
	return nil
}
