package bot

import "context"

// erased lets features erase what they took from a message that its author took back. It is asked of the person's own
// private chat only: what people say in rooms is not kept.
func (e *Engine) erased(ctx context.Context, t *Turn, on MessageRef) error {
	if t.Chat.Ref.Kind != Private || t.Actor.Guest() && t.From.ID == "" {
		return nil
	}
	return e.each(func(f Feature) error {
		if f.Erased == nil {
			return nil
		}
		return f.Erased(ctx, t, on)
	})
}

// heard tells the form with which message an answer came.
func (f *filling[A]) heard(t *Turn, in Input, steps ...string) {
	if f.form.Heard == nil || t.message == "" || in.Choice != "" {
		return
	}
	f.form.Heard(&f.answers, steps, t.message)
}
