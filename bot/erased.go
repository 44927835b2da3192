package bot

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
)

// erased lets features erase what they took from a message that its author took back, and erases the answers that came
// with it to a form that is not done. It is asked of the person's own private chat only: what people say in rooms is not
// kept.
func (e *Engine) erased(ctx context.Context, t *Turn, on MessageRef) error {
	if t.Chat.Ref.Kind != Private || t.Actor.Guest() && t.From.ID == "" {
		return nil
	}
	err := e.each(func(f Feature) error {
		if f.Erased == nil {
			return nil
		}
		return f.Erased(ctx, t, on)
	})
	if err != nil {
		return err
	}
	open, err := t.Session(ctx)
	if err != nil {
		return err
	}
	parked, err := t.Tx.ParkedSession(ctx, t.Chat.ID, nobody)
	if err != nil {
		return err
	}
	for _, s := range []*Session{open, parked} {
		if s == nil || e.flows[s.Form] == nil {
			continue
		}
		if err := e.flows[s.Form].erase(ctx, t, s, on); err != nil {
			return err
		}
	}
	return nil
}

// heard notes with which message an answer came, and tells the form.
func (f *filling[A]) heard(t *Turn, in Input, steps ...string) {
	if t.message == "" || in.Choice != "" {
		return
	}
	if len(steps) > 0 || in.Words() != "" || in.Args != "" || in.Media != nil || in.Point != nil {
		f.told = f.told.with(t.message, steps)
	}
	if f.form.Heard != nil {
		f.form.Heard(&f.answers, steps, t.message)
	}
}

// told are the messages that the answers of a form came with, on networks where a message can be taken back.
type told []saying

// saying is one message; without steps it is the one that opened the form.
type saying struct {
	Message MessageRef `json:"message"`
	Steps   []string   `json:"steps,omitempty"`
}

// with adds a message. What answers a question anew takes the place of what did before.
func (l told) with(on MessageRef, steps []string) told {
	const most = 100
	var kept told
	for _, s := range l {
		rest := slices.DeleteFunc(slices.Clone(s.Steps), func(step string) bool { return slices.Contains(steps, step) })
		if len(rest) > 0 || len(s.Steps) == 0 {
			kept = append(kept, saying{s.Message, rest})
		}
	}
	kept = append(kept, saying{on, steps})
	return kept[max(0, len(kept)-most):]
}

// pack puts what the answers came with beside them, under a name that no answer has.
func (l told) pack(answers []byte) ([]byte, error) {
	if len(l) == 0 {
		return answers, nil
	}
	raw, err := json.Marshal(l)
	if err != nil {
		return nil, fmt.Errorf("told: %w", err)
	}
	packed := append(bytes.TrimSuffix(answers, []byte("}")), `,"_told":`...)
	if string(answers) == "{}" {
		packed = []byte(`{"_told":`)
	}
	return append(append(packed, raw...), '}'), nil
}

// unpack reads what stored answers came with.
func unpack(answers []byte) (told, error) {
	var all struct {
		Told told `json:"_told"`
	}
	err := json.Unmarshal(answers, &all)
	return all.Told, err
}

// erase forgets the answers that came with a message, and asks for them anew. Without the words that opened it a form
// ends, and so does one that has nothing left to ask: taking words back must never send anything.
func (f Form[A]) erase(ctx context.Context, t *Turn, s *Session, on MessageRef) error {
	fill, err := f.load(s)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(fill.told, func(said saying) bool { return said.Message == on })
	if i < 0 {
		return nil
	}
	steps := fill.told[i].Steps
	fill.told = slices.Delete(fill.told, i, i+1)
	if taken, err := fill.unheard(ctx, t, on); taken || err != nil {
		return err
	}
	for _, name := range steps {
		if step := fill.step(name); step != nil {
			step.Clear(&fill.answers)
		}
	}
	s.Answered = slices.DeleteFunc(s.Answered, func(name string) bool { return slices.Contains(steps, name) })
	fill.drop()
	switch open := fill.open(); {
	case len(steps) == 0 || open == "":
		return fill.abandon(ctx, t)
	case s.Parked:
		if err := fill.store(ctx, t); err != nil {
			return err
		}
		return t.Say(ctx, "erased.answer")
	}
	if err := t.Say(ctx, "erased.answer"); err != nil {
		return err
	}
	return fill.next(ctx, t)
}

// unheard takes out what is less than an answer, and goes on with the rest.
func (f *filling[A]) unheard(ctx context.Context, t *Turn, on MessageRef) (bool, error) {
	if f.form.Unheard == nil {
		return false, nil
	}
	files, taken := f.form.Unheard(&f.answers, on)
	if !taken {
		return false, nil
	}
	for _, id := range files {
		if err := t.Tx.DropPhoto(ctx, id); err != nil && !errors.Is(err, ErrNotFound) {
			return true, err
		}
	}
	if err := f.store(ctx, t); err != nil {
		return true, err
	}
	if err := t.Say(ctx, "erased.file"); err != nil || f.session.Parked {
		return true, err
	}
	return true, f.next(ctx, t)
}

// abandon ends a form, whatever was answered.
func (f *filling[A]) abandon(ctx context.Context, t *Turn) error {
	end := t.EndSession
	if f.session.Parked {
		end = func(ctx context.Context) error { return t.Tx.EndParked(ctx, f.session.Chat, nobody) }
	}
	if err := end(ctx); err != nil {
		return err
	}
	return t.Say(ctx, "erased.form")
}

// store stores the answers.
func (f *filling[A]) store(ctx context.Context, t *Turn) error {
	raw, err := json.Marshal(f.answers)
	if err == nil {
		f.session.Answers, err = f.told.pack(raw)
	}
	if err != nil {
		return fmt.Errorf("form %s: answers: %w", f.form.Name, err)
	}
	return t.Tx.SaveSession(ctx, f.session)
}
